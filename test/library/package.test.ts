/** The package as a program has it: installed from its files, imported by ES modules and required by CommonJS, with its types. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { freshDatabase, temporaryFolder } from '../server.ts'

const root = join(import.meta.dirname, '..', '..')

/** A project that has the package in its node_modules, as `npm install` of a packed one would put it there. */
function project(): string {
  const folder = temporaryFolder()
  const installed = join(folder, 'node_modules', 'skein-migrate')
  mkdirSync(dirname(installed), { recursive: true })
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root, encoding: 'utf8' })
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder])
  cpSync(join(folder, 'package'), installed, { recursive: true })
  // Its dependencies are those of this checkout.
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'), 'dir')
  mkdirSync(join(folder, 'migrations'))
  writeFileSync(join(folder, 'migrations', '001_one.up.sql'), 'create table one (n int)')
  writeFileSync(join(folder, 'migrations', '001_one.down.sql'), 'drop table one')
  return folder
}

const program = (head: string, url: string) => `${head}
async function main() {
  const m = new MigrationEngine({ path: './migrations', tool: 'numbered', database: ${JSON.stringify(url)} })
  const first = succeeded(await m.up())
  const second = await m.up()
  console.log(JSON.stringify([first.steps.length, second.steps.length, (await m.getStatus()).currentVersion]))
}
main()
`

test('imported and required: both run migrations, print nothing of their own and end by themselves', async () => {
  const folder = project()
  const [one, two] = [await freshDatabase(), await freshDatabase()]
  writeFileSync(join(folder, 'esm.mjs'), program("import { MigrationEngine, succeeded } from 'skein-migrate'", one.url))
  writeFileSync(join(folder, 'cjs.cjs'), program("const { MigrationEngine, succeeded } = require('skein-migrate')", two.url))
  for (const file of ['esm.mjs', 'cjs.cjs']) {
    const said = execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    expect(said, file).toBe('[1,0,"1"]\n')
  }
})

test('its types are those of its sources: a program with a slip does not compile', () => {
  const folder = project()
  const installed = join(folder, 'node_modules', 'skein-migrate')
  const tsc = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc')
  execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.types.json'), '--outDir', join(installed, 'dist', 'types')], {
    cwd: root,
  })
  symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'dir')
  const options = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: ['node'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['good.mts', 'good.cts'] }))
  const good = `import { MigrationEngine, openWorkspace, type Ran } from 'skein-migrate'
const engine = new MigrationEngine({ path: 'migrations' }).withConfig({ dryRun: true, useTransactions: true, migrationTimeout: '10m' })
export const result: Promise<Ran> = engine.up(1)
export const pending: Promise<number> = openWorkspace().then((skein) => skein.status()).then(({ services }) => services[0]?.pending ?? 0)
`
  for (const file of ['good.mts', 'good.cts']) writeFileSync(join(folder, file), good)
  execFileSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8' })
  writeFileSync(join(folder, 'good.mts'), good.replace('dryRun: true', 'dryrun: true'))
  expect(() => execFileSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })).toThrow()
})
