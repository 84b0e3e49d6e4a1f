import { describe, expect, it, onTestFinished } from 'vitest'
import { majors } from '../server.ts'
import { golang, workspace, type Workspace } from './workspace.ts'

const yaml = 'services: { app: { path: app, tool: golang-migrate } }\n'

async function open(major: number, ups: Record<string, string>, config = yaml): Promise<Workspace> {
  const w = await workspace(major, { 'skein.yaml': config, ...golang('app', ups) })
  onTestFinished(() => w.end())
  return w
}

async function expectRecorded(w: Workspace, upTo: number): Promise<void> {
  expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: upTo, dirty: false }])
  expect(await w.rows('select count(*)::int as n, min(applied_by) as by from skein.applied where undone_at is null')).toEqual([
    { n: upTo, by: 'postgres' },
  ])
}

describe.each(majors())('files that touch the session on PostgreSQL %i', (major) => {
  it.each([
    ['SET search_path', 'create schema s; set search_path = s;', 's'],
    ['set_config', "create schema s; select set_config('search_path', 's', false);", 's'],
    ['RESET ALL', 'create schema s; set search_path = s; reset all;', 'public'],
    [
      'a temporary table',
      'create schema s; create temp table schema_migrations (version bigint, dirty boolean); insert into schema_migrations values (7, true);',
      'public',
    ],
    ['statement_timeout', "create schema s; set statement_timeout = '1h'; set default_transaction_deferrable = on;", 'public'],
  ])('%s: rows go where they belong, and the next file finds what it would find with its tool', async (_, sql, schema) => {
    const w = await open(major, { 1: 'create table one ();', 2: sql, 3: 'create table found ();', 4: 'select 1;' })
    expect(await w.outcome()).toEqual([1, 2, 3, 4].map((version) => `app@${version} done`))
    expect(await w.rows("select relnamespace::regnamespace::text as s from pg_class where relname = 'found'")).toEqual([{ s: schema }])
    const [row] = await w.rows<{ version: string }>('select version::int as version from public.schema_migrations')
    expect(row).toEqual({ version: 4 })
    await expectRecorded(w, 4)
  })

  it('SET ROLE and SET SESSION AUTHORIZATION last for the next files, and not for our rows', async () => {
    const role = `r_${Math.random().toString(36).slice(2, 10)}`
    const w = await open(major, {
      1: `create role ${role}; create schema s authorization ${role}; grant create on schema public to ${role};`,
      2: `set role ${role}; create table s.a ();`,
      3: 'create table s.b ();',
      4: `reset role; create table s.c ();`,
      5: `set session authorization ${role};`,
      6: 'create table s.d ();',
      7: 'begin; create table s.e (); commit;',
      8: 'begin; create table s.f (); commit; begin; create table s.g (); commit;',
      9: 'reset session authorization; create table s.h ();',
      10: 'create table s.i ();',
    })
    onTestFinished(async () => void (await w.rows(`drop owned by ${role} cascade; drop role ${role}`)))
    expect(await w.outcome()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((version) => `app@${version} done`))
    const owners = await w.rows<{ relname: string; by: string }>(
      "select relname, pg_get_userbyid(relowner) as by from pg_class where relnamespace = 's'::regnamespace order by 1",
    )
    expect(owners.map(({ relname, by }) => `${relname} ${by === role ? 'role' : by}`)).toEqual([
      'a role',
      'b role',
      'c postgres',
      'd role',
      'e role',
      'f role',
      'g role',
      'h postgres',
      'i postgres',
    ])
    await expectRecorded(w, 10)
  })

  it.each([
    ['pg_advisory_unlock_all()', { 2: 'select pg_advisory_unlock_all();' }],
    ['DISCARD ALL alone in its file', { 2: 'discard all;' }],
    ['DISCARD ALL as the last one', { 2: 'select 1;', 4: 'discard all;' }],
  ])('%s gives our lock back; it is taken again, with a warning', async (_, more) => {
    const w = await open(major, { 1: 'create table a ();', 3: locksHeld('held'), ...more })
    const versions = [...new Set(['1', '3', ...Object.keys(more)])].sort()
    expect(await w.outcome()).toEqual(versions.map((version) => `app@${version} done`))
    expect(await w.rows('select n from held')).toEqual([{ n: 5 }])
    expect(w.events.filter((event) => event.kind === 'warning' && /taken again/.test(event.message))).toHaveLength(1)
    expect(await w.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: Number(versions.at(-1)), dirty: false }])
    expect(await w.rows('select 1 from skein.journal')).toEqual([])
  })

  it('a lock that somebody else has taken meanwhile is LOCK-LOST', async () => {
    const w = await open(major, { 1: 'select pg_advisory_unlock_all();\nselect pg_sleep(1.5);', 2: 'create table a ();' })
    const running = w.run()
    const other = await w.connect()
    const mine =
      "select classid, objid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())"
    let keys: { classid: string; objid: string }[] = []
    while (keys.length < 5) keys = (await other.query(mine)).rows
    for (const { classid, objid } of keys) {
      while (
        !(
          await other.query(
            `select pg_try_advisory_lock((${classid}::bit(32) || ${objid}::bit(32))::bit(64)::bigint) as got`.replace(
              /(\d+)::bit/g,
              '$1::bigint::bit',
            ),
          )
        ).rows[0].got
      );
    }
    const report = await running
    expect(report.run?.steps.map((one) => [one.outcome, one.error?.code])).toEqual([
      ['done', undefined],
      ['failed', 'LOCK-LOST'],
    ])
    expect(report.exit).toBe(6)
    await other.end()
    expect(await w.outcome()).toEqual(['app@2 done'])
  })

  it('RESET ALL does not take the search_path of the service from the files behind it', async () => {
    const w = await open(
      major,
      { 1: 'reset all;', 2: 'create table t ();', 3: 'discard all;', 4: 'create table u ();' },
      'services: { app: { path: app, tool: golang-migrate, schema: s } }\n',
    )
    await w.rows('create schema s')
    expect(await w.outcome()).toEqual([1, 2, 3, 4].map((version) => `app@${version} done`))
    expect(await w.rows("select relname from pg_class where relnamespace = 's'::regnamespace and relkind = 'r' order by 1")).toEqual(
      ['schema_migrations', 't', 'u'].map((relname) => ({ relname })),
    )
  })
})

function locksHeld(table: string): string {
  return `create table ${table} as select count(*)::int as n from pg_locks where locktype = 'advisory' and pid = pg_backend_pid();`
}
