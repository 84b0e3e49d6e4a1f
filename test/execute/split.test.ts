import { describe, expect, it, onTestFinished } from 'vitest'
import { majors } from '../server.ts'
import { failed, golang, numbered, until, workspace, type Workspace } from './workspace.ts'

const numberedYaml = 'services: { app: { path: app, tool: numbered } }\n'
const golangYaml = 'services: { app: { path: app, tool: golang-migrate } }\n'

async function open(major: number, files: Record<string, string | null>): Promise<Workspace> {
  const w = await workspace(major, files)
  onTestFinished(() => w.end())
  return w
}

function one(sql: string): Record<string, string> {
  return { 'skein.yaml': numberedYaml, ...numbered('app', { '001': sql }) }
}

async function journal(w: Workspace): Promise<string> {
  const rows = await w.rows<{ done: number; statements: number; in_doubt: number | null }>(
    'select done, statements, in_doubt from skein.journal',
  )
  return rows.map((row) => `${row.done}/${row.statements}${row.in_doubt === null ? '' : ` ?${row.in_doubt}`}`).join(' ')
}

async function index(w: Workspace, name: string): Promise<unknown> {
  const [row] = await w.rows<{ valid: boolean }>(`select indisvalid as valid from pg_index where indexrelid = to_regclass('${name}')`)
  return row?.valid
}

const file = [
  'create table t (a int, b int);',
  'insert into t select n, n from generate_series(1, 10) n;',
  'create index concurrently t_a on t (a);',
  'insert into t values (11, 11);',
  'create unique index concurrently t_b on t (b);',
  'create table done ();',
].join('\n')

describe.each(majors())('files in which something cannot be in a transaction, on PostgreSQL %i', (major) => {
  it('run in segments, and resume behind what is done', async () => {
    const w = await open(major, one(file.replace('create table done', 'select nobody; create table done').replace('(11, 11)', '(11, 10)')))
    // 1: the unique index finds duplicates.
    const first = failed(await w.run())
    expect(first).toMatchObject({ outcome: 'partial', error: { sqlstate: '23505', statement: { index: 5, of: 7 }, place: { line: 5 } } })
    expect(first.error.message).toMatch(/left INVALID; .*4 of 7 statements are done and stay done/)
    expect(await journal(w)).toBe('4/7 ?5')
    expect(await index(w, 't_a')).toBe(true)
    expect(await index(w, 't_b')).toBe(false)
    expect((await w.status()).services[0]).toMatchObject({ state: 'partial' })
    expect(await w.rows('select 1 from skein.applied')).toEqual([])
    // 2: mended data; then the last segment fails.
    await w.rows('delete from t where a = 11')
    const second = failed(await w.run())
    expect(second).toMatchObject({ outcome: 'partial', error: { sqlstate: '42703', statement: { index: 6, of: 7 } } })
    expect(await index(w, 't_b')).toBe(true)
    expect(await journal(w)).toBe('5/7')
    // 3: a done part that changed is refused; what is not done may be mended.
    w.write({ 'app/001_m001.up.sql': file.replace('(11, 11)', '(12, 12)') })
    expect(failed(await w.run()).error).toMatchObject({
      code: 'CHANGED',
      message: expect.stringMatching(/statement 4, which is done, was changed/),
    })
    w.write({ 'app/001_m001.up.sql': file.replace('(11, 11)', '(11, 10)') })
    expect(await w.outcome()).toEqual(['app@1 done'])
    expect(await w.rows('select count(*)::int as n from t')).toEqual([{ n: 10 }])
    expect(await journal(w)).toBe('')
    expect(await w.rows('select version from skein.applied')).toEqual([{ version: '1' }])
    expect(await w.outcome()).toEqual([])
  })

  it('a failure in the first segment leaves nothing', async () => {
    const w = await open(major, one(`create table t (a int);\nselect nobody;\ncreate index concurrently i on t (a);`))
    expect(failed(await w.run())).toMatchObject({ outcome: 'failed', error: { sqlstate: '42703', place: { line: 2 } } })
    expect(await journal(w)).toBe('')
    expect(await w.rows("select to_regclass('t')::text as t")).toEqual([{ t: null }])
  })

  it('what was SET before holds after a resume', async () => {
    const sql =
      'create schema s;\nset search_path = s;\ncreate table t (a int);\ncreate index concurrently i on t (a);\ncreate table u ();\nselect nobody;'
    const w = await open(major, one(sql))
    expect(failed(await w.run()).outcome).toBe('partial')
    w.write({ 'app/001_m001.up.sql': sql.replace('select nobody;', 'select 1;') })
    expect(await w.outcome()).toEqual(['app@1 done'])
    expect(await w.rows("select relname from pg_class where relnamespace = 's'::regnamespace and relkind = 'r' order by 1")).toEqual([
      { relname: 't' },
      { relname: 'u' },
    ])
    const temporary = 'create temp table x as select 1 as a;\nvacuum;\nselect nobody from x;'
    const other = await open(major, one(temporary))
    expect(failed(await other.run()).outcome).toBe('partial')
    expect(failed(await other.run()).error).toMatchObject({
      code: 'PARTIAL',
      message: expect.stringMatching(/statement 1 is done and its effect ended/),
    })
    await other.mark('app', '1', 'applied')
    expect(await other.outcome()).toEqual([])
  })

  it('other statements of that kind: VACUUM, REINDEX, DROP INDEX, databases, ALTER SYSTEM, bodies that commit', async () => {
    const name = `d_${Math.random().toString(36).slice(2, 10)}`
    const sql = [
      'create table t (a int);',
      'create index i on t (a); create index j on t (a);',
      'vacuum t;',
      'reindex index concurrently i;',
      'drop index concurrently i;',
      `create database ${name};`,
      `drop database ${name};`,
      'alter system reset work_mem;',
      'do $$ begin insert into t values (1); commit; insert into t values (2); commit; end $$;',
      'insert into t values (3);',
    ].join('\n')
    const w = await open(major, one(sql))
    expect(await w.outcome()).toEqual(['app@1 done'])
    expect(await w.rows('select array_agg(a order by a) as a from t')).toEqual([{ a: [1, 2, 3] }])
    expect(await index(w, 'i')).toBeUndefined()
    const there = await open(major, one(`create table t ();\ncreate database ${w.database.name};`))
    for (const time of ['first', 'second']) {
      const { error } = failed(await there.run())
      expect([time, error.sqlstate]).toEqual([time, '42P04'])
      expect(await journal(there)).toBe('1/2')
    }
    const half = await open(major, one('create table t (a int);\ndo $$ begin insert into t values (1); commit; perform 1 / 0; end $$;'))
    expect(failed(await half.run())).toMatchObject({
      outcome: 'partial',
      error: { sqlstate: '22012', hint: expect.stringContaining('skein mark') },
    })
    expect(failed(await half.run()).error.code).toBe('PARTIAL')
    expect(await half.rows('select a from t')).toEqual([{ a: 1 }])
  })

  // 13 has no such statement.
  it.each(major >= 14 ? [major] : [])('DETACH PARTITION CONCURRENTLY that was cancelled half-way is finalized', async () => {
    const w = await open(major, one('alter table p detach partition p1 concurrently;\ncreate table done ();'))
    await w.rows(
      'create table p (a int) partition by list (a); create table p1 partition of p for values in (1); create table p2 partition of p for values in (2)',
    )
    const reader = await w.connect()
    await reader.query('begin isolation level repeatable read; select * from p')
    const running = w.run({ timeoutMs: 1_500 })
    const report = await running
    expect(failed(report).error).toMatchObject({ code: 'TIMEOUT', message: expect.stringMatching(/half detached/) })
    await reader.query('commit')
    expect(await w.outcome()).toEqual(['app@1 done'])
    expect(await w.rows('select inhrelid::regclass::text as part, inhdetachpending as pending from pg_inherits')).toEqual([
      { part: 'p2', pending: false },
    ])
  })

  it('golang-migrate and Diesel: what their tool could not run fails for us alike, with an explanation', async () => {
    const sql = 'create table t (a int);\ncreate index concurrently i on t (a);'
    const w = await open(major, { 'skein.yaml': golangYaml, ...golang('app', { 1: 'select 1;', 2: sql }) })
    const { error, outcome } = failed(await w.run())
    expect(outcome).toBe('failed')
    expect(error).toMatchObject({
      sqlstate: '25001',
      message: expect.stringMatching(/golang-migrate, which sends it whole/),
      statement: { index: 2 },
    })
    expect(await w.rows("select version::int, dirty, to_regclass('t')::text as t from schema_migrations")).toEqual([
      { version: 1, dirty: false, t: null },
    ])
    const diesel = await open(major, {
      'skein.yaml': 'services: { app: { path: app, tool: diesel } }\n',
      'app/2024-01-01-000000_one/up.sql': 'create table t (a int);',
      'app/2024-01-01-000000_one/down.sql': 'drop table t;',
      'app/2024-01-02-000000_two/up.sql': 'create index concurrently i on t (a);',
      'app/2024-01-02-000000_two/down.sql': 'drop index i;',
    })
    expect(failed(await diesel.run()).error).toMatchObject({
      sqlstate: '25001',
      hint: expect.stringContaining('run_in_transaction = false'),
    })
    diesel.write({ 'app/2024-01-02-000000_two/metadata.toml': 'run_in_transaction = false\n' })
    expect(await diesel.outcome()).toEqual(['app@20240102000000 done'])
    expect(await index(diesel, 'i')).toBe(true)
  })

  it('the row of golang-migrate is dirty while a statement runs, as the tool would have it, and our keys stay', async () => {
    const w = await open(major, {
      'skein.yaml': golangYaml,
      ...golang('app', { 1: 'create table t (a int);', 2: 'create index concurrently i on t (a);' }),
    })
    const old = await w.connect()
    expect(await w.outcome({ count: 1 })).toEqual(['app@1 done'])
    await old.query('begin isolation level repeatable read; select 1')
    const running = w.run()
    const builds =
      "select 1 from pg_stat_progress_create_index where phase ~ 'waiting for (old snapshots|writers)' and datname = current_database()"
    await until(async () => (await w.rows(builds)).length > 0, 'the build')
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 2, dirty: true }])
    expect(await journal(w)).toBe('0/1 ?1')
    const held =
      "select count(*)::int as n from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())"
    expect(await w.rows(held)).toEqual([{ n: 1 }])
    await until(async () => w.events.some((event) => event.kind === 'progress'), 'progress')
    await old.query('commit')
    expect((await running).run?.outcome).toBe('ok')
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 2, dirty: false }])
  })
})
