import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { tool } from '../../tools.ts'
import { failureIn, makeService } from './service.ts'

const A = 'Things1700000000001'

/** What real migrations and entities use: an interface imported by name, an enum, parameter properties, lines that compiling takes away. */
const files = (end: string, isModule: boolean) => ({
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...(isModule ? { module: 'nodenext', moduleResolution: 'nodenext' } : { module: 'commonjs' }),
      target: 'es2022',
      experimentalDecorators: true,
      strict: true,
      skipLibCheck: true,
    },
  }),
  'src/data-source.ts': `import 'reflect-metadata'
import { DataSource } from 'typeorm'

declare const process: { env: Record<string, string | undefined>; cwd(): string }

export const AppDataSource = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  migrations: [process.cwd() + '/src/migrations/*.ts'],
})
`,
  'src/migrations/1.ts': `import { MigrationInterface, QueryRunner } from 'typeorm'

interface Long {
  a: string
}

enum Color {
  Red = 1,
}

export class ${A} implements MigrationInterface {
  constructor(private readonly long: Long = { a: 'x' }) {}

  async up(queryRunner: QueryRunner): Promise<void> {
    const more: Long = this.long
    await queryRunner.query('create table things (id int default ' + Color.Red + ')')
    ${end}
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table things')
  }
}
`,
})

describe.each([
  { typeorm: 'typeorm-0.3', isModule: false },
  { typeorm: 'typeorm-1', isModule: true },
] as const)('$typeorm, ES modules: $isModule', ({ typeorm, isModule }) => {
  const make = async (loader: string, end: string) => {
    const service = await makeService({ typeorm, isModule, options: { loader }, files: files(end, isModule) })
    // Checking types takes ts-node seconds, and is not what is tested here.
    service.spec.env = { ...service.spec.env, TS_NODE_TRANSPILE_ONLY: 'true' }
    return service
  }

  test.each(['oxc', 'tsx', 'ts-node'])('%s', async (loader) => {
    const good = await make(loader, '')
    const child = await good.start()
    expect((await child.facts()).migrations).toMatchObject([{ version: A, file: `${good.folder}/src/migrations/1.ts` }])
    expect(await child.run(good.step(A))).toMatchObject({ ok: true, atomic: true })
    expect(await good.rows()).toEqual([[1, '1700000000001', A]])
    expect(await child.run(good.step(A, { direction: 'down' }))).toMatchObject({ ok: true })

    const bad = await make(loader, `throw new Error('here')`)
    const place = { file: 'app/src/migrations/1.ts', line: 17 }
    expect(failureIn(await (await bad.start()).run(bad.step(A)))).toMatchObject({ stage: 'migrate', message: 'here', place })

    const broken = await make(loader, 'const x = = 3')
    const details = { place: { ...place, column: 15 } }
    await expect((await broken.start()).facts()).rejects.toMatchObject({ code: 'RUNTIME-INVALID', details })
  })
})

test('ts-node checks types when it is not told otherwise', async () => {
  const service = await makeService({ options: { loader: 'ts-node' }, files: files('const n: number = "text"', false) })
  const details = { place: { file: 'app/src/migrations/1.ts', line: 17, column: 11 }, message: expect.stringContaining('TS2322') }
  await expect((await service.start()).facts()).rejects.toMatchObject({ code: 'RUNTIME-INVALID', details })
})

test.each(['typeorm-0.3', 'typeorm-1'] as const)('%s: ES modules in plain JavaScript need no loader', async (typeorm) => {
  const service = await makeService({
    typeorm,
    isModule: true,
    files: {
      'src/data-source.js': `import { DataSource } from 'typeorm'
export default new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['src/migrations/*.js'] })`,
      'src/migrations/1.js': `export class ${A} {\n  async up(q) {\n    await q.query('create table t ()')\n    throw new Error('here')\n  }\n}`,
    },
  })
  const child = await service.start()
  expect((await child.facts()).migrations).toEqual([{ version: A, file: `${service.folder}/src/migrations/1.js` }])
  expect(failureIn(await child.run(service.step(A)))).toMatchObject({ place: { file: 'app/src/migrations/1.js', line: 4, column: 11 } })
})

test('a compiled migration leads to its source', async () => {
  const source = files('await queryRunner.query("select broken")', false)['src/migrations/1.ts']
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs', sourcemap: 'inline', sourcefile: '../../src/migrations/1.ts' })
  const service = await makeService({
    files: { 'src/migrations/1.ts': source, 'dist/migrations/1.js': code },
    datasource: `migrations: ['dist/migrations/*.js']`,
    options: { loader: 'none' },
  })
  symlinkSync(service.root, `${service.root}-link`)
  Object.assign(service.spec, { root: `${service.root}-link`, folders: [`${service.root}-link/app/src/migrations`] })
  const child = await service.start()
  expect((await child.facts()).migrations).toEqual([{ version: A, file: `${service.root}-link/app/dist/migrations/1.js` }])
  expect(failureIn(await child.run(service.step(A)))).toMatchObject({ place: { file: 'app/src/migrations/1.ts', line: 17 } })
})

test('found by itself: a loader of the service for TypeScript, none for JavaScript', async () => {
  const service = await makeService({ files: files('', false) })
  expect(await (await service.start()).run(service.step(A))).toMatchObject({ ok: true })
  const none = await makeService({ files: files('', false), options: { loader: 'none' } })
  await expect((await none.start()).facts()).rejects.toMatchObject({ code: 'RUNTIME-INVALID' })
  rmSync(join(none.folder, 'node_modules'))
  mkdirSync(join(none.folder, 'node_modules'))
  symlinkSync(join(tool('typeorm-0.3'), 'node_modules', 'typeorm'), join(none.folder, 'node_modules', 'typeorm'))
  none.spec.options = {}
  const details = {
    message: expect.stringContaining('none of @oxc-node/core, ts-node and tsx is installed'),
    hint: 'cd app && npm install --save-dev @oxc-node/core',
  }
  await expect(none.start()).rejects.toMatchObject({ code: 'RUNTIME-MISSING', details })
  none.spec.options = { loader: 'tsx' }
  await expect(none.start()).rejects.toMatchObject({ code: 'RUNTIME-MISSING', details: { hint: 'cd app && npm install tsx' } })
})
