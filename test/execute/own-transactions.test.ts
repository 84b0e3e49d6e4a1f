import { describe, expect, it, onTestFinished } from 'vitest'
import { majors } from '../server.ts'
import { failed, golang, numbered, workspace, type Workspace } from './workspace.ts'

const yaml = 'services: { app: { path: app, tool: golang-migrate } }\n'
const row = 'select version::int, dirty from schema_migrations'

async function open(major: number, files: Record<string, string | null>): Promise<Workspace> {
  const w = await workspace(major, { 'skein.yaml': yaml, ...files })
  onTestFinished(() => w.end())
  return w
}

async function tables(w: Workspace): Promise<string> {
  const [found] = await w.rows<{ names: string }>(
    "select coalesce(string_agg(relname, ' ' order by relname), '') as names from pg_class where relname ~ '^[a-z]$'",
  )
  return found?.names ?? ''
}

describe.each(majors())('files with transactions of their own on PostgreSQL %i', (major) => {
  it('a file wrapped in BEGIN … COMMIT (or END) stays one transaction, rows and all', async () => {
    const w = await open(major, {
      ...golang('app', {
        1: 'BEGIN;\ncreate table a ();\nCOMMIT;',
        2: '-- head\nbegin transaction;\ncreate table b ();\nsavepoint x;\nselect 1;\nEND;\n-- tail without newline',
        3: 'begin;\ncreate table c ();\nselect nobody;\ncommit;',
        4: 'create table d ();',
      }),
    })
    const report = await w.run()
    expect(failed(report)).toMatchObject({
      step: { id: 'app@3' },
      error: { sqlstate: '42703', statement: { index: 3, of: 4 }, place: { line: 3, column: 8 } },
    })
    expect(await tables(w)).toBe('a b')
    expect(await w.rows(row)).toEqual([{ version: 2, dirty: false }])
    expect(await w.rows('select version from skein.applied order by seq')).toEqual([{ version: '1' }, { version: '2' }])
    expect(await w.rows('select 1 from skein.journal')).toEqual([])
    w.write({ 'app/3_m3.up.sql': 'begin;\ncreate table c ();\ncommit;' })
    expect(await w.outcome()).toEqual(['app@3 done', 'app@4 done'])
    expect(await w.rows(row)).toEqual([{ version: 4, dirty: false }])
  })

  it('two blocks: announced as the tool does, recorded afterwards', async () => {
    const w = await open(major, {
      ...golang('app', {
        1: 'create table a ();\nbegin;\ncreate table b as select version, dirty from schema_migrations;\ncommit;\nbegin;\ncreate table c ();\ncommit;\ncreate table d ();',
        2: 'create table e ();',
      }),
    })
    expect(await w.outcome()).toEqual(['app@1 done', 'app@2 done'])
    expect(await tables(w)).toBe('a b c d e')
    // What the file itself saw: the tool writes (1, true) before it sends the file.
    expect(await w.rows('select version::int, dirty from b')).toEqual([{ version: 1, dirty: true }])
    expect(await w.rows(row)).toEqual([{ version: 2, dirty: false }])
    expect(await w.rows('select 1 from skein.journal')).toEqual([])
  })

  it('a failure before the first COMMIT leaves nothing, no mark either', async () => {
    const two = 'create table a ();\nbegin;\ncreate table b ();\nselect nobody;\ncommit;\nbegin;\ncreate table c ();\ncommit;'
    const w = await open(major, golang('app', { 1: two }))
    const report = await w.run()
    expect(failed(report)).toMatchObject({ outcome: 'failed', error: { statement: { index: 4, of: 8 }, place: { line: 4 } } })
    expect(await tables(w)).toBe('')
    expect(await w.rows(row)).toEqual([])
    expect(await w.rows('select 1 from skein.journal')).toEqual([])
    w.write({ 'app/1_m1.up.sql': two.replace('select nobody;\n', '') })
    expect(await w.outcome()).toEqual(['app@1 done'])
  })

  it.each([
    ['not-applied', 'drop table a; drop table b', ['app@1 done', 'app@2 done'], { version: 2, dirty: false }],
    ['applied', 'create table c ()', ['app@2 done'], { version: 2, dirty: false }],
  ] as const)('a failure behind it is partial, and `mark --%s` leads out', async (as, byHand, then, last) => {
    const w = await open(major, golang('app', { 1: partial, 2: 'create table z ();' }))
    const report = await w.run()
    const { error, outcome } = failed(report)
    expect(outcome).toBe('partial')
    expect(error.message).toMatch(/what it committed before the error stays/)
    expect(error.hint).toContain('skein mark app 1')
    expect(report.exit).not.toBe(0)
    expect(await tables(w)).toBe('a b')
    expect(await w.rows(row)).toEqual([{ version: 1, dirty: true }])
    const [service] = (await w.status()).services
    expect(service).toMatchObject({ state: expect.stringMatching(/partial|dirty/) })
    expect(await w.outcome()).toEqual(['app@1 failed PARTIAL', 'app@2 skipped'])
    expect(await w.rows('select 1 from skein.applied')).toEqual([])
    w.write({ 'app/1_m1.up.sql': partial.replace('select nobody;\n', '') })
    await w.rows(byHand)
    await w.mark('app', '1', as)
    expect(await w.rows('select 1 from skein.journal')).toEqual([])
    expect(await w.outcome()).toEqual(then)
    expect(await w.rows(row)).toEqual([last])
  })

  it('COMMIT and BEGIN that chain or prepare are nothing to put rows into', async () => {
    const w = await open(major, golang('app', { 1: 'begin;\ncreate table a ();\ncommit and chain;\ncreate table b ();\ncommit;' }))
    expect(await w.outcome()).toEqual(['app@1 done'])
    expect(await tables(w)).toBe('a b')
    const other = await open(major, golang('app', { 1: 'begin;\ncreate table a ();\ncommit and chain;\nselect nobody;\ncommit;' }))
    expect(failed(await other.run()).outcome).toBe('partial')
    expect(await tables(other)).toBe('a')
  })

  it('a file too large to be looked into may say COMMIT: recorded when it succeeds, partial when it fails behind it', async () => {
    const much = `-- ${'x'.repeat(17 * 1024 * 1024)}\n`
    const w = await open(major, golang('app', { 1: `create table a ();\ncommit;\n${much}create table b ();`, 2: 'create table c ();' }))
    expect(await w.outcome()).toEqual(['app@1 done', 'app@2 done'])
    expect(await w.rows(row)).toEqual([{ version: 2, dirty: false }])
    const other = await open(major, golang('app', { 1: `create table a ();\ncommit;\n${much}select nobody;` }))
    expect(failed(await other.run())).toMatchObject({ outcome: 'partial', error: { sqlstate: '42703' } })
    expect(await tables(other)).toBe('a')
    expect(await other.rows(row)).toEqual([{ version: 1, dirty: true }])
    expect(await other.outcome()).toEqual([expect.stringMatching(/PARTIAL/)])
    await other.mark('app', '1', 'applied')
    expect(await other.outcome()).toEqual([])
    const nothing = await open(major, golang('app', { 1: `create table a ();\n${much}select nobody;` }))
    expect(failed(await nothing.run())).toMatchObject({ outcome: 'failed', error: { sqlstate: '42703' } })
    expect(await nothing.rows(row)).toEqual([])
  }, 120_000)

  it('a numbered file with both its own transactions and CONCURRENTLY is refused before anything runs', async () => {
    const w = await open(major, {
      'skein.yaml': 'services: { app: { path: app, tool: numbered } }\n',
      ...numbered('app', { '001': 'begin;\ncreate table a ();\ncommit;\ncreate index concurrently i on a ((1));' }),
    })
    expect(failed(await w.run()).error).toMatchObject({ code: 'FILE-INVALID', place: { file: 'app/001_m001.up.sql' } })
    expect(await tables(w)).toBe('')
  })
})

const partial = 'create table a ();\nbegin;\ncreate table b ();\ncommit;\nselect nobody;\nbegin;\ncreate table c ();\ncommit;'
