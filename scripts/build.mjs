/**
 * Bundles src/ into dist/: what `npm install` in a clone and `npm pack` run (prepare), so that nothing is compiled at start. With --types also
 * the declarations of the public API. `--into FOLDER` builds there instead.
 */
import { copyFileSync, cpSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { bundleParser, bundleProgram, parserWasm, readByOthers, root } from './bundle.mjs'
import { licensesOf } from './licenses.mjs'
import { writeTypes } from './types.mjs'

const { values } = parseArgs({ options: { types: { type: 'boolean' }, into: { type: 'string' } } })
const target = resolve(values.into ?? join(root, 'dist'))
// Built beside and swapped in, so that a build that fails leaves the last good one.
const fresh = `${target}.${process.pid}`
process.on('exit', () => rmSync(fresh, { recursive: true, force: true }))

const entryPoints = {
  skein: 'src/cli/main.ts',
  migrate: 'src/doors/migrate.ts',
  migrator: 'src/doors/stamped/main.ts',
  index: 'src/index.ts',
}
const program = await bundleProgram({ entryPoints, outdir: fresh, splitting: true }, { parser: './libpg-query.cjs' })
const parser = await bundleParser(join(fresh, 'libpg-query.cjs'))
writeFileSync(join(fresh, 'third-party-licenses.txt'), licensesOf([program, parser]))
copyFileSync(parserWasm, join(fresh, 'libpg-query.wasm'))
for (const [name, from] of Object.entries(readByOthers)) cpSync(from, join(fresh, name), { recursive: true })
// One copy of the library, whoever loads it: an error that a CommonJS module catches is an instance of the class that an ES module has.
writeFileSync(join(fresh, 'index.cjs'), "module.exports = require('./index.js')\n")
if (values.types) writeTypes(join(fresh, 'types'))

rmSync(target, { recursive: true, force: true })
renameSync(fresh, target)
