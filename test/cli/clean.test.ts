import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, sql } from './kit.ts'

const files = {
  'skein.yaml': `services:
  users: { path: users/migrations, tool: golang-migrate, table: users_migrations }
  orders: { path: orders/migrations, tool: golang-migrate, table: orders_migrations, needs: [users] }
environments:
  production: { allow: { destructive: false } }
`,
  'users/migrations/000001_users.up.sql': `create table users (id serial primary key, boss int references users);
create table logs (at int) partition by range (at);
create table logs_1 partition of logs for values from (0) to (10);
insert into users default values; insert into users (boss) values (1); insert into logs values (1);
`,
  'users/migrations/000001_users.down.sql': 'drop table logs; drop table users;\n',
  'orders/migrations/000001_orders.up.sql':
    'create table orders (id int primary key, owner int references users);\ninsert into orders values (1, 2);\n',
  'orders/migrations/000001_orders.down.sql': 'drop table orders;\n',
}

async function platform() {
  const { url } = await freshDatabase()
  const folder = folderOf(files)
  const env = { DATABASE_URL: url }
  const go = async (code: number, ...args: string[]) => {
    const ran = await inProcess(folder, args, { env })
    expect({ args, code: ran.code, said: ran.stdout + ran.stderr }).toEqual({ args, code, said: ran.stdout + ran.stderr })
    return ran
  }
  const rows = async () =>
    (
      await sql<{ n: string }>(
        url,
        'select (select count(*) from users) || $$ $$ || (select count(*) from orders) || $$ $$ || (select count(*) from logs) as n',
      )
    )[0]?.n
  return { url, folder, env, go, rows }
}

describe.concurrent('clean', () => {
  it('asks, counts, empties all tables of services together, and leaves what is recorded', async () => {
    const p = await platform()
    await p.go(0, 'up')
    await sql(p.url, 'create table by_hand (id int); insert into by_hand values (1)')
    expect((await p.go(2, 'clean')).stderr).toMatch(/^CONFIRM-NEEDED: delete all data of every service/)
    const dry = JSON.parse((await p.go(0, 'clean', '--dry-run', '--json')).stdout)
    expect(dry.services.flatMap((one: { tables: object[] }) => one.tables)).toContainEqual({
      table: 'public.users',
      before: 2,
      after: null,
    })
    const no = await inProcess(p.folder, ['clean'], { env: p.env, answers: ['no'] })
    expect(no).toMatchObject({ code: 2, stderr: expect.stringMatching(/public\.users +2\n[^]*not confirmed/) })
    expect(await p.rows()).toBe('2 1 1')
    const done = JSON.parse((await p.go(0, 'clean', '--yes', '--json', '--because', 'test')).stdout)
    expect(done.services.flatMap((one: { tables: object[] }) => one.tables)).toContainEqual({ table: 'public.users', before: 2, after: 0 })
    expect(await p.rows()).toBe('0 0 0')
    expect(await sql(p.url, 'insert into users default values returning id')).toEqual([{ id: 1 }])
    expect(await sql(p.url, 'select * from by_hand')).toHaveLength(1)
    expect((await p.go(0, 'up')).stdout).not.toContain('000001')
    const audit = await sql<{ details: object }>(p.url, "select details from skein.audit where what = 'clean'")
    expect(audit.map((one) => one.details)).toContainEqual(
      expect.objectContaining({ because: 'test', cleaned: expect.objectContaining({ 'public.users': 2 }) }),
    )
  })

  it("never touches the tools' tables, the ledger's rows and tables of others, and empties tables that refer to each other in a circle", async () => {
    const { url } = await freshDatabase()
    const folder = folderOf({
      'skein.yaml': 'services: { a: { path: a, tool: golang-migrate, table: hist.a }, b: { path: b, tool: diesel } }\n',
      'a/1_a.up.sql': `create table hen (id int primary key, egg int); create table egg (id int primary key, hen int references hen);
        alter table hen add foreign key (egg) references egg; create schema "Odd one"; create table "Odd one"."A b" (id int generated always as identity);
        insert into hen values (1); insert into egg values (1, 1); update hen set egg = 1; insert into "Odd one"."A b" default values;`,
      'b/2024-01-01-000000_b/up.sql': 'create table b (id int); insert into b values (1);',
      'b/2024-01-01-000000_b/down.sql': 'drop table b;',
    })
    const go = (...args: string[]) => inProcess(folder, args, { env: { DATABASE_URL: url } })
    await sql(url, 'create schema hist')
    expect(await go('up')).toMatchObject({ code: 0 })
    const kept = () =>
      sql(
        url,
        `select (select json_agg(h) from hist.a h) as a, (select json_agg(d) from __diesel_schema_migrations d) as b,
        (select json_agg(x order by x.seq) from skein.applied x) as ledger, (select json_agg(r order by r.id) from skein.run r where r.verb = 'up') as runs`,
      )
    const before = await kept()
    expect(await go('clean', '--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('"Odd one"."A b"') })
    expect(
      await sql(
        url,
        'select (select count(*) from hen) + (select count(*) from egg) + (select count(*) from "Odd one"."A b") + (select count(*) from b) as n',
      ),
    ).toEqual([{ n: '0' }])
    expect(await kept()).toEqual(before)
  })

  it('is refused where environments.json forbids it', async () => {
    for (const [environment, json] of [
      ['staging', '{ "staging": { "allow_destructive_operations": false } }'],
      ['development', '{ "development": { "allow_reset": false } }'],
    ] as const) {
      const q = await platform()
      await q.go(0, 'up')
      writeFileSync(join(q.folder, 'users/migrations/environments.json'), json)
      expect((await q.go(4, 'clean', '--yes', '--env', environment)).stderr).toMatch(/^DESTRUCTIVE-REFUSED: .*environments\.json/)
      expect(await q.rows()).toBe('2 1 1')
    }
  })

  it('refuses where another table refers to it, naming it', async () => {
    const p = await platform()
    await p.go(0, 'up')
    expect((await p.go(2, 'clean', 'users', '--yes')).stderr).toMatch(
      /^USAGE: users: .*public\.orders \(orders_owner_fkey\) refers to public\.users/,
    )
    expect(await p.rows()).toBe('2 1 1')
    await p.go(0, 'clean', 'orders', '--yes')
    expect(await p.rows()).toBe('2 0 1')
  })

  it('is refused where the environment forbids it', async () => {
    const p = await platform()
    await p.go(0, 'up', '--env', 'production')
    expect((await p.go(4, 'clean', '--yes', '--env', 'production')).stderr).toMatch(
      /^DESTRUCTIVE-REFUSED: .*clean is not allowed in production/,
    )
    expect(await p.rows()).toBe('2 1 1')
  })
})
