import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../test/server.ts'
import { SkeinError } from '../model/errors.ts'
import { connect } from './connect.ts'
import { resolveConnection } from './resolve-connection.ts'
import { isRetryable, isServerError, type Sent, toFailure } from './server-error.ts'
import type { Session } from './session.ts'

describe('toFailure', () => {
  let database: TestDatabase
  let session: Session
  beforeAll(async () => {
    database = await freshDatabase()
    session = await connect(resolveConnection({ given: database.url, env: {} }))
  })
  afterAll(() => session.end())

  async function failed(text: string): Promise<unknown> {
    const error: unknown = await session.simple(text).then(
      () => undefined,
      (cause: unknown) => cause,
    )
    await session.simple('rollback')
    return error
  }

  async function failure(body: string, more: Partial<Sent> = {}) {
    const before = "begin; set local lock_timeout = '1s'; "
    const text = `${before}${body}\n; select 'ours'; commit`
    return toFailure(await failed(text), { text, offset: before.length, length: body.length, file: 'm/1.sql', before: 2, ...more })
  }

  it('finds line and column in the file, in characters', async () => {
    expect(await failure('select 1;\r\n-- 😀😀 ü\n  select "😀", nonsense from pg_class;')).toMatchObject({
      code: 'STEP-FAILED',
      sqlstate: '42703',
      place: { file: 'm/1.sql', line: 3, column: 10 },
    })
    expect(await failure("select '😀😀', selec from x y z")).toMatchObject({ sqlstate: '42601', place: { line: 1, column: 29 } })
    expect(await failure('nonsense')).toMatchObject({ place: { line: 1, column: 1 } })
    expect(await failure('select (')).toMatchObject({ sqlstate: '42601' })
  })

  it('does not show a place of ours as one of the file', async () => {
    const body = "select 'no end"
    const { place } = await failure(body)
    expect(place?.line ?? 1).toBe(1)
    const text = 'nonsense; select 1'
    expect(toFailure(await failed(text), { text, offset: 10, file: 'f.sql' }).place).toEqual({ file: 'f.sql' })
  })

  it('names the statement, by position or by what was completed before', async () => {
    const body = 'create table a (n int primary key);\n\ninsert into a values (1);\n insert into a\n values (1)'
    const statements = [
      { start: 0, end: 34 },
      { start: 37, end: 61 },
      { start: 64, end: body.length },
    ]
    expect(await failure(body, { statements })).toMatchObject({
      sqlstate: '23505',
      detail: 'Key (n)=(1) already exists.',
      statement: { index: 3, of: 3, text: 'insert into a' },
      place: { line: 4, column: 2 },
    })
    expect(await failure(body.replace('insert into a values', 'insert into b values'), { statements })).toMatchObject({
      sqlstate: '42P01',
      statement: { index: 2, of: 3 },
      place: { line: 3, column: 13 },
    })
  })

  it('maps rights, read-only, locks and COPY', async () => {
    const role = `r_${database.name}`
    await session.simple(`create role ${role}; create table secret (n int)`)
    expect(await failure(`set local role ${role}; select * from secret`)).toMatchObject({ code: 'PERMISSION-DENIED', sqlstate: '42501' })
    expect(await failure('set transaction read only; create table x ()')).toMatchObject({ code: 'READ-ONLY', sqlstate: '25006' })
    expect(await failure('copy secret from stdin')).toMatchObject({ code: 'FILE-INVALID', hint: expect.stringContaining('INSERT') })
    const other = await connect(resolveConnection({ given: database.url, env: {} }))
    await other.simple('begin; lock table secret')
    const timeout = await failed("begin; set local lock_timeout = '10ms'; select * from secret")
    expect([toFailure(timeout).code, isRetryable(timeout)]).toEqual(['LOCK-TIMEOUT', true])
    const cancelled = await failed("begin; set local statement_timeout = '10ms'; select * from secret")
    expect([toFailure(cancelled).code, isRetryable(cancelled)]).toEqual(['STEP-FAILED', false])
    expect([toFailure(cancelled, { text: '', waitingForLock: true }).code, isRetryable(cancelled, true)]).toEqual(['LOCK-TIMEOUT', true])
    await other.end()
    await session.simple(`drop role ${role}`)
  })

  it('takes errors of ours and of anybody', () => {
    const ours = new SkeinError('SERVER-LOST', { message: 'gone', hint: 'look', sqlstate: '57P01' })
    expect(toFailure(ours)).toEqual({ code: 'SERVER-LOST', message: 'gone', hint: 'look', sqlstate: '57P01' })
    expect(toFailure(new Error('no postgres://u:secret@h/d'))).toEqual({ code: 'STEP-FAILED', message: 'no postgres://u:***@h/d' })
    expect([isServerError(ours), isServerError(undefined), isRetryable(ours)]).toEqual([false, false, false])
  })

  it('takes passwords out of what the server says', async () => {
    const found = await failure(
      "do $$ begin raise 'cannot reach postgres://u:c4n4ry@h/d' using hint = 'password=c4n4ry', detail = 'password=''c4n4ry'''; end $$",
    )
    expect(JSON.stringify(found)).not.toContain('c4n4ry')
  })
})
