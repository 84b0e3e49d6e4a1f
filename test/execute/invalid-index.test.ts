import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { majors } from '../server.ts'
import { failed, numbered, until, workspace, type Workspace } from './workspace.ts'

/** Slow: on the oldest and the newest of the versions at hand. */
const some = majors().filter((_, at, all) => at === 0 || at === all.length - 1)

async function open(major: number, sql: string): Promise<Workspace> {
  const w = await workspace(major, { 'skein.yaml': yaml, ...numbered('app', { '001': sql }) })
  onTestFinished(() => w.end())
  return w
}

const yaml = 'services: { app: { path: app, tool: numbered } }\n'

describe.each(some)('INVALID indexes on a million rows, on PostgreSQL %i', (major) => {
  let w: Workspace
  let next = 1
  beforeAll(async () => {
    w = await workspace(major, { 'skein.yaml': yaml, ...numbered('app', { '001': 'select 1;' }) })
    await w.rows('create unlogged table big as select n, n % 1000 as m from generate_series(1, 1000000) n')
    await w.run()
  })
  afterAll(() => w.end())

  /** Adds a migration and returns its version. */
  function add(sql: string): string {
    next++
    w.write(numbered('app', { [`00${next}`]: sql }))
    return `${next}`
  }

  async function indexes(name: string): Promise<string[]> {
    const rows = await w.rows<{ name: string; valid: boolean }>(
      `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'big'::regclass and c.relname ~ '^${name}' order by 1`,
    )
    return rows.map((row) => `${row.name}${row.valid ? '' : ' INVALID'}`)
  }

  async function builderIn(phase: string): Promise<number> {
    let pid: number | undefined
    const sql = `select pid from pg_stat_progress_create_index where phase ~ '${phase}' and relid = 'big'::regclass and datname = current_database()`
    await until(async () => (pid = (await w.rows<{ pid: number }>(sql))[0]?.pid) !== undefined, phase, 30_000)
    return pid as number
  }

  it.each([
    ['waiting for writers before the build', '^waiting for writers before build', 'begin; insert into big values (0, 0)'],
    ['building', '^building index', undefined],
    ['waiting for old snapshots', '^waiting for old snapshots', 'begin isolation level repeatable read; select 1'],
  ])('a backend killed while %s: the next up drops what is left and builds', async (_, phase, blocking) => {
    const name = `big_${next}x`
    const version = add(`create index concurrently ${name} on big (m, n);`)
    const blocker = await w.connect()
    if (blocking !== undefined) await blocker.query(blocking)
    const running = w.run()
    await w.rows(`select pg_terminate_backend(${await builderIn(phase)})`)
    expect((await running).run?.outcome).toBe('failed')
    if (blocking !== undefined) await blocker.query('rollback')
    const left = await indexes(name)
    expect(left.filter((one) => !one.endsWith('INVALID'))).toEqual([])
    const from = w.events.length
    expect(await w.outcome()).toEqual([`app@${version} done`])
    expect(await indexes(name)).toEqual([name])
    const dropped = w.events.slice(from).some((event) => event.kind === 'warning' && /dropping it concurrently/.test(event.message))
    expect(dropped).toBe(left.length > 0)
  })

  it('a build that was cancelled by --timeout says what is left, and goes on', async () => {
    const version = add('create index concurrently big_t on big (m);\ncreate table done_t ();')
    const blocker = await w.connect()
    await blocker.query('begin isolation level repeatable read; select 1')
    const running = w.run({ timeoutMs: 6_000 })
    await builderIn('^waiting for old snapshots')
    expect(failed(await running).error).toMatchObject({ code: 'TIMEOUT', message: expect.stringMatching(/big_t is left INVALID/) })
    expect(await indexes('big_t')).toEqual(['big_t INVALID'])
    await blocker.query('commit')
    expect((await w.status()).services[0]).toMatchObject({ state: 'partial' })
    expect(await w.outcome()).toEqual([`app@${version} done`])
    expect(await indexes('big_t')).toEqual(['big_t'])
  })

  it('a runner killed while it builds an index without a name leaves nothing that the next run does not mend', async () => {
    add('create table done_k ();\ncreate index concurrently on big (n);\ninsert into big values (-1, -1);')
    const blocker = await w.connect()
    await blocker.query('begin isolation level repeatable read; select 1')
    const { child, ended } = w.start('up')
    await builderIn('^waiting for old snapshots')
    child.kill('SIGKILL')
    await ended
    expect(await w.rows('select done, in_doubt from skein.journal')).toEqual([{ done: 1, in_doubt: 2 }])
    const running = w.run()
    // 13 does not notice that its client is gone: the build goes on, with our lock, until the snapshot is.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await blocker.query('commit')
    expect((await running).run?.outcome).toBe('ok')
    expect(await indexes('big_n')).toEqual(['big_n_idx'])
    expect(await w.rows('select count(*)::int as n from big where n = -1')).toEqual([{ n: 1 }])
  })

  it('REINDEX CONCURRENTLY that broke off leaves no copy', async () => {
    const version = add('reindex index concurrently big_t;\ncreate table done_r ();')
    const blocker = await w.connect()
    await blocker.query('begin isolation level repeatable read; select count(*) from big')
    const controller = new AbortController()
    const running = w.run({}, { signal: controller.signal })
    await builderIn('^waiting for (old snapshots|readers)')
    controller.abort()
    expect(failed(await running).error).toMatchObject({ code: 'INTERRUPTED', message: expect.stringMatching(/left INVALID/) })
    expect(await indexes('big_t')).toContain('big_t_ccnew INVALID')
    await blocker.query('commit')
    expect(await w.outcome()).toEqual([`app@${version} done`])
    expect(await indexes('big_t')).toEqual(['big_t'])
  })
})

describe.each(majors())('indexes that are there already, on PostgreSQL %i', (major) => {
  it('`if not exists` over an INVALID one builds it; over another one it is INDEX-DIFFERS; over the same it is done', async () => {
    const w = await open(major, 'create unique index concurrently if not exists big_m on s.big (m) where m > 0;')
    await w.rows('create schema s; create table s.big as select n, n % 3 as m from generate_series(1, 10) n')
    await expect(w.rows('create unique index concurrently big_m on s.big (m) where m > 0')).rejects.toThrow(/big_m/)
    expect(failed(await w.run())).toMatchObject({ outcome: 'partial', error: { sqlstate: '23505' } })
    await w.rows('delete from s.big where n > 3')
    expect(await w.outcome()).toEqual(['app@1 done'])
    expect(await w.rows("select indisvalid as valid from pg_index where indexrelid = 's.big_m'::regclass")).toEqual([{ valid: true }])
    const same = await open(major, 'create index concurrently if not exists big_m on big using btree ("m");')
    await same.rows('create table big (m int); create index big_m on big (m)')
    expect(await same.outcome()).toEqual(['app@1 done'])
    const other = await open(major, 'create index concurrently if not exists big_m on big (m desc);')
    await other.rows('create table big (m int); create index big_m on big (m)')
    expect(failed(await other.run()).error).toMatchObject({ code: 'INDEX-DIFFERS', hint: expect.stringContaining('pg_get_indexdef') })
    expect(await other.rows('select 1 from skein.journal')).toEqual([])
    const plain = await open(major, 'create index concurrently big_m on big (m);')
    await plain.rows('create table big (m int); create index big_m on big (m)')
    for (const time of ['first', 'second']) expect([time, failed(await plain.run()).error.sqlstate]).toEqual([time, '42P07'])
  })
})
