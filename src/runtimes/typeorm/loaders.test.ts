import { describe, expect, test } from 'vitest'
import { failureIn, makeService, type TypeormLine } from './service.fixture.ts'

const A = 'Things1700000000001'
const lines: TypeormLine[] = ['typeorm-0.3', 'typeorm-1']

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

describe.each(lines)('%s', (typeorm) => {
  describe.each([false, true])('ES modules: %s', (isModule) => {
    test.each(['oxc', 'tsx', 'ts-node'])('%s', async (loader) => {
      const good = await makeService({ typeorm, isModule, options: { loader }, files: files('', isModule) })
      const child = await good.start()
      expect((await child.facts()).migrations).toMatchObject([{ version: A, file: `${good.folder}/src/migrations/1.ts` }])
      expect(await child.run(good.step(A))).toMatchObject({ ok: true, atomic: true })
      expect(await good.rows()).toEqual([[1, '1700000000001', A]])
      expect(await child.run(good.step(A, { direction: 'down' }))).toMatchObject({ ok: true })

      const bad = await makeService({ typeorm, isModule, options: { loader }, files: files(`throw new Error('here')`, isModule) })
      const place = { file: 'app/src/migrations/1.ts', line: 17 }
      expect(failureIn(await (await bad.start()).run(bad.step(A)))).toMatchObject({ stage: 'migrate', message: 'here', place })

      const broken = await makeService({ typeorm, isModule, options: { loader }, files: files('const x = = 3', isModule) })
      await expect((await broken.start()).facts()).rejects.toMatchObject({
        code: 'RUNTIME-INVALID',
        details: { place: { ...place, column: 15 } },
      })
    })
  })
})

test('found by itself: a loader of the service for TypeScript, none for JavaScript', async () => {
  const service = await makeService({ files: files('', false) })
  expect(await (await service.start()).run(service.step(A))).toMatchObject({ ok: true })
  const none = await makeService({ files: files('', false), options: { loader: 'none' } })
  await expect((await none.start()).facts()).rejects.toMatchObject({ code: 'RUNTIME-INVALID' })
})
