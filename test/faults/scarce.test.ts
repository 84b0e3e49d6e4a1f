import type pg from 'pg'
import { expect, test } from 'vitest'
import { connect, privateServer } from '../server.ts'
import { wrongs } from './invariants.ts'
import { databases, eventually, skein, story, up, withClient } from './kit.ts'
import { workspace } from './workspace.ts'

test('no connection is free: TOO-MANY-CONNECTIONS, exit 3, and nothing is locked or half-done; with one free, the same; with enough, all is done', async () => {
  const server = await privateServer(18, { max_connections: '12', superuser_reserved_connections: '0', autovacuum: 'off' })
  const [url = ''] = await databases(server, 'one')
  const made = workspace(
    { name: 'alpha', tool: 'golang-migrate', database: url, steps: 3, alone: 2 },
    { name: 'beta', tool: 'numbered', database: url, steps: 3, alone: 2 },
    { name: 'gamma', tool: 'diesel', database: url, steps: 3, alone: 2 },
  )
  const taken: pg.Client[] = []
  for (;;) {
    const client = await connect(url).catch(() => undefined)
    if (client === undefined) break
    taken.push(client)
  }
  expect(taken.length).toBeGreaterThan(5)
  const looking = taken[0] as pg.Client
  // With none, one, two or three free, the run stops at its look, at a lock, at its second look.
  for (let free = 0; free < 4; free++) {
    const ended = await up(made.folder)
    if (ended.code !== 0) {
      expect(ended.code, story(ended)).toBe(3)
      expect(ended.stderr).toMatch(/TOO-MANY-CONNECTIONS/)
      const { rows } = await looking.query("select count(*)::integer as n from pg_locks where locktype = 'advisory'")
      expect(rows[0].n, 'no lock is left').toBe(0)
      const ran = await looking.query('select count(*)::integer as n from public.ran')
      expect(ran.rows[0].n, 'nothing was begun').toBe(0)
    }
    const before = await backends(looking)
    await taken.pop()?.end()
    await eventually(async () => (await backends(looking)) < before, 'a free connection')
  }
  await Promise.all(taken.map((client) => client.end()))
  const last = await up(made.folder)
  expect(last.code, story(last)).toBe(0)
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

test.each(['golang-migrate', 'numbered', 'diesel'] as const)(
  'an administrator cancels a statement in a chain of %s: it is tried once more by itself, or fails and leaves nothing; no step is lost',
  async (tool) => {
    const server = await privateServer()
    const [url = ''] = await databases(server, 'one')
    const made = workspace({
      name: 'alpha',
      tool,
      database: url,
      steps: 8,
      alone: 6,
      special: { 3: 'select pg_sleep(1)', 7: 'select pg_sleep(1)' },
    })
    const runner = skein(made.folder, ['up'])
    const cancelled = await withClient(url, async (client) => {
      let times = 0
      const cancel = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and application_name ~ 'skein'"
      await eventually(async () => {
        const { rows } = await client.query(cancel)
        times += rows.length
        return times > 0
      }, 'the sleeping step')
      return times
    })
    const ended = await runner.ended
    expect(cancelled).toBeGreaterThan(0)
    if (ended.code !== 0) {
      expect(ended.code, story(ended)).toBe(1)
      expect(ended.stderr).toMatch(/57014/)
    }
    expect(ended.stderr).not.toMatch(/internal error|25P02/)
    expect(await wrongs(made)).toEqual([])
    const last = await up(made.folder)
    expect(last.code, story(last)).toBe(0)
    expect(await wrongs(made, true)).toEqual([])
    await server.stop('immediate')
  },
)

test('an administrator cancels a concurrent index build: said, its INVALID index is named, and the next run builds it', async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'one')
  const made = workspace({ name: 'alpha', tool: 'numbered', database: url, steps: 4, alone: 3 })
  await withClient(url, async (old) => {
    await old.query('begin isolation level repeatable read; select count(*) from public.ran')
    const runner = skein(made.folder, ['up'])
    await withClient(url, async (client) => {
      const cancel =
        "select pg_cancel_backend(pid) from pg_stat_activity where query ~* '^\\s*create index concurrently' and wait_event_type = 'Lock'"
      await eventually(async () => (await client.query(cancel)).rows.length > 0, 'the build that waits')
    })
    const ended = await runner.ended
    expect(ended.code, story(ended)).toBe(1)
    expect(ended.stderr).toMatch(/57014[\s\S]*|INVALID/)
    expect(ended.stderr).toMatch(/left INVALID/)
    expect(await wrongs(made)).toEqual([])
    await old.query('rollback')
  })
  const last = await up(made.folder)
  expect(last.code, story(last)).toBe(0)
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

async function backends(client: pg.Client): Promise<number> {
  const { rows } = await client.query("select count(*)::integer as n from pg_stat_activity where backend_type = 'client backend'")
  return rows[0].n
}
