/**
 * Writes the declarations of the public API: those files that src/index.ts leads to, once for ES modules (`.d.ts`) and once for CommonJS (`.d.cts`),
 * because TypeScript tells by its name which of the two a file is. `node scripts/types.mjs FOLDER`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { root } from './bundle.mjs'

const specifier = /(\bfrom |\bimport\()(['"])(\.{1,2}\/[^'"]+)\.ts\2/g

export function writeTypes(folder) {
  const all = mkdtempSync(join(tmpdir(), 'skein-types-'))
  const tsc = ['node_modules/typescript-native/bin/tsc', '-p', 'tsconfig.types.json', '--outDir', all]
  const ran = spawnSync(process.execPath, tsc, { cwd: root, stdio: 'inherit' })
  if (ran.status !== 0) throw new Error(`tsc ended with ${ran.status ?? ran.signal}`)
  for (const file of reachable(join(all, 'index.d.ts'))) {
    const text = readFileSync(file, 'utf8')
    const to = join(folder, relative(all, file))
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, text.replace(specifier, '$1$2$3.js$2'))
    writeFileSync(to.replace(/\.d\.ts$/, '.d.cts'), text.replace(specifier, '$1$2$3.cjs$2'))
  }
  rmSync(all, { recursive: true })
}

/** A file and all that it imports, however far. */
function reachable(file, seen = new Set()) {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, , , path] of readFileSync(file, 'utf8').matchAll(specifier)) reachable(join(dirname(file), `${path}.d.ts`), seen)
  return seen
}

if (import.meta.filename === process.argv[1]) writeTypes(process.argv[2])
