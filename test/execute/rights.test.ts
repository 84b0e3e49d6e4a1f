import { describe, expect, it, onTestFinished } from 'vitest'
import { SkeinError } from '../../src/index.ts'
import { majors } from '../server.ts'
import { golang, workspace, type Workspace } from './workspace.ts'

const ups = golang('app', { 1: 'create table a ();', 2: 'set search_path = nowhere;', 3: 'select 1;' })

async function open(major: number, config = '{ path: app, tool: golang-migrate }') {
  const w = await workspace(major, { 'skein.yaml': `services: { app: ${config} }\n`, ...ups })
  const role = `role_${Math.random().toString(36).slice(2, 10)}`
  await w.rows(`create role "${role}" login password 'x'`)
  onTestFinished(async () => {
    await w.rows(`drop owned by "${role}" cascade; drop role "${role}"`)
    await w.end()
  })
  const url = new URL(w.database.url)
  url.username = role
  url.password = 'x'
  return { w, role, url: url.href }
}

/** The refusal, whose hint is what it takes. */
async function refusal(w: Workspace, url: string): Promise<SkeinError> {
  try {
    await w.run({ database: url })
  } catch (error) {
    if (error instanceof SkeinError) return error
    throw error
  }
  throw new Error('it was not refused')
}

/** Does what a hint says: everything behind "run:". */
async function grant(w: Workspace, error: SkeinError): Promise<void> {
  await w.rows(error.details.hint?.split('run: ')[1] ?? 'select 1')
}

describe.each(majors())('roles and rights on PostgreSQL %i', (major) => {
  it('what is missing is said with the exact GRANT before anything runs, and the GRANT is enough', async () => {
    const { w, role, url } = await open(major)
    await w.rows('revoke create on schema public from public')
    const first = await refusal(w, url)
    expect(first).toMatchObject({ code: 'PERMISSION-DENIED', exit: 4 })
    expect(first.details.hint).toContain(`grant usage, create on schema "public" to "${role}";`)
    await grant(w, first)
    const second = await refusal(w, url)
    expect(second).toMatchObject({ code: 'LEDGER-DENIED', exit: 4 })
    expect(second.details.hint).toContain(`create schema if not exists "skein" authorization "${role}";`)
    expect(await w.rows("select count(*)::int as n from pg_class where relname in ('schema_migrations', 'a')")).toEqual([{ n: 0 }])
    await grant(w, second)
    expect((await w.run({ database: url })).run?.outcome).toBe('ok')
    expect(await w.rows('select distinct applied_by as by from skein.applied')).toEqual([{ by: role }])
  })

  it('a ledger and a table that somebody else made', async () => {
    const { w, role, url } = await open(major)
    await w.run({ count: 1 })
    await w.rows(`grant all on schema public to "${role}"; grant select on schema_migrations to "${role}"`)
    const first = await refusal(w, url)
    expect(first).toMatchObject({ code: 'PERMISSION-DENIED' })
    await grant(w, first)
    const second = await refusal(w, url)
    expect(second).toMatchObject({ code: 'LEDGER-DENIED', exit: 4 })
    await grant(w, second)
    for (let more = 0; more < 2; more++) {
      const next = await refusal(w, url).catch(() => undefined)
      if (next !== undefined) await grant(w, next)
    }
    expect(await w.rows('select version::int from schema_migrations')).toEqual([{ version: 3 }])
  })

  it('`role:` runs the files, and the login role writes the rows', async () => {
    const { w, role, url } = await open(major, `{ path: app, tool: golang-migrate, role: "owner_of_it" }`)
    const owner = `owner_${role}`
    w.write({
      'skein.yaml': `services: { app: { path: app, tool: golang-migrate, role: ${owner} } }\n`,
      'app/4_four.up.sql': 'reset search_path; begin; create table public.d (); commit;',
      'app/5_five.up.sql': 'set work_mem = 64; create table public.e ();',
    })
    await w.rows(`grant all on schema public to "${role}"; grant create on database ${w.database.name} to "${role}"`)
    expect((await refusal(w, url)).details.hint).toContain(`create role "${owner}";`)
    await w.rows(`create role "${owner}"; grant all on schema public to "${owner}"`)
    onTestFinished(async () => void (await w.rows(`drop owned by "${owner}" cascade; drop role "${owner}"`)))
    const error = await refusal(w, url)
    expect(error.details.hint).toContain(`grant "${owner}" to "${role}";`)
    await grant(w, error)
    expect((await w.run({ database: url })).run?.outcome).toBe('ok')
    const rows = await w.rows<{ relname: string; by: string }>(
      "select relname, pg_get_userbyid(relowner) as by from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1",
    )
    expect(rows).toEqual([
      { relname: 'a', by: owner },
      { relname: 'd', by: owner },
      { relname: 'e', by: owner },
      { relname: 'schema_migrations', by: role },
    ])
    expect(await w.rows('select distinct applied_by as by from skein.applied')).toEqual([{ by: role }])
  })

  it('two services with a schema each share a database and nothing else; a ledger elsewhere', async () => {
    const w = await workspace(major, {
      'skein.yaml': `services:
  one: { path: app, tool: golang-migrate, schema: one }
  two: { path: app, tool: golang-migrate, schema: two, ledger: { schema: notes } }
`,
      ...golang('app', {
        1: 'create table a ();',
        2: 'create index concurrently i on a ((1));',
        3: 'begin; create table b (); commit; begin; create table c (); commit;',
      }),
    })
    onTestFinished(() => w.end())
    await w.rows('create schema one; create schema two; create schema notes')
    expect((await w.run()).run?.outcome).toBe('ok')
    const rows = await w.rows<{ name: string }>(
      "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace in ('one'::regnamespace, 'two'::regnamespace, 'public'::regnamespace) order by 1",
    )
    expect(rows.map((row) => row.name)).toEqual([
      'one.a',
      'one.b',
      'one.c',
      'one.schema_migrations',
      'two.a',
      'two.b',
      'two.c',
      'two.schema_migrations',
    ])
    expect(
      await w.rows('select (select count(*)::int from skein.applied) as here, (select count(*)::int from notes.applied) as there'),
    ).toEqual([{ here: 3, there: 3 }])
    expect(await w.outcome()).toEqual([])
  })
})
