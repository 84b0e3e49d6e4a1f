/** Several histories in one database: of several tools, in several schemas; tables that two tools call the same. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { folderOf, sql, writeFiles } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import { command } from './command.ts'
import { dbmate, diesel, golangMigrate, goose, migrateCommand, type Place, plain, type RealTool } from './real-tools.ts'

/** One table up and down, in the files of each tool. */
const golangFiles = (folder: string, table: string) => ({
  [`${folder}/1_${table}.up.sql`]: `create table ${table} (id int);\n`,
  [`${folder}/1_${table}.down.sql`]: `drop table ${table};\n`,
})
const annotated = (folder: string, table: string, mark: string) => ({
  [`${folder}/1_${table}.sql`]: `-- ${mark}p\ncreate table ${table} (id int);\n-- ${mark}down\ndrop table ${table};\n`.replace(
    `${mark}p`,
    `${mark}up`,
  ),
})
const gooseFiles = (folder: string, table: string) => annotated(folder, table, '+goose ')
const dbmateFiles = (folder: string, table: string) => annotated(folder, table, 'migrate:')
const dieselFiles = (folder: string, table: string) => ({
  [`${folder}/1_${table}/up.sql`]: `create table ${table} (id int);\n`,
  [`${folder}/1_${table}/down.sql`]: `drop table ${table};\n`,
})

async function workspace(files: Record<string, string>, yaml: string) {
  const root = folderOf({ 'skein.yaml': yaml, ...files })
  const { url } = await freshDatabase()
  return {
    root,
    url,
    place: (folder: string): Place => ({ folder: join(root, folder), service: join(root, folder), url }),
    async skein(code: number, ...words: string[]) {
      const ran = await inProcess(root, words, { env: { PATH: process.env.PATH, DATABASE_URL: url } })
      const said = `${ran.stdout}${ran.stderr}`
      expect({ words, code: ran.code, said }).toEqual({ words, code, said })
      return said
    },
    yaml: (text: string) => writeFiles(root, { 'skein.yaml': text }),
    rows: (text: string) => sql(url, text),
  }
}

it.concurrent('three tools in one database and schema: each says that its own is applied, and takes it back and up again', async () => {
  const w = await workspace(
    { ...golangFiles('a', 'ta'), ...gooseFiles('b', 'tb'), ...dieselFiles('c/migrations', 'tc'), 'c/diesel.toml': '' },
    'services:\n  a: { path: a }\n  b: { path: b, needs: [a] }\n  c: { path: c/migrations, tool: diesel }\n',
  )
  await w.skein(0, 'up')
  const all: [RealTool, string][] = [
    [golangMigrate(), 'a'],
    [goose, 'b'],
    [diesel, 'c/migrations'],
  ]
  for (const [tool, folder] of all) {
    const at = w.place(folder)
    expect(await tool.status(at), tool.name).toEqual({ applied: 1, pending: 0 })
    await tool.down(at, 1)
  }
  expect(await w.rows("select to_regclass('ta') as a, to_regclass('tb') as b, to_regclass('tc') as c")).toEqual([
    { a: null, b: null, c: null },
  ])
  await goose.up(w.place('b'))
  await w.skein(0, 'up')
  for (const [tool, folder] of all) expect(await tool.status(w.place(folder)), tool.name).toEqual({ applied: 1, pending: 0 })
  await w.skein(0, 'down', '--all', '--yes')
  for (const [tool, folder] of all) expect(await tool.status(w.place(folder)), tool.name).toEqual({ applied: 0, pending: 1 })
})

it.concurrent('schema_migrations is claimed by golang-migrate and by dbmate: told before anything runs, by the columns and not by the name', async () => {
  const w = await workspace({ ...golangFiles('a', 'ta'), ...dbmateFiles('b', 'tb') }, 'services:\n  a: { path: a }\n  b: { path: b }\n')
  expect(await w.skein(2, 'up')).toMatch(
    /^TABLE-CLASH: a and b would both write public.schema_migrations: golang-migrate and dbmate keep different columns/,
  )
  await dbmate.up(w.place('b'))
  // golang-migrate takes the table for its own, and stumbles.
  const theirs = await command(...migrateCommand(w.place('a'), ['up']), { cwd: w.root })
  expect(theirs).toMatchObject({ code: 1, said: expect.stringMatching(/column "dirty" does not exist/) })
  w.yaml('services:\n  a: { path: a }\n')
  const said = await w.skein(2, 'up')
  expect(said).toMatch(/^TABLE-FOREIGN: public.schema_migrations is not a table of golang-migrate: it lacks dirty/)
  w.yaml('services:\n  a: { path: a, table: a_schema_migrations }\n  b: { path: b }\n')
  await w.skein(0, 'up')
  expect(await golangMigrate('a_schema_migrations').status(w.place('a'))).toEqual({ applied: 1, pending: 0 })
  expect(await dbmate.status(w.place('b'))).toEqual({ applied: 1, pending: 0 })
})

it.concurrent('the other way round: the table is that of golang-migrate, and dbmate runs nothing of its own', async () => {
  const w = await workspace({ ...golangFiles('a', 'ta'), ...dbmateFiles('b', 'tb') }, 'services:\n  b: { path: b }\n')
  await golangMigrate().up(w.place('a'))
  // To dbmate the 1 of golang-migrate is its own 1.
  expect(await dbmate.status(w.place('b'))).toEqual({ applied: 1, pending: 0 })
  expect(await w.skein(2, 'up')).toMatch(
    /^TABLE-FOREIGN: public.schema_migrations is not a table of dbmate: it has the columns version, dirty, which is the table of golang-migrate/,
  )
})

it.concurrent('one service in a schema and one in the database: two tables of one name, two locks, and the real tool finds each', async () => {
  const w = await workspace(
    { ...golangFiles('a', 'same'), ...golangFiles('b', 'same') },
    'services:\n  a: { path: a }\n  b: { path: b, schema: billing }\n',
  )
  await w.rows('create schema billing')
  await w.skein(0, 'up')
  const inBilling = { ...w.place('b'), url: plain(w.url, { search_path: 'billing' }) }
  const migrate = (words: string[]) => {
    const database = `${plain(w.url, { search_path: 'billing' })}`
    const [program, args] = migrateCommand(w.place('b'), words)
    return command(program, ['-path', inBilling.folder, '-database', database, ...args.slice(4)], { cwd: w.root })
  }
  expect(await migrate(['version'])).toEqual({ code: 0, said: '1\n' })
  expect(await migrate(['up'])).toEqual({ code: 0, said: 'no change\n' })
  expect((await migrate(['down', '1'])).said).toMatch(/^1\/d same/)
  expect(await golangMigrate().status(w.place('a'))).toEqual({ applied: 1, pending: 0 })
  expect(await w.rows("select to_regclass('public.same')::text as there, to_regclass('billing.same') as gone")).toEqual([
    { there: 'same', gone: null },
  ])
  await w.skein(0, 'up')
  expect(await migrate(['version'])).toEqual({ code: 0, said: '1\n' })
  const [locks] = (await w.rows('select count(*)::int as tables from pg_tables where tablename = $$schema_migrations$$')) as [
    { tables: number },
  ]
  expect(locks.tables).toBe(2)
})
