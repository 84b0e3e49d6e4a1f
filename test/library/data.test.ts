/** The verbs about data and readiness, as a program calls them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWorkspace, type RunEvent, SkeinError, succeeded, type WaitTarget } from '../../src/index.ts'
import { folderOf, sql } from '../cli/kit.ts'
import { pgBin } from '../pg-client.ts'
import { freshDatabase } from '../server.ts'

const files = {
  'skein.yaml': `services:
  users: { path: users, tool: golang-migrate, table: users_migrations, seeds: rows, hooks: { before-step: [{ run: 'echo $SKEIN_STEP >> log' }] } }
  orders: { path: orders, tool: golang-migrate, table: orders_migrations, needs: [users] }
`,
  'users/000001_users.up.sql': 'create table users (id int primary key, email text not null);\n',
  'users/000001_users.down.sql': 'drop table users;\n',
  'users/000002_index.up.sql': 'create unique index users_email on users (email);\n',
  'users/000002_index.down.sql': 'drop index users_email;\n',
  'orders/000001_orders.up.sql': 'create table orders (id int primary key, owner int references users);\n',
  'orders/000001_orders.down.sql': 'drop table orders;\n',
  'rows/1_users.csv': 'id,email\n1,a@x\n2,b@x\n',
}

async function opened(version?: 15) {
  const { url } = await freshDatabase(version)
  const folder = folderOf(files)
  const events: RunEvent[] = []
  const env = { PATH: process.env['PATH'] }
  return { url, folder, events, skein: await openWorkspace({ cwd: folder, database: url, env, onEvent: (event) => events.push(event) }) }
}

test('health and waitFor: readiness by service, servers, the whole schema, one migration', async () => {
  const { folder, skein, url } = await opened()
  expect(await skein.health()).toMatchObject({
    ready: false,
    exit: 9,
    services: [
      { service: 'users', ready: false, why: { code: 'PENDING' }, pending: 2 },
      { service: 'orders', pending: 1 },
    ],
  })
  expect((await skein.waitFor('server')).databases).toHaveLength(1)
  await expect(skein.waitFor('schema', { waitMs: 300 })).rejects.toMatchObject({ code: 'PENDING' })
  const waiting = skein.waitFor(['users@2', 'orders@1'], { waitMs: 30_000 })
  succeeded(await skein.up())
  expect((await waiting).services.map((one) => `${one.service} ${one.version}`).sort()).toEqual(['orders 1', 'users 2'])
  expect((await skein.waitFor('schema', { services: ['orders'] })).services).toEqual([{ service: 'orders', version: '1' }])
  expect(await skein.health({ services: ['users'] })).toMatchObject({ ready: true, exit: 0, services: [{ applied: 2, lockHeld: false }] })
  await expect(skein.waitFor('nothing' as WaitTarget)).rejects.toBeInstanceOf(SkeinError)

  const nobody = await openWorkspace({ cwd: folder, database: 'postgres://x@127.0.0.1:1/x', env: {} })
  expect(await nobody.health()).toMatchObject({ ready: false, exit: 3, services: [{ reachable: false }, { reachable: false }] })
  await expect(nobody.waitFor('server', { waitMs: 300 })).rejects.toMatchObject({ code: 'CONNECT-REFUSED' })
  expect(url).not.toBe('')
})

test('hooks run, are heard, and can be left out', async () => {
  const { folder, skein, events } = await opened()
  expect((await skein.plan()).hooks).toEqual([{ moment: 'before-step', name: 'skein.yaml:2', services: ['users'] }])
  succeeded(await skein.up({ count: 1, hooks: false }))
  expect(existsSync(join(folder, 'log'))).toBe(false)
  succeeded(await skein.up())
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('users@2\n')
  expect(events.filter((event) => event.kind === 'hook').map((event) => event.state)).toEqual(['started', 'done'])
})

test('seed, tables, counts, schema, clean', async () => {
  const { folder, skein, url } = await opened()
  succeeded(await skein.up())
  const dry = await skein.seed({ dryRun: true })
  expect(dry.services[0]?.files).toEqual([{ file: 'rows/1_users.csv', skipped: false, tables: [{ table: 'public.users', rows: 2 }] }])
  expect((await skein.seed()).exit).toBe(0)
  expect((await skein.seed()).services[0]?.files[0]?.skipped).toBe(true)
  expect((await skein.seed({ force: true })).services[0]?.files[0]?.skipped).toBe(false)
  writeFileSync(join(folder, 'rows/1_users.csv'), 'id,emial\n1,a\n')
  await expect(skein.seed()).rejects.toMatchObject({ code: 'SEED-INVALID', details: { place: { file: 'rows/1_users.csv', line: 2 } } })

  expect((await skein.tables()).tables.map(({ name, service, migration }) => [name, service, migration])).toEqual([
    ['orders', 'orders', '000001_orders'],
    ['users', 'users', '000001_users'],
  ])
  expect((await skein.tables({ services: ['users'], all: true })).tables.length).toBeGreaterThan(3)
  expect((await skein.counts({ services: ['users'] })).tables.map(({ name, rows }) => [name, rows])).toEqual([['users', 2]])
  expect((await skein.counts({ estimate: true })).exact).toBe(false)
  const [users, ...more] = (await skein.schema({ tables: ['users'] })).tables
  expect(more).toEqual([])
  expect(users).toMatchObject({ name: 'users', migration: '000001_users', changedBy: ['000002_index'] })
  expect(users?.columns.map((column) => [column.name, column.madeBy])).toEqual([
    ['id', '000001_users'],
    ['email', '000001_users'],
  ])
  expect(users?.indexes.map((index) => index.name)).toContain('users_email')

  expect((await skein.clean({ dryRun: true })).services.flatMap((one) => one.tables)).toContainEqual({
    table: 'public.users',
    before: 2,
    after: null,
  })
  expect((await skein.clean({ because: 'a test' })).exit).toBe(0)
  expect(await sql(url, 'select * from users')).toEqual([])
})

test('backup and restore', async () => {
  const { folder, skein, url } = await opened(15)
  succeeded(await skein.up())
  await skein.seed()
  const { backups } = await skein.backup({ out: 'before.dump', pgBin: pgBin(16) })
  expect(backups[0]).toMatchObject({ file: join(folder, 'before.dump'), services: ['users', 'orders'] })
  await sql(url, 'delete from users')
  expect(await skein.restore({ from: 'before.dump', dryRun: true, pgBin: pgBin(16) })).toMatchObject({ dryRun: true, format: 'custom' })
  expect(await sql(url, 'select count(*)::int as n from users')).toEqual([{ n: 0 }])
  expect((await skein.restore({ from: 'before.dump', dropOld: true, pgBin: pgBin(16) })).kept).toBeNull()
  expect(await sql(url, 'select count(*)::int as n from users')).toEqual([{ n: 2 }])
})
