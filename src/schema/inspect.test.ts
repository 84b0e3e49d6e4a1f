import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import { connect } from '../postgres/connect.ts'
import { resolveConnection } from '../postgres/resolve-connection.ts'
import type { Session } from '../postgres/session.ts'
import { compare, type Difference } from './compare.ts'
import { fingerprint } from './fingerprint.ts'
import { inspect } from './inspect.ts'
import { faithful, forgetful, type RoundTrip } from './round-trips.fixture.ts'

describe.each(majors())('the catalogue of PostgreSQL %i', (major) => {
  let session: Session
  beforeAll(async () => {
    session = await fresh(major)
  })
  afterAll(() => session.end())

  async function roundTrip({ start = '', up, down }: RoundTrip) {
    await each(session, `create schema s; ${start}`)
    const before = await inspect(session)
    // Statement by statement: some cannot run in a transaction, and one of them is meant to fail.
    for (const statement of statements(up)) await session.simple(statement).catch(expectedFailure)
    const between = await inspect(session)
    await each(session, down)
    const after = await inspect(session)
    await session.simple(
      `drop publication if exists left_over; drop event trigger if exists ear; drop foreign data wrapper if exists w cascade; drop schema s cascade`,
    )
    await session.simple(`do $$ begin execute format('alter database %I reset all', current_database()); end $$`)
    return { before, between, after }
  }

  it.each(forgetful)('tells what a down forgot: $name', async (trip) => {
    const { before, after } = await roundTrip(trip)
    expect(compare(before, after).map(words)).toEqual([...trip.left, ...(major >= 18 ? (trip.leftSince18 ?? []) : [])])
    expect(fingerprint(after).total).not.toBe(fingerprint(before).total)
  })

  it.each(faithful)('finds nothing when all is as before: $name', async (trip) => {
    const { before, between, after } = await roundTrip(trip)
    expect(compare(before, after)).toEqual([])
    expect(fingerprint(after)).toEqual(fingerprint(before))
    if (!trip.name.startsWith('rows')) expect(compare(before, between)).not.toEqual([])
  })

  it('leaves out what it is told to, with all that belongs to it', async () => {
    await session.simple('create table public.mine (a int)')
    const before = await inspect(session)
    await session.simple(`create schema skein; create table skein.applied (a int primary key); create table public.tools (id bigserial primary key, note text check (note <> ''));
      create index on public.tools (note)`)
    const exclude = { schemas: ['skein'], tables: [{ schema: 'public', table: 'tools' }] }
    expect(compare(before, await inspect(session, { exclude }))).toEqual([])
    expect(compare(before, await inspect(session)).length).toBeGreaterThan(8)
    await session.simple('drop schema skein cascade; drop table tools, mine')
  })

  it('takes no extension apart, and does not depend on who asks', async () => {
    await session.simple(`create extension if not exists "uuid-ossp"; create table public.t (id uuid default uuid_generate_v4(),
      at timestamptz default '2020-01-01 12:00+00', f float8 default 0.1, every interval default '1 day')`)
    const rows = await inspect(session)
    expect(rows.filter((row) => row.kind === 'routine')).toEqual([])
    expect(rows.find((row) => row.identity === 'public.t.id')?.facts.default).toBe('public.uuid_generate_v4()')
    await session.simple(
      `set timezone = 'Asia/Tokyo'; set datestyle = 'German'; set intervalstyle = 'iso_8601'; set extra_float_digits = -5; set search_path = public; set quote_all_identifiers = on`,
    )
    expect(fingerprint(await inspect(session))).toEqual(fingerprint(rows))
    expect(await session.query('show search_path')).toEqual([{ search_path: 'public' }])
    await session.simple('reset all; drop table t; drop extension "uuid-ossp"')
  })

  it('gives each object one row, shows no password, and knows the version', async () => {
    await session.simple(`create foreign data wrapper w; create server sv foreign data wrapper w;
      create user mapping for public server sv options ("user" 'canary-user', password 'canary-password')`)
    const rows = await inspect(session)
    await session.simple('drop foreign data wrapper w cascade')
    expect(new Set(rows.map((row) => `${row.kind} ${row.identity}`)).size).toBe(rows.length)
    expect(JSON.stringify(rows)).toContain('canary-user')
    expect(JSON.stringify(rows)).not.toContain('canary-password')
    expect(rows.find((row) => row.kind === 'server')?.facts).toEqual({ major })
  })

  it('reads a thousand tables', { timeout: 180_000 }, async () => {
    await session.simple(`do $$ begin for i in 1..1000 loop
      execute format('create table many_%s (id bigint generated always as identity primary key, name text not null, at timestamptz default now(), other int)', i);
      execute format('create index on many_%s (name)', i); end loop; end $$`)
    const started = performance.now()
    const rows = await inspect(session)
    const read = performance.now()
    const { total } = fingerprint(rows)
    const done = performance.now()
    console.log(
      `PostgreSQL ${major}: ${rows.length} rows of 1000 tables read in ${Math.round(read - started)} ms, hashed in ${Math.round(done - read)} ms`,
    )
    expect(rows.length).toBeGreaterThan(10_000)
    expect(total).toMatch(/^[0-9a-f]{64}$/)
    expect(done - started).toBeLessThan(30_000)
  })
})

it('works without rights, and leaves the session as it was, also when it fails', async () => {
  const session = await fresh(18)
  await session.simple('create table public.t (a int); set default_transaction_read_only = on; set role pg_monitor')
  expect((await inspect(session)).map((row) => row.identity)).toContain('public.t')
  await session.simple('reset role; reset default_transaction_read_only')
  await session.simple('revoke select on pg_publication from public; create role nobody')
  await session.simple('set role nobody')
  await expect(inspect(session)).rejects.toMatchObject({ code: '42501', message: expect.stringContaining('pg_publication') })
  expect(await session.query("select current_user::text as role, current_setting('transaction_read_only') as read_only")).toEqual([
    { role: 'nobody', read_only: 'off' },
  ])
  await session.simple('reset role; drop role nobody')
  await session.end()
})

async function fresh(major: number): Promise<Session> {
  return connect(resolveConnection({ given: (await freshDatabase(major)).url, env: {} }))
}

function words({ change, kind, identity, facts }: Difference): string {
  return `${change} ${kind} ${identity}: ${Object.keys(facts).sort().join(', ')}`.trimEnd()
}

async function each(session: Session, text: string): Promise<void> {
  for (const statement of statements(text)) await session.simple(statement)
}

/** The fixtures have a `;` at the end of a line or before a blank, and inside of bodies only before `end`. */
function statements(text: string): string[] {
  return text.split(/;(?!\s*end\b)\s+/).filter((statement) => statement.trim() !== '')
}

function expectedFailure(error: { code?: string }): void {
  if (error.code !== '23505') throw error
}
