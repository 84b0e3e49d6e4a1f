import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { examples, folderOf, sql } from './kit.ts'

const migration = `create schema s;
create table s.users (id int generated always as identity primary key, email text unique not null, tags text[], settings jsonb, born date);
create table s.profiles (user_id int primary key references s.users, bio text);
create table s.hen (id int primary key, egg int);
create table s.egg (id int primary key, hen int references s.hen);
alter table s.hen add foreign key (egg) references s.egg;
`
const base = {
  'skein.yaml': 'services: { users: { path: migrations, tool: golang-migrate } }\nenvironments: { development: {}, production: {} }\n',
  'migrations/000001_users.up.sql': migration,
  'migrations/000001_users.down.sql': 'drop schema s cascade;\n',
}

async function platform(files: Record<string, string | Buffer>) {
  const { url } = await freshDatabase()
  const folder = folderOf({ ...base, ...files })
  const env = { DATABASE_URL: url }
  const go = async (code: number, ...args: string[]) => {
    const ran = await inProcess(folder, args, { env })
    expect({ args, code: ran.code, said: ran.stdout + ran.stderr }).toEqual({ args, code, said: ran.stdout + ran.stderr })
    return ran
  }
  return { url, folder, env, go }
}

const users = 'id,email,tags,settings,born\n1,ada@x.example,"{a,""b c""}","{""a"": 1}",1990-01-02\n2,"ben, the ""2nd""",,,\n'

describe.concurrent('seed', () => {
  it('refuses before the migrations, then seeds by foreign keys, skips what is unchanged, and runs again after clean', async () => {
    const p = await platform({
      'seeds/001_s.profiles.yaml': '- { user_id: 1, bio: first }\n- user_id: 2\n  bio: null\n',
      'seeds/002_s.users.csv': users,
      'seeds/003_more.sql': "insert into s.users (email) values ('sql@x.example') on conflict do nothing;\n",
      'seeds/development/s.users.json': '[{ "email": "dev@x.example", "tags": ["x", null], "settings": [1.10, {"b": null}] }]',
    })
    expect((await p.go(9, 'seed')).stderr).toMatch(/^PENDING: users has 1 pending migration[^]*skein up users/)
    await p.go(0, 'up')
    const dry = JSON.parse((await p.go(0, 'seed', '--dry-run', '--json')).stdout)
    expect(dry.services[0].files[0]).toEqual({
      file: 'seeds/001_s.profiles.yaml',
      skipped: false,
      tables: [{ table: 's.profiles', rows: 2 }],
    })
    expect(await sql(p.url, 'select * from s.users')).toEqual([])
    await p.go(0, 'seed')
    expect(await sql(p.url, 'select id, email, tags, settings, born::text from s.users order by id')).toEqual([
      { id: 1, email: 'ada@x.example', tags: ['a', 'b c'], settings: { a: 1 }, born: '1990-01-02' },
      { id: 2, email: 'ben, the "2nd"', tags: null, settings: null, born: null },
      { id: 3, email: 'sql@x.example', tags: null, settings: null, born: null },
    ])
    expect((await p.go(0, 'seed')).stdout).toContain('nothing new to seed')
    expect((await p.go(0, 'seed', '--force')).stdout).toContain('3 files seeded')
    writeFileSync(join(p.folder, 'seeds/002_s.users.csv'), users.replace('1990', '1991'))
    expect((await p.go(0, 'seed')).stdout).toContain('1 file seeded')
    expect(await sql(p.url, 'select born::text from s.users where id = 1')).toEqual([{ born: '1991-01-02' }])
    expect((await p.go(0, 'seed', '--env', 'development')).stdout).toContain('1 file seeded')
    expect(await sql(p.url, "select tags, settings::text from s.users where email = 'dev@x.example'")).toEqual([
      { tags: ['x', null], settings: '[1.10, {"b": null}]' },
    ])
    expect((await p.go(0, 'clean', '--yes', '--env', 'development')).stdout).toMatch(/6 rows of 4 tables deleted/)
    expect((await p.go(0, 'seed', '--env', 'development')).stdout).toContain('4 files seeded')
    expect((await p.go(0, 'verify', '--env', 'development', '--json')).stdout).toContain('"brokenAudit": []')
  })

  it('is refused in production unless environments.json lists seeds, and runs only these', async () => {
    const p = await platform({ 'seeds/1_s.users.csv': 'email\na\n', 'seeds/2_s.users.csv': 'email\nb\n' })
    await p.go(0, 'up', '--env', 'production')
    expect((await p.go(4, 'seed', '--env', 'production')).stderr).toMatch(/^SEED-REFUSED: /)
    const allow = (json: string) => writeFileSync(join(p.folder, 'migrations/environments.json'), json)
    allow('{ "production": { "allow_test_data": false } }')
    expect((await p.go(4, 'seed', '--env', 'production')).stderr).toContain('environments.json:1')
    allow('{ "production": { "seeds": ["1_s.users.csv"] } }')
    await p.go(0, 'seed', '--env', 'production')
    expect(await sql(p.url, 'select email from s.users')).toEqual([{ email: 'a' }])
    expect((await p.go(7, 'seed')).stderr).toMatch(/^ENVIRONMENT-DIFFERS: /)
  })

  it('takes BOM and CRLF, tables by name, a key, a set', async () => {
    const p = await platform({
      'seeds/1_s.users.csv': '\ufeffemail,born\r\na@x,2000-01-01\r\n\r\nb@x,\r\n',
      'seeds/2_all.yaml':
        's.users:\n  key: email\n  rows:\n    - { email: b@x, settings: { n: 12345678901234567890 } }\ns.hen:\n  - id: 1\n',
      'seeds/demo/x.json': '{ "table": "s.hen", "rows": [{ "id": 2 }] }',
    })
    await p.go(0, 'up')
    await p.go(0, 'seed', '--set', 'demo')
    expect(await sql(p.url, 'select email, settings::text from s.users order by 1')).toEqual([
      { email: 'a@x', settings: null },
      { email: 'b@x', settings: '{"n": 12345678901234567890}' },
    ])
    expect(await sql(p.url, 'select id from s.hen order by 1')).toEqual([{ id: 1 }, { id: 2 }])
    expect((await p.go(2, 'seed', '--set', 'none')).stderr).toMatch(/^USAGE: users has no set of seeds none/)
  })
})

describe.concurrent('seeds: in skein.yaml', () => {
  it('names the folders; files that are called alike are two; environments and sets are below each; skein config shows them', async () => {
    const p = await platform({
      'skein.yaml':
        'services: { users: { path: migrations, tool: golang-migrate, seeds: [data/base, data/more] } }\nenvironments: { development: {} }\n',
      'data/base/1_s.users.csv': 'email\na@x\n',
      'data/base/development/s.hen.json': '[{ "id": 1 }]',
      'data/more/1_s.users.csv': 'email\nb@x\n',
      'data/more/demo/s.hen.csv': 'id\n2\n',
      'seeds/9_s.users.csv': 'email\nnever@x\n',
    })
    await p.go(0, 'up')
    const config = JSON.parse((await p.go(0, 'config', '--json')).stdout)
    expect(config.services[0].settings.seeds).toEqual({ value: ['data/base', 'data/more'], from: 'skein.yaml:1' })
    await p.go(0, 'seed', '--env', 'development', '--set', 'demo')
    expect(await sql(p.url, 'select email from s.users order by 1')).toEqual([{ email: 'a@x' }, { email: 'b@x' }])
    expect(await sql(p.url, 'select id from s.hen order by 1')).toEqual([{ id: 1 }, { id: 2 }])
    expect((await p.go(0, 'seed', '--env', 'development', '--set', 'demo')).stdout).toContain('nothing new to seed')
  })

  it('has to name folders that are there', async () => {
    const p = await platform({
      'skein.yaml': 'services: { users: { path: migrations, tool: golang-migrate, seeds: sedes } }\n',
      'seeds/x.sql': 'select 1',
    })
    expect((await p.go(2, 'status')).stderr).toMatch(/services\.users\.seeds: [^\n]*sedes[^\n]*did you mean seeds/)
  })
})

describe.concurrent('what seeds promise', () => {
  it('keys of several columns, the same rows again and again, hashes in the audit chain, a dry run that counts and writes nothing', async () => {
    const p = await platform({
      'migrations/000002_grid.up.sql': 'create table s.grid (x int, y int, z int, primary key (x, y));\n',
      'seeds/1_s.grid.csv': 'x,y,z\n1,1,1\n1,2,2\n',
      'seeds/2_s.hen.yaml': '[{ id: 1 }, { id: 2 }, { id: 3 }]\n',
    })
    await p.go(0, 'up')
    expect((await p.go(0, 'seed', '--dry-run')).stdout).toMatch(/2 files to seed[^]*s\.grid 2 rows[^]*s\.hen 3 rows/)
    expect(await sql(p.url, 'select (select count(*) from s.grid) + (select count(*) from s.hen) as n')).toEqual([{ n: '0' }])
    expect(await sql(p.url, "select 1 from skein.audit where what = 'seed'")).toEqual([])
    await p.go(0, 'seed')
    await p.go(0, 'seed', '--force')
    writeFileSync(join(p.folder, 'seeds/1_s.grid.csv'), 'x,y,z\n1,1,7\n2,2,2\n')
    await p.go(0, 'seed')
    expect(await sql(p.url, 'select x, y, z from s.grid order by x, y')).toEqual([
      { x: 1, y: 1, z: 7 },
      { x: 1, y: 2, z: 2 },
      { x: 2, y: 2, z: 2 },
    ])
    const runs = await sql<{ names: string }>(
      p.url,
      `select (select string_agg(k, ' ' order by k) from jsonb_object_keys(details -> 'seeded') k) as names from skein.audit where what = 'seed' order by seq`,
    )
    expect(runs.map((one) => one.names)).toEqual(['1_s.grid.csv 2_s.hen.yaml', '1_s.grid.csv 2_s.hen.yaml', '1_s.grid.csv'])
    expect(
      await sql(
        p.url,
        `select details -> 'seeded' ->> '2_s.hen.yaml' ~ '^[0-9a-f]{64}$' as hash from skein.audit where what = 'seed' limit 1`,
      ),
    ).toEqual([{ hash: true }])
  })

  it('several services: in the order in which they need each other, one service alone when it is named', async () => {
    const p = await platform({
      'skein.yaml': `services:
  orders: { path: orders/migrations, tool: golang-migrate, table: orders_migrations, needs: [users], seeds: orders/rows }
  users: { path: migrations, tool: golang-migrate, seeds: seeds }
`,
      'orders/migrations/000001_orders.up.sql': 'create table s.orders (id int primary key, owner int references s.users);\n',
      'orders/rows/s.orders.csv': 'id,owner\n1,1\n',
      'seeds/s.users.csv': 'id,email\n1,a@x\n',
    })
    await p.go(0, 'up')
    expect((await p.go(1, 'seed', 'orders')).stderr).toMatch(/^SEED-FAILED: orders\/rows\/s.orders.csv:2: .*foreign key/)
    const both = JSON.parse((await p.go(0, 'seed', '--json')).stdout)
    expect(both.services.map((one: { service: string }) => one.service)).toEqual(['users', 'orders'])
    expect(await sql(p.url, 'select owner from s.orders')).toEqual([{ owner: 1 }])
  })

  it('in production they run where environments.json says that test data are allowed', async () => {
    const p = await platform({
      'seeds/1_s.users.csv': 'email\na\n',
      'migrations/environments.json': '{ "production": { "allow_test_data": true } }',
    })
    await p.go(0, 'up', '--env', 'production')
    await p.go(0, 'seed', '--env', 'production')
    expect(await sql(p.url, 'select email from s.users')).toEqual([{ email: 'a' }])
  })
})

describe.concurrent('the user service of the examples', () => {
  it('is seeded, and again more for development', async () => {
    const { url } = await freshDatabase()
    const env = { USER_SERVICE_DATABASE_URL: url }
    const go = (...args: string[]) => inProcess(join(examples, 'user-service'), [...args, '--env', 'development'], { env })
    expect(await go('up', '--yes')).toMatchObject({ code: 0 })
    expect(await go('seed', 'user-service')).toMatchObject({ code: 0, stdout: expect.stringContaining('4 files seeded') })
    expect(await sql(url, 'select count(*)::int as n, max(id)::int as last from user_service.users')).toEqual([{ n: 6, last: 1003 }])
    expect(await sql(url, 'insert into user_service.users (email, first_name, last_name) values (1, 2, 3) returning id')).toEqual([
      { id: 1004 },
    ])
    expect(await go('clean', '--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('user_service.users') })
    expect(await sql(url, 'select * from user_service.users')).toEqual([])
  })
})

describe('bad seeds', () => {
  const cases: [string, string, string | Buffer, number, RegExp][] = [
    ['broken JSON', 's.hen.json', '[{ "id": 1,\n "egg" 2 }]', 2, /^SEED-INVALID: seeds\/s.hen.json:2:8: it is not JSON: colon expected/],
    ['broken YAML', 's.hen.yaml', '- id: 1\n- id: [1\n', 2, /^SEED-INVALID: seeds\/s.hen.yaml:\d:\d+: /],
    ['open quote', 's.hen.csv', 'id,egg\n1,"2\n', 2, /s.hen.csv:2:3: a quote is opened and never closed/],
    ['quote inside', 's.hen.csv', 'id,egg\n1,2"2\n', 2, /s.hen.csv:2:3: a quote stands inside/],
    ['row too long', 's.hen.csv', 'id,egg\n\n1,2,3\n', 2, /s.hen.csv:3: the row has 3 cells, and the header has 2/],
    ['column twice', 's.hen.csv', 'id,id\n1,2\n', 2, /s.hen.csv:1: the header has id twice/],
    ['unknown table', '1_s.cow.csv', 'id\n1\n', 2, /1_s.cow.csv:1: there is no table s.cow/],
    ['unknown column', 's.hen.csv', 'id,eg\n1,2\n', 2, /s.hen.csv:2: s.hen has no column eg/],
    [
      'wrong type',
      's.hen.csv',
      'id,egg\n1,\nx,\n',
      1,
      /^SEED-FAILED: seeds\/s.hen.csv:3: a row for s.hen was refused: invalid input syntax/,
    ],
    ['NUL', 's.hen.csv', Buffer.from('id\n\0\n'), 2, /s.hen.csv:2: there is a NUL/],
    ['NUL in JSON', 's.users.json', '[{ "email": "\\u0000" }]', 2, /s.users.json:1: there is a NUL/],
    ['no UTF-8', 's.hen.csv', Buffer.from([0x69, 0xff, 0x0a]), 2, /s.hen.csv: it is not UTF-8/],
    ['empty', 's.hen.csv', '\n', 2, /s.hen.csv: it is empty/],
    ['same key', 's.hen.csv', 'id\n1\n1\n', 2, /s.hen.csv:3: the key id is the same as in line 2/],
    ['no key', 's.profiles.json', '[{ "bio": "x" }]', 2, /s.profiles.json:1: a row of s.profiles lacks the columns of a key/],
    ['a key that is none', 's.hen.yaml', 'key: egg\nrows: [{ id: 1, egg: 1 }]\n', 2, /s.hen has no unique index on egg/],
    ['foreign key', 's.profiles.csv', 'user_id\n7\n', 1, /^SEED-FAILED: seeds\/s.profiles.csv:2: .*foreign key/],
    ['a circle', 'x.yaml', 's.hen: [{ id: 1, egg: 1 }]\ns.egg: [{ id: 1, hen: 1 }]\n', 2, /in a circle: s.hen → s.egg → s.hen/],
    ['an alias', 's.hen.yaml', '- &a { id: 1 }\n- *a\n', 2, /s.hen.yaml:2: a row of s.hen has to be an object/],
    ['commit in SQL', 'x.sql', 'select 1;\ncommit;\n', 2, /x.sql:2:1: COMMIT cannot stand in a file of seeds/],
    ['SQL that fails', 'x.sql', 'select 1;\nselect 1 / 0;\n', 1, /^SEED-FAILED: seeds\/x.sql.*: a statement was refused: division by zero/],
    ['SQL that does not parse', 'x.sql', 'select 1;\nselec 1;\n', 2, /^SEED-INVALID: seeds\/x.sql:2:1: /],
  ]
  it.concurrent.each(cases)('%s', async (_, name, content, code, said) => {
    const p = await platform({ 'seeds/000_s.hen.json': '[{ "id": 99 }]', [`seeds/${name}`]: content })
    await p.go(0, 'up')
    expect((await p.go(code, 'seed')).stderr).toMatch(said)
    expect(await sql(p.url, 'select * from s.hen')).toEqual([])
  })

  it('a folder and a file that cannot be read', async () => {
    const p = await platform({ seeds: 'no folder' })
    await p.go(0, 'up')
    expect((await p.go(2, 'seed')).stderr).toMatch(/^SOURCE-UNREADABLE: seeds cannot be read/)
    const other = await platform({ 'seeds/1_s.hen.json': '[{ "id": 1 }]' })
    symlinkSync('nowhere', join(other.folder, 'seeds/s.hen.csv'))
    await other.go(0, 'up')
    expect((await other.go(2, 'seed')).stderr).toMatch(/^SOURCE-UNREADABLE: seeds\/s.hen.csv cannot be read/)
  })
})
