/** Whoever dies while code runs, the runner or its child: table, ledger and the next run agree, and nothing runs twice. */
import type pg from 'pg'
import { expect, test } from 'vitest'
import { skein as start, eventually, story, withClient } from '../faults/kit.ts'
import { freshDatabase } from '../server.ts'
import { alembicWorkspace, className, typeormWorkspace } from './services.ts'

const ids = ['aa01', 'aa02', 'aa03', 'aa04', 'aa05']
const run = (folder: string, url: string, ...words: string[]) => start(folder, words, { env: { DATABASE_URL: url } })

/** Five steps that each write a line of their own and then wait for as long as somebody holds the gate. */
const slowSql = (n: number) => `insert into ran values (${n}); select pg_advisory_xact_lock_shared(77)`

async function gate(client: pg.Client): Promise<void> {
  await client.query('create table ran (n int); create table gate (n int)')
}

async function applied(client: pg.Client, column: string, table: string): Promise<string[]> {
  const { rows } = await client.query(`select ${column} as it from ${table} order by 1`)
  return rows.map((row) => row.it as string)
}

async function ledger(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query("select version || ' ' || kind as it from skein.applied where undone_at is null order by seq")
  return rows.map((row) => row.it as string)
}

async function waiting(client: pg.Client): Promise<number> {
  let pid = 0
  await eventually(async () => {
    const { rows } = await client.query("select pid from pg_locks where locktype = 'advisory' and not granted")
    pid = rows[0]?.pid ?? 0
    return pid !== 0
  }, 'a migration that waits at the gate')
  return pid
}

test('Alembic: the runner is killed in revision 3 of 5: its child ends, two are applied, and the next run does the other three once', async () => {
  const { url } = await freshDatabase()
  const folder = alembicWorkspace({
    revisions: Object.fromEntries(ids.map((id, n) => [id, `op.execute("${slowSql(n + 1)}")\n# down\npass`])),
  })
  await withClient(url, async (client) => {
    await gate(client)
    const runner = run(folder, url, 'up')
    await runner.until(/✓ ai aa02/)
    await client.query('select pg_advisory_lock(77)')
    if ((await applied(client, 'version_num', 'alembic_version'))[0] !== 'aa05') {
      const backend = await waiting(client)
      runner.child.kill('SIGKILL')
      await runner.ended
      await eventually(
        async () => (await client.query('select 1 from pg_stat_activity where pid = $1', [backend])).rowCount === 0,
        'the child of the killed runner goes',
      )
    }
    const before = await applied(client, 'version_num', 'alembic_version')
    expect(before[0] === 'aa05' ? [] : await ledger(client)).toEqual(
      ids.slice(0, ids.indexOf(before[0] as string) + 1).map((id) => `${id} executed`),
    )
    await client.query('select pg_advisory_unlock(77)')
    const next = await run(folder, url, 'up').ended
    expect(next.code, story(next)).toBe(0)
    expect(await applied(client, 'version_num', 'alembic_version')).toEqual(['aa05'])
    expect(await ledger(client)).toEqual(ids.map((id) => `${id} executed`))
    expect(await applied(client, 'n', 'ran')).toEqual([1, 2, 3, 4, 5])
    expect((await client.query('select 1 from skein.journal')).rowCount).toBe(0)
  })
})

test('the runner is killed after the child committed and before the ledger knows: the next run takes it as executed', async () => {
  const { url } = await freshDatabase()
  const folder = alembicWorkspace({ revisions: { aa01: 'pass', aa02: 'op.execute("create table two (n int)")', aa03: 'pass' } })
  await withClient(url, async (client) => {
    const first = await run(folder, url, 'up', '1').ended
    expect(first.code, story(first)).toBe(0)
    // Our own row cannot be written: the runner stands still between the child's commit and it.
    await client.query('begin; lock table skein.applied in exclusive mode')
    const runner = run(folder, url, 'up', '1')
    await eventually(
      async () => (await client.query("select 1 from pg_locks where relation = 'skein.applied'::regclass and not granted")).rowCount === 1,
      'the runner at its own row',
    )
    runner.child.kill('SIGKILL')
    await runner.ended
    await client.query('rollback')
    expect(await applied(client, 'version_num', 'alembic_version')).toEqual(['aa02'])
    const status = await run(folder, url, 'status', '--json').ended
    expect(JSON.parse(status.stdout).services[0]).toMatchObject({ current: 'aa02', pending: 1, state: 'pending' })
    const next = await run(folder, url, 'up').ended
    expect(next.code, story(next)).toBe(0)
    expect(await ledger(client)).toEqual(ids.slice(0, 3).map((id) => `${id} executed`))
    expect((await client.query('select 1 from skein.journal')).rowCount).toBe(0)
  })
})

test('TypeORM: the runner is killed amid a class: nothing of it is left, and the next run does it', async () => {
  const { url } = await freshDatabase()
  const folder = typeormWorkspace({ up: [1, 2, 3].map((n) => `await runner.query("${slowSql(n)}")`) })
  await withClient(url, async (client) => {
    await gate(client)
    const first = await run(folder, url, 'up', '1').ended
    expect(first.code, story(first)).toBe(0)
    await client.query('select pg_advisory_lock(77)')
    const runner = run(folder, url, 'up')
    const backend = await waiting(client)
    runner.child.kill('SIGKILL')
    await runner.ended
    await eventually(
      async () => (await client.query('select 1 from pg_stat_activity where pid = $1', [backend])).rowCount === 0,
      'the child of the killed runner goes',
    )
    expect(await applied(client, 'name', 'migrations')).toEqual([className(1)])
    await client.query('select pg_advisory_unlock(77)')
    const next = await run(folder, url, 'up').ended
    expect(next.code, story(next)).toBe(0)
    expect(await applied(client, 'n', 'ran')).toEqual([1, 2, 3])
    expect(await ledger(client)).toEqual([1, 2, 3].map((n) => `${className(n)} executed`))
  })
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s amid a migration in code: cancelled, exit 130 or 143, and the next run goes on',
  async (signal) => {
    const { url } = await freshDatabase()
    const folder = alembicWorkspace({
      revisions: { aa01: 'op.execute("create table one (n int)")', aa02: 'op.execute("select pg_sleep(60)")' },
    })
    const runner = run(folder, url, 'up')
    await withClient(url, async (client) => {
      await eventually(
        async () =>
          (await client.query("select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")).rowCount ===
          1,
        'a sleeper',
      )
      runner.child.kill(signal)
      const ended = await runner.ended
      expect(ended.code, story(ended)).toBe(signal === 'SIGINT' ? 130 : 143)
      expect(ended.stderr).toMatch(/aa02: cancelled by a signal; alembic_version does not have it/)
      expect(await ledger(client)).toEqual(['aa01 executed'])
    })
  },
)

test('a child that hangs and hears nothing is killed when its time is up, and what it held is free', async () => {
  const { url } = await freshDatabase()
  const folder = typeormWorkspace({ up: ['await runner.query("create table one (n int)"); for (;;);'] })
  const ended = await run(folder, url, 'up', '--timeout', '2s').ended
  expect(ended.code, story(ended)).toBe(6)
  expect(ended.stderr).toMatch(/TIMEOUT: .*the time given for a migration ran out/)
  await withClient(url, async (client) => {
    expect((await client.query("select to_regclass('one') as it")).rows[0].it).toBeNull()
    expect(
      (await client.query("select 1 from pg_stat_activity where application_name like '%child' and datname = current_database()")).rowCount,
    ).toBe(0)
  })
})

test('a child that outlived its runner is found by the next run, which does not start beside it', async () => {
  const { url } = await freshDatabase()
  const folder = alembicWorkspace({ revisions: { aa01: 'op.execute("create table one (n int)")' } })
  await withClient(url, async (orphan) => {
    // As it holds the key: shared, by a session that no runner knows of.
    const key = "('x' || substr(encode(sha256('skein:alembic:public.alembic_version child'), 'hex'), 1, 16))::bit(64)::bigint"
    await orphan.query(`select pg_advisory_lock_shared(${key})`)
    const ended = await run(folder, url, 'up', '--no-wait').ended
    expect(ended.code, story(ended)).toBe(6)
    expect(ended.stderr).toMatch(/LOCK-HELD: .*a child process of an earlier run is still at work/)
  })
  const next = await run(folder, url, 'up').ended
  expect(next.code, story(next)).toBe(0)
})
