import { describe, expect, it } from 'vitest'
import { typeormWorkspace } from '../code/services.ts'
import { freshDatabase, majors } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, skein as spawned, sql, writeFiles } from './kit.ts'

/** Two services in one schema; one of them has a schema of its own besides. */
const files = {
  'skein.yaml':
    'services:\n  shop: { path: shop, tool: golang-migrate, table: shop_migrations }\n' +
    '  auth: { path: auth, tool: golang-migrate, table: auth_migrations }\n',
  'shop/000001_items.up.sql':
    'create table items (id int primary key, name text);\ncreate schema stock;\ncreate table stock.moves (at date, n int) partition by range (at);\n' +
    "create table stock.moves_old partition of stock.moves for values from (minvalue) to ('2020-01-01');\n" +
    "create table stock.moves_new partition of stock.moves for values from ('2020-01-01') to (maxvalue);\n",
  'shop/000002_views.up.sql':
    'create view names as select name from items;\ncreate materialized view many as select count(*) from items with no data;\n' +
    "do $$ begin execute 'create table hidden (id int)'; end $$;\n",
  'auth/000001_users.up.sql': "create table users (id int);\ncomment on table users is 'who may | come in';\n",
}

async function platform(major?: number) {
  const database = await freshDatabase(major)
  const folder = folderOf(files)
  const env = { DATABASE_URL: database.url }
  const skein = (...args: string[]) => inProcess(folder, args, { env })
  expect(await skein('up', '--quiet')).toMatchObject({ code: 0 })
  await sql(
    database.url,
    "insert into items select n, n::text from generate_series(1, 3) n; insert into stock.moves values ('2001-01-01', 1), ('2021-01-01', 2); analyze items",
  )
  return { ...database, folder, skein }
}

/** A role that may read tables of public, and nothing of skein and stock. */
async function reader(url: string, name: string): Promise<string> {
  const role = `reader_${name}`
  await sql(
    url,
    `create role ${role} login password 'x'; grant usage on schema public to ${role}; grant select on all tables in schema public to ${role}`,
  )
  const changed = new URL(url)
  changed.username = role
  changed.password = 'x'
  return changed.href
}

interface Row {
  schema: string
  name: string
  kind: string
  holds: string
  service: string | null
  migration: string | null
  rows: number | null
}

describe.concurrent('skein tables', () => {
  it('tells which migration of which service made what, and leaves out what is not theirs', async () => {
    const { skein } = await platform()
    const { code, stdout } = await skein('tables')
    expect(code).toBe(0)
    expect(
      stdout
        .replace(/ +(\d+ kB|\d+ bytes)(?= )/g, ' SIZE')
        .replace(/, \d+ kB;/, ', SIZE;')
        .replace(/ {2,}/g, '  '),
    ).toBe(
      [
        'table  kind  rows  size  made by',
        'public.hidden  table  ? SIZE  no migration',
        'public.items  table  ~3 SIZE  shop 000001_items',
        'public.many  materialized view  ? SIZE  shop 000002_views',
        'public.names  view  shop 000002_views',
        'public.users  table  ? SIZE  auth 000001_users',
        'stock.moves  partitioned table  ? SIZE  shop 000001_items',
        'stock.moves_new  partition of stock.moves  ? SIZE  shop 000001_items',
        'stock.moves_old  partition of stock.moves  ? SIZE  shop 000001_items',
        '',
        '7 tables, 1 view, SIZE; rows are estimates, ? where the server never counted (ANALYZE does)',
        '',
      ].join('\n'),
    )
    const names = async (...args: string[]) =>
      (JSON.parse((await skein('tables', '--json', ...args)).stdout) as { tables: Row[] }).tables.map((one) => `${one.name} ${one.holds}`)
    expect(await names('auth')).toEqual(['hidden data', 'users data'])
    expect(await names('auth', '--all')).toEqual([
      'auth_migrations history',
      'hidden data',
      'users data',
      ...['applied', 'approval', 'audit', 'body', 'history', 'journal', 'meta', 'run'].map((name) => `${name} ledger`),
    ])
    const markdown = await skein('tables', 'auth', '--format', 'markdown')
    expect(markdown.stdout).toMatch(
      /^# Tables\n\n## [^\n]+\n\n\| table \| kind \| rows[^]*\| public\.users \| table .* \| who may \\\| come in \|\n$/,
    )
  })

  it('an applied migration that nobody can read any more is named, and what it made is not claimed', async () => {
    const { skein, url } = await platform()
    await sql(url, 'drop schema skein cascade; update auth_migrations set version = 2')
    const { code, stdout } = await skein('tables', 'auth')
    expect(code).toBe(0)
    expect(stdout).toMatch(/public\.hidden .* not known \(auth\?\)\n/)
    expect(stdout).toMatch(/\nauth: what 2 made is not known: code, or no SQL that can be read\n/)
  })

  it('what migrations in code made is said to be not known', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = typeormWorkspace({ up: ["await runner.query('create table made_by_code (id int)')"] })
    expect(await spawned(folder, ['up'], { env })).toMatchObject({ code: 0 })
    const { code, stdout } = await spawned(folder, ['tables'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/public\.made_by_code +table .* not known \(app\?\)\n\napp: what Step1\d+ made is not known: code/)
    expect(stdout).not.toMatch(/migrations +table/)
  })

  it('asks the oldest server in its own words', async () => {
    const { skein } = await platform(majors()[0])
    expect((await skein('tables', 'shop')).stdout).toMatch(
      /public\.hidden +table +\? [^]*public\.items +table +~3 [^]*stock\.moves +partitioned table +\? /,
    )
    expect(await skein('counts', 'shop')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^5 rows in 3 tables/m) })
    expect(await skein('schema', 'items')).toMatchObject({ code: 0, stdout: expect.stringMatching(/items_pkey {2}PRIMARY KEY \(id\)/) })
  })

  it('works without rights on the ledger, and before anything is applied', async () => {
    const { url, name, folder } = await platform()
    const read = await reader(url, name)
    const result = await inProcess(folder, ['tables'], { env: { DATABASE_URL: read } })
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/public\.items .* shop 000001_items/) })
    const empty = await freshDatabase()
    expect(await inProcess(folder, ['tables'], { env: { DATABASE_URL: empty.url } })).toMatchObject({ code: 0, stdout: 'no tables\n' })
  })

  it('a database that is not there, and a service that is not there, are errors with their code', async () => {
    const folder = folderOf(files)
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' }
    for (const verb of ['tables', 'counts', 'schema'])
      expect(await inProcess(folder, [verb], { env })).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^CONNECT-/) })
    expect(await inProcess(folder, ['tables', 'shopp'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/did you mean shop\?/),
    })
  })
})

describe.concurrent('skein counts', () => {
  it('counts exactly, a partitioned table once, and says what it could not', async () => {
    const { skein, url, name, folder } = await platform()
    expect((await skein('counts', 'shop')).stdout).toBe(
      [
        'public.hidden  0',
        'public.items   3',
        'public.many    ?  not filled',
        'stock.moves    2',
        '',
        '5 rows in 3 tables, 1 not known',
        '',
      ].join('\n'),
    )
    expect((await skein('counts', 'shop', '--all')).stdout).toMatch(/stock\.moves_new +1\n/)
    expect((await skein('counts', 'auth', '--format', 'markdown')).stdout).toMatch(/\| public\.users \| 0 \| auth \|/)
    await sql(url, 'alter table items enable row level security; create policy p on items using (id = 1)')
    const read = await inProcess(folder, ['counts', 'shop'], { env: { DATABASE_URL: await reader(url, name) } })
    expect(read.stdout).toMatch(/public\.items +1 +row security may hide more\n/)
    expect(read.stdout).toMatch(/stock\.moves +\? +not permitted\n/)
  })

  it('--estimate asks nobody but the catalogue', async () => {
    const { skein } = await platform()
    const { tables, exact } = JSON.parse((await skein('counts', 'shop', '--estimate', '--json')).stdout) as {
      tables: Row[]
      exact: boolean
    }
    expect(exact).toBe(false)
    expect(tables.find((one) => one.name === 'items')).toMatchObject({ rows: 3, why: null })
    expect(tables.find((one) => one.name === 'hidden')).toMatchObject({ rows: null, why: 'never analysed' })
  })

  it('a count that takes too long ends with what to do, and holds nothing', async () => {
    const { skein, url, folder } = await platform()
    writeFiles(folder, { 'auth/000002_slow.up.sql': 'create table slow as select n from generate_series(1, 3000000) n;\n' })
    expect(await skein('up', '--quiet')).toMatchObject({ code: 0 })
    expect(await skein('counts', 'auth', '--statement-timeout', '1ms')).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/^TIMEOUT: [^]*--estimate/),
    })
    expect((await sql(url, "select 1 from pg_locks where locktype = 'relation' and relation = 'slow'::regclass")).length).toBe(0)
  })
})
