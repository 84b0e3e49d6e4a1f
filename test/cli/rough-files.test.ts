import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { folderOf, shopFiles, skein, sql, stateOf, writeFiles } from './kit.ts'

const workspace = 'services: { shop: { path: migrations } }\n'
const shop = { ...shopFiles(), 'skein.yaml': workspace }
const third = (text: string) => ({
  'migrations/000003_rough.up.sql': text,
  'migrations/000004_after.up.sql': 'create table after_it (id int);\n',
})
const history = 'select version::text, dirty from public.schema_migrations'

/** A file that tampers with the session or with what is recorded, between two good ones and one more. */
describe.concurrent('files that go beyond their tables', () => {
  it.each<[string, string]>([
    ['DISCARD ALL alone', 'DISCARD ALL;\n'],
    ['RESET ALL', 'RESET ALL;\ncreate table rough (id int);\n'],
    ['SET search_path', 'create schema elsewhere;\nset search_path = elsewhere;\ncreate table rough (id int);\n'],
    ['COMMIT in the middle', 'begin;\ncreate table rough (id int);\ncommit;\ncreate table rough2 (id int);\n'],
    ['letting all locks go', 'select pg_advisory_unlock_all();\n'],
  ])('%s: both it and what comes after it are applied and recorded', async (_name, text) => {
    const { url } = await freshDatabase()
    const folder = folderOf({ ...shop, ...third(text) })
    const ran = await skein(folder, ['up'], { env: { DATABASE_URL: url } })
    expect({ code: ran.code, said: ran.stderr }).toEqual({ code: 0, said: ran.stderr })
    expect(await sql(url, history)).toEqual([{ version: '4', dirty: false }])
    // In whatever schema: a search_path that a file sets stays for the files after it, as with its own tool.
    expect(await sql(url, "select relname from pg_class where relname = 'after_it'")).toEqual([{ relname: 'after_it' }])
    expect(await sql(url, 'select version from skein.applied order by seq')).toEqual(['1', '2', '3', '4'].map((version) => ({ version })))
  })

  it.each<[string, string]>([
    ['drops the ledger', 'drop schema skein cascade;\n'],
    ['drops its tool’s table', 'drop table public.schema_migrations;\n'],
  ])('%s: refused or undone, with a way on, and everything is as it was', async (_name, text) => {
    const { url } = await freshDatabase()
    const env = { DATABASE_URL: url }
    const folder = folderOf(shop)
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code: 0 })
    const before = await stateOf(url)
    writeFiles(folder, third(text))
    const ran = await skein(folder, ['up'], { env })
    expect([1, 2, 7]).toContain(ran.code)
    expect(ran.stderr).toMatch(/^[A-Z-]+: [^]*next: /m)
    expect(ran.stderr).toContain('migrations/000003_rough.up.sql')
    expect(await stateOf(url)).toEqual(before)
  })

  it('SET ROLE: it is recorded by the user who runs it, and the next file, which may do nothing, fails as with its own tool', async () => {
    const { url } = await freshDatabase()
    const folder = folderOf({ ...shop, ...third('create table rough (id int);\nset role pg_monitor;\n') })
    const ran = await skein(folder, ['up'], { env: { DATABASE_URL: url } })
    expect(ran).toMatchObject({ code: 4, stderr: expect.stringMatching(/^PERMISSION-DENIED: [^]*000004_after\.up\.sql[^]*next: /m) })
    expect(await sql(url, history)).toEqual([{ version: '3', dirty: false }])
    expect(await sql(url, 'select version from skein.applied order by seq')).toHaveLength(3)
  })

  it('a file of 10 MB', async () => {
    const { url } = await freshDatabase()
    const line = `insert into big values (1, '${'x'.repeat(1_000)}');\n`
    const folder = folderOf({ ...shop, ...third(`create table big (id int, text text);\n${line.repeat(10_000)}`) })
    const ran = await skein(folder, ['up'], { env: { DATABASE_URL: url } })
    expect({ code: ran.code, said: ran.stderr }).toEqual({ code: 0, said: ran.stderr })
    expect(await sql(url, 'select count(*)::int as rows from big')).toEqual([{ rows: 10_000 }])
  })
})

describe.concurrent('what was applied and is not there any more', () => {
  it('a file that was deleted: verify exits 7, up goes on, down still knows the way', async () => {
    const { url } = await freshDatabase()
    const env = { DATABASE_URL: url }
    const folder = folderOf(shop)
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code: 0 })
    rmSync(join(folder, 'migrations/000002_add_price.up.sql'))
    rmSync(join(folder, 'migrations/000002_add_price.down.sql'))
    const verified = await skein(folder, ['verify'], { env })
    expect(verified).toMatchObject({ code: 7, stdout: expect.stringMatching(/✗ shop .*2.*: applied, and its file is gone/) })
    const status = await skein(folder, ['status', '--json'], { env })
    expect(JSON.parse(status.stdout)).toMatchObject({ services: [{ state: 'ahead', ahead: 1 }] })
    expect(await skein(folder, ['status', '--check'], { env })).toMatchObject({ code: 7 })
    const back = await skein(folder, ['down', '--yes'], { env })
    expect({ code: back.code, said: back.stderr }).toEqual({ code: 0, said: expect.stringMatching(/down shop 2/) })
    expect(await sql(url, history)).toEqual([{ version: '1', dirty: false }])
  })

  it('a file that says something else: verify shows the difference, up refuses', async () => {
    const { url } = await freshDatabase()
    const env = { DATABASE_URL: url }
    const folder = folderOf(shop)
    expect(await skein(folder, ['up', '1'], { env })).toMatchObject({ code: 0 })
    writeFileSync(
      join(folder, 'migrations/000001_create_items.up.sql'),
      'create table items (id bigint primary key, title text not null);\n',
    )
    const before = await stateOf(url)
    const verified = await skein(folder, ['verify'], { env })
    expect(verified.code).toBe(7)
    expect(verified.stdout).toMatch(/-create table items .* name text[^]*\+create table items .* title text/)
    expect(await skein(folder, ['up'], { env })).toMatchObject({
      code: 7,
      stdout: '',
      stderr: expect.stringMatching(/^CHANGED: [^]*next: /),
    })
    expect(await stateOf(url)).toEqual(before)
  })
})

describe.concurrent('history tables that are not ours to write', () => {
  it('two tools that say schema_migrations: refused with the line to add', async () => {
    const { url } = await freshDatabase()
    const folder = folderOf({
      ...shopFiles(),
      'roles/20240101120000_a1b2c3d4_create_roles.up.sql': 'create table roles (id int);\n',
      'skein.yaml': 'services:\n  shop: { path: migrations }\n  auth: { path: roles, tool: stamped }\n',
    })
    const ran = await skein(folder, ['up'], { env: { DATABASE_URL: url } })
    expect(ran).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^TABLE-CLASH: [^]*schema_migrations[^]*next: [^]*table: \S+/),
    })
    expect(await stateOf(url)).toEqual([])
  })

  it('a table of that name with other columns: TABLE-FOREIGN, and it is untouched', async () => {
    const { url } = await freshDatabase()
    await sql(url, 'create table schema_migrations (id serial, filename text); insert into schema_migrations (filename) values (1)')
    const before = await stateOf(url)
    const ran = await skein(folderOf(shop), ['up'], { env: { DATABASE_URL: url } })
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^TABLE-FOREIGN: .*schema_migrations[^]*next: /) })
    expect(await stateOf(url)).toEqual(before)
  })
})
