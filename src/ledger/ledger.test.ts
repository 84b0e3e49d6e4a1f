import { afterAll, describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import { connect } from '../postgres/connect.ts'
import { resolveConnection } from '../postgres/resolve-connection.ts'
import type { Session } from '../postgres/session.ts'
import { appendAudit, brokenAudit } from './audit.ts'
import { checkLedger, ensureLedger } from './ensure.ts'
import { closeJournal, markDone, markError, markInDoubt, openJournal } from './journal.ts'
import { parseLedger, selectLedger } from './read.ts'
import { endRun, selectRuns, startRun } from './runs.ts'
import { insertBodies, recordApplied, recordUndone, setEnvironment, upsertHistory } from './write.ts'

const schema = 'Ledger "of" ours'
const run = '11111111-2222-3333-4444-555555555555'
const open: Session[] = []
afterAll(() => Promise.all(open.map((session) => session.end())))

async function session(url: string): Promise<Session> {
  const made = await connect(resolveConnection({ env: {}, applicationName: 'test', given: url }))
  open.push(made)
  return made
}

async function ledger(major: number): Promise<{ url: string; db: Session; history: number }> {
  const { url } = await freshDatabase(major)
  const db = await session(url)
  await checkLedger(db, schema)
  await ensureLedger(db, { schema, systemIdentifier: '42' })
  const [row] = await db.query<{ id: number }>(upsertHistory(schema), ['tool:public.t', 'public', 'app', 'tool'])
  return { url, db, history: row?.id ?? 0 }
}

async function view(db: Session) {
  const [row] = await db.query(selectLedger(schema, ['tool:public.t']))
  return parseLedger(row as Record<string, unknown>)
}

describe.each(majors())('the ledger on PostgreSQL %i', (major) => {
  it('is made once by ten who come at the same time', async () => {
    const { url } = await freshDatabase(major)
    const ten = await Promise.all(Array.from({ length: 10 }, () => session(url)))
    await Promise.all(ten.map((db) => ensureLedger(db, { schema, systemIdentifier: '42', environment: 'test' })))
    const { meta } = await view(ten[0] as Session)
    expect(meta).toMatchObject({ ledgerVersion: 1, minimumReader: 1, minimumWriter: 1, systemIdentifier: '42', environment: 'test' })
    await Promise.all(ten.map((db) => db.end()))
  }, 30_000)

  it('gives back what was written: rows in force, bodies once, journal, renamed service', async () => {
    const { db, history } = await ledger(major)
    const odd = "it's \\ a 🦆\n"
    await db.query(insertBodies(schema), [['h1', 'h1', 'h2'].slice(1), [odd, 'two']])
    await db.query(insertBodies(schema), [['h1'], ['something else is never written over it']])
    const row = { name: odd, kind: 'executed' as const, hash: 'h1', down: 'h2', run }
    await db.simple(recordApplied(schema, history, { ...row, version: '1' }))
    await db.simple(
      recordApplied(schema, history, { ...row, version: '2', kind: 'adopted', appliedAt: '2024-01-02T03:04:05.678Z', hash: null }),
    )
    await expect(db.simple(recordApplied(schema, history, { ...row, version: '1' }))).rejects.toMatchObject({ code: '23505' })
    await db.simple(recordUndone(schema, history, '1', 'executed', run))
    await db.simple(recordApplied(schema, history, { ...row, version: '1' }))
    await db.query(upsertHistory(schema), ['tool:public.t', 'public', 'renamed', 'tool'])
    const key = { history, version: "o'dd", direction: 'up' as const }
    await db.simple(openJournal(schema, key, run, 'h1', 3))
    await db.simple(markInDoubt(schema, key, 2))
    await db.simple(markError(schema, key, { message: odd }))
    const { histories } = await view(db)
    expect(histories).toMatchObject([{ id: history, service: 'renamed', targetSchema: 'public' }])
    expect(histories[0]?.applied.map(({ version, name, kind, hash, down, by }) => ({ version, name, kind, hash, down, by }))).toEqual([
      { version: '2', name: odd, kind: 'adopted', hash: null, down: 'h2', by: 'postgres' },
      { version: '1', name: odd, kind: 'executed', hash: 'h1', down: 'h2', by: 'postgres' },
    ])
    expect(histories[0]?.applied[0]?.appliedAt).toBe('2024-01-02T03:04:05.678Z')
    expect(histories[0]?.journal).toEqual([
      { version: "o'dd", direction: 'up', hash: 'h1', statements: 3, done: 0, doneHashes: [], inDoubt: 2 },
    ])
    await db.simple(markError(schema, key, { message: 'again' }, { settled: true }))
    expect((await view(db)).histories[0]?.journal[0]?.inDoubt).toBeNull()
    await db.simple(markDone(schema, key, 2, ['x', 'y']))
    expect((await view(db)).histories[0]?.journal[0]).toMatchObject({ done: 2, doneHashes: ['x', 'y'], inDoubt: null })
    await db.simple(closeJournal(schema, key))
    expect((await view(db)).histories[0]?.journal).toEqual([])
    expect(await db.query(`select content from "Ledger ""of"" ours".body order by hash`)).toEqual([{ content: odd }, { content: 'two' }])
    expect(await db.query(`select version, undone_kind as kind from "Ledger ""of"" ours".applied where undone_at is not null`)).toEqual([
      { version: '1', kind: 'executed' },
    ])
  })

  it('keeps runs with what each did', async () => {
    const { db, history } = await ledger(major)
    const begin = [run, 'up', 'digest', JSON.stringify([{ service: 'app', schema: 'public' }]), 2, 'me', null, 'skein/test']
    await db.query(startRun(schema), begin)
    await db.query(startRun(schema), begin)
    await db.simple(recordApplied(schema, history, { version: '1', name: 'one', kind: 'executed', hash: null, down: null, run }))
    await db.query(endRun(schema), [run, 'failed', JSON.stringify({ step: 'app@2', code: 'STEP-FAILED' })])
    const runs = await db.query<{ run: Record<string, unknown> }>(selectRuns(schema), [10])
    expect(runs).toHaveLength(1)
    expect(runs[0]?.run).toMatchObject({ id: run, outcome: 'failed', osUser: 'me', host: null, did: [{ version: '1', direction: 'up' }] })
  })

  it('notices every change of its audit chain', async () => {
    const { db } = await ledger(major)
    for (const n of [1, 2, 3, 4]) await db.simple(`begin;${appendAudit(schema, 'mark', { n, text: "it's 🦆" })}commit`)
    const broken = async () => (await db.query<{ seq: string }>(brokenAudit(schema))).map((row) => Number(row.seq))
    const table = '"Ledger ""of"" ours".audit'
    expect(await broken()).toEqual([])
    await db.simple(`update ${table} set details = '{"n": 7}' where seq = 2`)
    expect(await broken()).toEqual([2])
    await db.simple(`update ${table} set details = '{"n": 2, "text": "it''s 🦆"}' where seq = 2`)
    expect(await broken()).toEqual([])
    await db.simple(`update ${table} set by = 'nobody' where seq = 3`)
    expect(await broken()).toEqual([3])
    await db.simple(`delete from ${table} where seq = 3`)
    expect(await broken()).toEqual([4])
  })

  it('of a newer release is read, and not written', async () => {
    const { db, url } = await ledger(major)
    await db.simple(
      `update "Ledger ""of"" ours".meta set minimum_writer = 2, ledger_version = 2;alter table "Ledger ""of"" ours".applied add more text`,
    )
    const other = await session(url)
    await expect(ensureLedger(other, { schema, systemIdentifier: '42' })).rejects.toMatchObject({ code: 'LEDGER-NEWER', exit: 7 })
    expect((await view(other)).meta).toMatchObject({ minimumReader: 1, minimumWriter: 2 })
    await db.simple(setEnvironment(schema, "o'dd"))
    expect((await view(db)).meta?.environment).toBe("o'dd")
  })
})
