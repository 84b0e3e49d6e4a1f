import { describe, expect, it, onTestFinished } from 'vitest'
import { lockSchedule } from '../../src/execute/lock-schedule.ts'
import { majors } from '../server.ts'
import { failed, golang, numbered, until, workspace, type Workspace } from './workspace.ts'

const yaml = 'services: { app: { path: app, tool: golang-migrate } }\n'
/** Waiting is slow: the oldest and the newest of the versions at hand. */
const some = majors().filter((_, at, all) => at === 0 || at === all.length - 1)

async function open(major: number, ups: Record<string, string>): Promise<Workspace> {
  const w = await workspace(major, { 'skein.yaml': yaml, ...golang('app', ups) })
  onTestFinished(() => w.end())
  await w.rows('create table t (a int)')
  return w
}

async function standInTheWay(w: Workspace) {
  const other = await w.connect()
  await other.query("set application_name = 'reporting'")
  await other.query('begin; select * from t')
  return other
}

const alter = { 1: 'create table a ();', 2: 'alter table t add b int;', 3: 'create table c ();' }

describe('the lock schedule', () => {
  it('has attempts above deadlock_timeout in every cycle, never more than the longest, and pauses in proportion', () => {
    const attempts = lockSchedule(3_000, () => 0.5)
    const seen = Array.from({ length: 40 }, () => attempts.next().value)
    expect(seen.slice(0, 4).map((one) => one.lockTimeoutMs)).toEqual([100, 200, 500, 1_500])
    for (let at = 4; at < 40; at += 3) expect(Math.max(...seen.slice(at, at + 3).map((one) => one.lockTimeoutMs))).toBeGreaterThan(1_000)
    expect(Math.max(...seen.map((one) => one.lockTimeoutMs))).toBe(3_000)
    expect(seen.every((one) => one.pauseMs >= 1_000 && one.pauseMs <= 60_000)).toBe(true)
    expect(seen.every((one) => one.pauseMs === 60_000 || one.pauseMs >= 10 * one.lockTimeoutMs)).toBe(true)
    const short = lockSchedule(700)
    expect(Array.from({ length: 20 }, () => short.next().value.lockTimeoutMs).every((ms) => ms <= 700)).toBe(true)
  })
})

describe.each(some)('locks on tables, on PostgreSQL %i', (major) => {
  it('are tried for again until the blocker is gone, and the blocker is shown', async () => {
    const w = await open(major, alter)
    const other = await standInTheWay(w)
    const running = w.run()
    await until(async () => w.events.some((event) => event.kind === 'waiting' && event.blockers.length > 0), 'a report')
    await other.query('commit')
    expect((await running).run?.steps.map((one) => one.outcome)).toEqual(['done', 'done', 'done'])
    const waiting = w.events.find((event) => event.kind === 'waiting' && event.blockers.length > 0)
    expect(waiting).toMatchObject({
      service: 'app',
      step: { id: 'app@2' },
      blockers: [
        {
          user: 'postgres',
          application: 'reporting',
          state: 'idle in transaction',
          mode: 'AccessShareLock',
          relation: 't',
          query: expect.stringContaining('select * from t'),
        },
      ],
    })
    expect(w.events.some((event) => event.kind === 'retry' && event.step.id === 'app@2')).toBe(true)
  })

  it('that are not obtained in the time given end with exit 6, who it was, and nothing half-done', async () => {
    const w = await open(major, alter)
    await standInTheWay(w)
    const started = performance.now()
    const report = await w.run({ lockBudgetMs: 2_000 })
    expect(performance.now() - started).toBeLessThan(20_000)
    const { error } = failed(report)
    expect(error).toMatchObject({ code: 'LOCK-TIMEOUT', sqlstate: '55P03', blockers: [{ application: 'reporting' }] })
    expect(error.message).toMatch(/pid \d+ postgres.*reporting.*AccessShareLock on t.*select \* from t/)
    expect(report.exit).toBe(6)
    expect(report.run?.outcome).toBe('deferred')
    expect(report.run?.steps.map((one) => one.outcome)).toEqual(['done', 'failed', 'skipped'])
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 1, dirty: false }])
  })

  it('with --no-wait: exit 6 at once with the name of the holder, of a table or of our own lock; --lock-wait is a flag', async () => {
    const w = await open(major, alter)
    const other = await standInTheWay(w)
    const table = await w.skein('up', '--no-wait')
    expect([table.code, table.stderr]).toEqual([6, expect.stringMatching(/reporting[\s\S]*AccessShareLock on t/)])
    expect((await w.skein('up', '--lock-wait', '1s')).code).toBe(6)
    await other.query('commit')
    w.write(golang('app', { 3: 'select pg_sleep(4);', 4: 'select 1;' }))
    const slow = w.start('up')
    await until(
      async () => (await w.rows("select 1 from pg_stat_activity where query ~ 'pg_sleep.4' and pid <> pg_backend_pid()")).length > 0,
      'the sleep',
    )
    const [second, third] = await Promise.all([w.skein('up', '--no-wait'), w.skein('up')])
    expect([second.code, second.stderr]).toEqual([6, expect.stringMatching(/LOCK-HELD[\s\S]*skein/)])
    expect([(await slow.ended).code, third.code]).toEqual([0, 0])
  })

  it('--timeout cancels a step, in a chain and alone: exit 6, nothing half-done', async () => {
    const w = await open(major, { 1: 'create table a ();', 2: 'create table b (); select pg_sleep(30);', 3: 'select 1;' })
    const report = await w.run({ timeoutMs: 1_000 })
    expect(failed(report)).toMatchObject({ step: { id: 'app@2' }, error: { code: 'TIMEOUT' } })
    expect([report.exit, report.run?.outcome]).toEqual([6, 'deferred'])
    w.write(golang('app', { 2: 'set work_mem = 64; create table b (); select pg_sleep(30);' }))
    expect(failed(await w.run({ timeoutMs: 1_000 })).error.code).toBe('TIMEOUT')
    w.write(golang('app', { 2: 'begin; create table b (); select pg_sleep(30); commit;' }))
    expect(failed(await w.run({ timeoutMs: 1_000 })).error.code).toBe('TIMEOUT')
    expect(await w.rows("select to_regclass('b')::text as b")).toEqual([{ b: null }])
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 1, dirty: false }])
    // Waiting for a lock counts.
    w.write(golang('app', { 2: 'alter table t add b int' }))
    await standInTheWay(w)
    expect(failed(await w.run({ timeoutMs: 2_500 }))).toMatchObject({ error: { code: expect.stringMatching(/LOCK-TIMEOUT|TIMEOUT/) } })
  })

  it('a signal stops the step that runs, and nothing of it is left', async () => {
    const w = await open(major, { 1: 'create table a ();', 2: 'create table b (); select pg_sleep(30);' })
    const controller = new AbortController()
    const running = w.run({}, { signal: controller.signal })
    await until(
      async () =>
        (await w.rows("select 1 from pg_stat_activity where query ~ 'pg_sleep.30' and state = 'active' and pid <> pg_backend_pid()"))
          .length > 0,
      'the sleep',
    )
    controller.abort()
    const report = await running
    expect([report.exit, report.run?.outcome, failed(report).error.code]).toEqual([130, 'interrupted', 'INTERRUPTED'])
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 1, dirty: false }])
  })

  // Twenty seconds are enough once: the schedule is ours, not the server's.
  it.each(major === some.at(-1) ? [major] : [])('a reader that comes behind never waits longer than one attempt', async () => {
    const w = await open(major, { 1: 'alter table t add b int;' })
    const other = await standInTheWay(w)
    const reader = await w.connect()
    const running = w.run()
    const end = performance.now() + 20_000
    let longest = 0
    while (performance.now() < end) {
      const started = performance.now()
      await reader.query('select * from t')
      longest = Math.max(longest, performance.now() - started)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await other.query('commit')
    expect((await running).run?.outcome).toBe('ok')
    // The longest lock_timeout of the schedule is 3 s; a machine at its limit needs some more.
    expect(longest).toBeGreaterThan(50)
    expect(longest).toBeLessThan(4_500)
  })

  it('a concurrent build waits for its first lock on the schedule, and without limit for what comes then', async () => {
    const w = await workspace(major, {
      'skein.yaml': 'services: { app: { path: app, tool: numbered } }\n',
      ...numbered('app', { '001': 'create index concurrently i on t (a);' }),
    })
    onTestFinished(() => w.end())
    await w.rows('create table t (a int)')
    const other = await w.connect()
    await other.query('begin; lock table t in share row exclusive mode')
    const report = await w.run({ lockBudgetMs: 1_200 })
    expect(failed(report).error).toMatchObject({ code: 'LOCK-TIMEOUT', message: expect.stringMatching(/ShareRowExclusiveLock on t/) })
    expect(report.exit).toBe(6)
    expect(await w.rows('select 1 from skein.journal')).toEqual([])
    await other.query('rollback; begin isolation level repeatable read; select 1')
    const running = w.run({ lockBudgetMs: 1_200, lockTimeoutMs: 300 })
    await until(
      async () =>
        (await w.rows("select 1 from pg_stat_progress_create_index where phase ~ 'old snapshots' and datname = current_database()"))
          .length > 0,
      'the build',
    )
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await other.query('commit')
    expect((await running).run?.outcome).toBe('ok')
  })
})
