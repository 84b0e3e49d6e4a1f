import { describe, expect, it, onTestFinished } from 'vitest'
import { SkeinError } from '../../src/index.ts'
import { freshDatabase, majors } from '../server.ts'
import { failed, golang, words, workspace, type Workspace } from './workspace.ts'

async function open(major: number, services: string, files: Record<string, string>): Promise<{ w: Workspace; elsewhere: string }> {
  const other = await freshDatabase(major)
  const w = await workspace(major, { 'skein.yaml': services.replaceAll('ELSEWHERE', other.url), ...files })
  onTestFinished(() => w.end())
  return { w, elsewhere: other.url }
}

const three = `services:
  a: { path: a, tool: golang-migrate, table: a_migrations }
  b: { path: b, tool: golang-migrate, database: "ELSEWHERE", needs: ["a@1"] }
  c: { path: c, tool: golang-migrate, table: c_migrations, needs: [b] }
`

const setting = "create table setting as select current_setting('synchronous_commit') as value;"

describe.each(majors())('several databases on PostgreSQL %i', (major) => {
  it.each([1, 4])('with --jobs %i what comes after another database begins after its end', async (jobs) => {
    const { w } = await open(major, three, {
      ...golang('a', { 1: `${setting} select pg_sleep(0.2);`, 2: 'select 1;', 3: 'select 1;' }),
      ...golang('b', { 1: 'select pg_sleep(0.2);', 2: 'select 1;' }),
      ...golang('c', { 1: 'select 1;' }),
    })
    const report = await w.run({ jobs })
    expect(report.run?.outcome).toBe('ok')
    const order = w.events.flatMap((event) =>
      event.kind === 'step-done' || event.kind === 'step-started' ? [`${event.kind} ${event.step.id}`] : [],
    )
    const at = (word: string) => order.indexOf(word)
    expect(at('step-started b@1')).toBeGreaterThan(at('step-done a@1'))
    expect(at('step-started c@1')).toBeGreaterThan(at('step-done b@2'))
    // On disk before anybody in another database goes on.
    expect(await w.rows('select value from setting')).toEqual([{ value: 'on' }])
    const runs = await w.rows('select id, outcome from skein.run')
    expect(runs).toEqual([{ id: report.run?.id, outcome: 'ok' }])
  })

  it('--keep-going goes on where nothing depends on what failed', async () => {
    const { w } = await open(major, three.replace(', needs: [b]', ''), {
      ...golang('a', { 1: 'select nobody;', 2: 'select 1;' }),
      ...golang('b', { 1: 'select 1;' }),
      ...golang('c', { 1: 'select 1;', 2: 'select 1;' }),
    })
    const first = await w.run({ keepGoing: true })
    expect(words(first.run).sort()).toEqual(['a@1 failed STEP-FAILED', 'a@2 skipped', 'b@1 skipped', 'c@1 done', 'c@2 done'])
    expect(first.exit).toBe(1)
    expect(failed(first).step.id).toBe('a@1')
  })

  it('--single-transaction: all or nothing, and what cannot be is refused before anything is written', async () => {
    const one = `services:
  a: { path: a, tool: golang-migrate, table: a_migrations }
  c: { path: c, tool: golang-migrate, table: c_migrations, needs: [a] }
`
    const { w } = await open(major, one, {
      ...golang('a', { 1: 'create table a ();', 2: 'create table b ();' }),
      ...golang('c', { 1: 'create table c ();\nselect nobody;' }),
    })
    const report = await w.run({ singleTransaction: true })
    expect(failed(report)).toMatchObject({
      step: { id: 'c@1' },
      error: { sqlstate: '42703', statement: { index: 2, of: 2 }, place: { line: 2 } },
    })
    expect(
      await w.rows(
        "select to_regclass('a')::text as a, (select count(*)::int from a_migrations) as n, (select count(*)::int from skein.applied) as m",
      ),
    ).toEqual([{ a: null, n: 0, m: 0 }])
    w.write(golang('c', { 1: 'create table c as select count(*) from a, b;' }))
    expect(await w.outcome({ singleTransaction: true })).toEqual(['a@1 done', 'a@2 done', 'c@1 done'])
    expect(
      await w.rows(
        'select (select version::int from a_migrations) as a, (select version::int from c_migrations) as c, count(distinct applied_at)::int > 0 as at from skein.applied',
      ),
    ).toEqual([{ a: 2, c: 1, at: true }])
    for (const [sql, why] of [
      ['create index concurrently i on a ((1));', /cannot run in a transaction/],
      ['begin; select 1; commit;', /begins and ends transactions itself/],
      ["set work_mem = '1MB';", /touches the session/],
    ] as const) {
      const fresh = await open(major, one, { ...golang('a', { 1: 'create table a ();', 2: sql }), ...golang('c', { 1: 'select 1;' }) })
      const refused = await fresh.w.run({ singleTransaction: true }).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(SkeinError)
      expect(refused).toMatchObject({ code: 'NOT-SINGLE', message: expect.stringMatching(why) })
      expect(await fresh.w.rows("select to_regclass('skein.run')::text as ledger, to_regclass('a_migrations')::text as t")).toEqual([
        { ledger: null, t: null },
      ])
    }
    const spread = await open(major, three, {
      ...golang('a', { 1: 'select 1;' }),
      ...golang('b', { 1: 'select 1;' }),
      ...golang('c', { 1: 'select 1;' }),
    })
    expect(await spread.w.outcome({ singleTransaction: true })).toEqual(['NOT-SINGLE'])
  })
})
