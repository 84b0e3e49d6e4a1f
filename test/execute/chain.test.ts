import { describe, expect, it, onTestFinished } from 'vitest'
import { majors } from '../server.ts'
import { failed, golang, numbered, workspace, type Workspace } from './workspace.ts'

const yaml = 'services: { app: { path: app, tool: golang-migrate } }\n'

async function open(major: number, files: Record<string, string | Buffer | null>): Promise<Workspace> {
  const made = await workspace(major, files)
  onTestFinished(() => made.end())
  return made
}

describe.each(majors())('a chain on PostgreSQL %i', (major) => {
  it.each([
    ['a unique violation', 'create table u (a int primary key);\ninsert into u values (1), (1);', '23505', 2, 2],
    ['a raise', "create table u ();\ndo $$ begin raise exception 'no' using hint = 'think'; end $$;", 'P0001', 2, 2],
    ['a syntax error that only the server sees', "create table u ();\ndo $$ begin execute 'selec 1'; end $$;", '42601', 2, 2],
    ['a table that is not there', 'create table u ();\n\nselect 1;\nselect\n  * from nobody;', '42P01', 3, 5],
    ['a deferred constraint at COMMIT', deferred, '23503', undefined, undefined],
    [
      'a cancelled statement',
      'create table u ();\ndo $$ begin perform pg_cancel_backend(pg_backend_pid()); perform pg_sleep(5); end $$;',
      '57014',
      2,
      2,
    ],
  ])('%s applies exactly what stands before it, and goes on when mended', async (_, sql, sqlstate, statement, line) => {
    const tables = Object.fromEntries([1, 2, 3, 5, 6].map((version) => [version, `create table t${version} ();`]))
    const w = await open(major, { 'skein.yaml': yaml, ...golang('app', { ...tables, 4: sql }) })
    const report = await w.run()
    const { error, step } = failed(report)
    expect(step.id).toBe('app@4')
    expect(error).toMatchObject({ code: 'STEP-FAILED', sqlstate, place: { file: 'app/4_m4.up.sql' } })
    if (statement !== undefined) {
      expect(error.statement).toMatchObject({ index: statement })
      expect(error.place?.line).toBe(line)
    }
    if (sqlstate === 'P0001') expect(error.hint).toBe('think')
    else expect(error.hint).toMatch(/./)
    expect(report.exit).toBe(1)
    expect(report.run?.steps.map((one) => one.outcome)).toEqual(['done', 'done', 'done', 'failed', 'skipped', 'skipped'])
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 3, dirty: false }])
    expect(await w.rows('select version from skein.applied order by seq')).toEqual([1, 2, 3].map((n) => ({ version: `${n}` })))
    expect(await w.rows("select relname from pg_class where relname ~ '^(t[0-9]|u)$' order by 1")).toEqual(
      ['t1', 't2', 't3'].map((relname) => ({ relname })),
    )
    w.write({ 'app/4_m4.up.sql': 'create table t4 ();' })
    expect(await w.outcome()).toEqual(['app@4 done', 'app@5 done', 'app@6 done'])
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 6, dirty: false }])
  })

  it('runs what is hard to join to our statements: comments at the end, empty files, missing ups', async () => {
    const w = await open(major, {
      'skein.yaml': yaml,
      ...golang('app', {
        1: 'create table a () -- done',
        2: '-- only\n/* comments */',
        3: '',
        4: null,
        5: '  \n\t ',
        6: 'create table b ();\r\ncreate table c ();\r\n',
        7: ';;create table d ();;',
        8: "create table e (a text default '; -- no /* ');\n-- end",
      }),
    })
    const report = await w.run()
    expect(report.run?.outcome).toBe('ok')
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 8, dirty: false }])
    expect(await w.rows('select count(*)::int as n from skein.applied')).toEqual([{ n: 8 }])
    expect(await w.rows("select string_agg(relname, '' order by relname) as t from pg_class where relname ~ '^[a-e]$'")).toEqual([
      { t: 'abcde' },
    ])
    expect(await w.outcome()).toEqual([])
  })

  it('counts columns in characters, also behind an emoji, and lines of CRLF files', async () => {
    const w = await open(major, { 'skein.yaml': yaml, ...golang('app', { 1: "select '🦆🦆', 'ä';\r\nselect '🦆' || nobody;" }) })
    const { error } = failed(await w.run())
    expect(error).toMatchObject({ sqlstate: '42703', place: { file: 'app/1_m1.up.sql', line: 2, column: 15 } })
    expect(error.statement).toEqual({ index: 2, of: 2, text: "select '🦆' || nobody" })
  })

  it.each([
    ['a byte order mark', Buffer.from('\ufeffselect 1;'), 1],
    ['a syntax error', 'select 1;\nselec 2;', 2],
  ])('%s is refused when its turn comes, and what stands before is applied', async (_, content, line) => {
    const w = await open(major, { 'skein.yaml': yaml, ...golang('app', { 1: 'create table a ();' }), 'app/2_bad.up.sql': content })
    const report = await w.run()
    expect(failed(report).error).toMatchObject({ code: 'FILE-INVALID', place: { file: 'app/2_bad.up.sql', line } })
    expect(report.exit).toBe(2)
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 1, dirty: false }])
  })

  it('refuses a migration that drops the table of its tool, or the ledger, and leaves both', async () => {
    for (const [sql, table] of [
      ['drop table schema_migrations;', 'schema_migrations'],
      ['create table gone ();\ndrop schema skein cascade;', 'skein'],
    ] as const) {
      const w = await open(major, { 'skein.yaml': yaml, ...golang('app', { 1: 'create table a ();', 2: sql, 3: 'create table b ();' }) })
      const report = await w.run()
      const { error } = failed(report)
      expect(error.message).toMatch(/drops the table in which it is to be recorded/)
      expect(error.message).toContain(table)
      expect(report.run?.steps.map((one) => one.outcome)).toEqual(['done', 'failed', 'skipped'])
      expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 1, dirty: false }])
      expect(await w.rows('select version from skein.applied')).toEqual([{ version: '1' }])
      expect(await w.rows("select outcome, error ->> 'step' as step from skein.run")).toEqual([{ outcome: 'failed', step: 'app@2' }])
    }
  })

  it('notices that the row of golang-migrate was changed under it, and a second row', async () => {
    const w = await open(major, {
      'skein.yaml': yaml,
      ...golang('app', { 1: 'create table a ();', 2: 'update schema_migrations set version = 99;', 3: 'create table b ();' }),
    })
    const report = await w.run()
    expect(failed(report)).toMatchObject({ step: { id: 'app@2' }, error: { code: 'MIXED' } })
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 1, dirty: false }])
    await w.rows('insert into schema_migrations values (98, false)')
    expect(await w.outcome()).toEqual(['HISTORY-BROKEN'])
    await w.rows('delete from schema_migrations where version = 98')
  })

  it('writes both tables of a numbered service and keeps texts once', async () => {
    const w = await open(major, {
      'skein.yaml': 'services: { app: { path: app, tool: numbered } }\n',
      ...numbered('app', { '001': 'select 1;', '002': 'select 1;', '003': 'select 2;' }),
    })
    expect((await w.run()).run?.outcome).toBe('ok')
    expect(await w.rows('select content from skein.body order by 1')).toEqual([{ content: 'select 1;' }, { content: 'select 2;' }])
    expect(await w.rows('select kind, ms >= 0 as timed, run is not null as run from skein.applied group by 1, 2, 3')).toEqual([
      { kind: 'executed', timed: true, run: true },
    ])
  })

  it('a COMMIT that fails ends its transaction, and yet nothing behind it is applied', async () => {
    const w = await open(major, {
      'skein.yaml': 'services: { app: { path: app, tool: numbered } }\n',
      ...numbered('app', { '001': 'select 1;', '002': deferred, '003': 'create table behind ();', '004': 'select 1;' }),
    })
    expect((await w.run()).run?.steps.map((one) => one.outcome)).toEqual(['done', 'failed', 'skipped', 'skipped'])
    expect(await w.rows("select version, to_regclass('behind')::text as behind from skein.applied")).toEqual([
      { version: '1', behind: null },
    ])
  })

  it('leaves synchronous_commit as it was for others, and flushes the end', async () => {
    const w = await open(major, { 'skein.yaml': yaml, ...golang('app', { 1: setting('a'), 2: setting('b'), 3: setting('c') }) })
    await w.run()
    expect(await w.rows('select * from a union all select * from b union all select * from c')).toEqual([
      { value: 'off' },
      { value: 'off' },
      { value: 'on' },
    ])
  })
})

const deferred =
  'create table u (id int primary key); create table v (u int references u deferrable initially deferred); insert into v values (1);'

function setting(table: string): string {
  return `create table ${table} as select current_setting('synchronous_commit') as value;`
}
