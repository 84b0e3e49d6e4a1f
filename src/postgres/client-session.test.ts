import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Proxy, startProxy } from '../../test/proxy.ts'
import { freshDatabase, privateServer, type TestDatabase } from '../../test/server.ts'
import { connect } from './connect.ts'
import { resolveConnection } from './resolve-connection.ts'
import type { Session } from './session.ts'

function to(given: string): Promise<Session> {
  return connect(resolveConnection({ given, env: {}, home: '/nonexistent' }))
}

let database: TestDatabase
let proxy: Proxy
let session: Session
let watcher: Session

beforeAll(async () => {
  database = await freshDatabase()
  watcher = await to(database.url)
})
beforeEach(async () => {
  proxy = await startProxy({ port: database.server.port })
  const url = new URL(database.url)
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  session = await to(url.href)
})
afterEach(async () => {
  await session.end()
  await proxy.stop()
})
afterAll(() => watcher.end())

describe('a session', () => {
  it('gives one result per statement, in JavaScript values only where nothing is bent', async () => {
    const results =
      await session.simple(`create temp table t (a int); insert into t values (1), (2); select a, a::bigint as b, a = 1 as c, 1.10 as d,
      '{"x": 1}'::json as e, now()::timestamptz is null as f, date '2020-01-01' as g, array['a', 'b'] as h, array[1, 2] as i from t order by a; ; -- end`)
    expect(results.map(({ command, rowCount }) => [command, rowCount])).toEqual([
      ['CREATE', null],
      ['INSERT', 2],
      ['SELECT', 2],
    ])
    expect(results[2]?.rows[0]).toEqual({
      a: 1,
      b: '1',
      c: true,
      d: '1.10',
      e: { x: 1 },
      f: false,
      g: '2020-01-01',
      h: ['a', 'b'],
      i: [1, 2],
    })
    expect(await session.simple('')).toEqual([])
    expect(await session.simple('-- nothing')).toEqual([])
  })

  it('sends parameters by the extended protocol, which takes one statement only', async () => {
    expect(await session.query('select $1::text as a, $2::bigint as b', ["x'y", 9007199254740993n])).toEqual([
      { a: "x'y", b: '9007199254740993' },
    ])
    await expect(session.query('select 1; select 2')).rejects.toMatchObject({ code: '42601' })
  })

  it('hears notices', async () => {
    const heard: string[] = []
    const off = session.onNotice((notice) => heard.push(`${notice.severity} ${notice.message}`))
    await session.simple("do $$ begin raise notice 'hello'; raise warning 'there'; end $$")
    off()
    await session.simple("do $$ begin raise notice 'again'; end $$")
    expect(heard).toEqual(['NOTICE hello', 'WARNING there'])
  })

  it('has messages on the wire at once, answered in order, one failing alone', async () => {
    proxy.setLatency(40)
    proxy.reset()
    const started = performance.now()
    const answers = await Promise.allSettled([
      session.simple('select 1 as n'),
      session.simple('select 1/0'),
      session.query('select $1::int as n', [3]),
      session.query('select nonsense'),
      session.simple('select 5 as n'),
    ])
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'])
    expect(performance.now() - started).toBeLessThan(200)
    expect(proxy.roundTrips().after).toBeLessThanOrEqual(2)
  })

  it('applies exactly the steps before the one that fails, and tells each message its own', async () => {
    for (const [broken, code, completed] of [
      ['insert into steps values (3); insert into steps values (3); ', '23505', 1],
      ['insert into steps values (3); selec 1', '42601', 0],
      ["do $$ begin raise 'no' using errcode = 'P1234'; end $$", 'P1234', 0],
    ] as const) {
      await session.simple('drop table if exists steps; create table steps (n int primary key)')
      const step = (text: string, last = false) => `${text}\n; commit${last ? '' : '; begin'}`
      const answers = await Promise.allSettled([
        session.simple('begin'),
        session.simple(step('insert into steps values (1)')),
        session.simple(step('insert into steps values (2) -- done')),
        session.simple(step(broken)),
        session.simple(step('insert into steps values (4)')),
        session.simple(step('insert into steps values (5)', true)),
      ])
      expect(answers.map((answer) => (answer.status === 'rejected' ? answer.reason.code : 'ok'))).toEqual([
        'ok',
        'ok',
        'ok',
        code,
        '25P02',
        '25P02',
      ])
      expect(answers[3]).toMatchObject({ reason: { completed } })
      await session.simple('rollback')
      expect((await session.simple('select n from steps order by n'))[0]?.rows).toEqual([{ n: 1 }, { n: 2 }])
    }
  })

  it('takes a thousand messages at once', async () => {
    await session.simple('create table many (n int)')
    await Promise.all(Array.from({ length: 1000 }, (_, n) => session.simple(`insert into many values (${n})`)))
    expect(
      await session.query(
        'select count(*)::int as n, bool_and(ordered) as ordered from (select n = row_number() over (order by ctid) - 1 as ordered from many) m',
      ),
    ).toEqual([{ n: 1000, ordered: true }])
  })

  it('rejects all in flight with SERVER-LOST when the server process is ended, and says what was sent', async () => {
    const sleeping = [session.simple('select pg_sleep(30)'), session.simple('select 2')].map((answer) =>
      answer.catch((error: unknown) => error),
    )
    await watcher.query('select pg_terminate_backend($1)', [session.pid])
    for (const error of await Promise.all(sleeping)) {
      expect(error).toMatchObject({ code: 'SERVER-LOST', details: { sqlstate: '57P01', data: { sent: true } } })
    }
    expect(session.closed).toBe(true)
    await expect(session.simple('select 1')).rejects.toMatchObject({ code: 'SERVER-LOST', details: { data: { sent: false } } })
    await expect(session.query('select 1')).rejects.toMatchObject({ code: 'SERVER-LOST' })
  })

  it('notices that it was ended while idle', async () => {
    await watcher.query('select pg_terminate_backend($1)', [session.pid])
    await expect.poll(() => session.closed).toBe(true)
    await expect(session.simple('select 1')).rejects.toMatchObject({ message: expect.stringContaining('terminating connection') })
  })

  it('survives a cut, also in the middle of an answer', async () => {
    await session.simple('select 1/0').catch(() => {})
    proxy.cutAfter(40)
    const lost = await Promise.allSettled([session.simple('select 1 as a_long_name_of_a_column'), session.simple('select 2')])
    for (const each of lost) expect(each).toMatchObject({ reason: { code: 'SERVER-LOST', details: { data: { sent: true } } } })
    expect(JSON.stringify(lost)).not.toContain('division by zero')
  })

  it('ends in bounded time when the network is a black hole', async () => {
    const pending = session.simple('select pg_sleep(0.1)').catch((error: unknown) => error)
    proxy.blackHole()
    const started = performance.now()
    await session.end()
    expect(performance.now() - started).toBeLessThan(4_000)
    expect(await pending).toMatchObject({ code: 'SERVER-LOST' })
    await session.end()
  })

  it('refuses COPY FROM stdin, alone with the session alive, among others with the connection given up', async () => {
    await session.simple('create table if not exists copied (n int)')
    await expect(session.simple('copy copied from stdin')).rejects.toMatchObject({ code: '57014' })
    const answers = await Promise.allSettled([
      session.simple('copy copied from stdin'),
      session.simple('insert into copied values (1)'),
      session.simple('select 3'),
    ])
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'SERVER-LOST' } })
  })

  it('does not send a NUL character', async () => {
    await expect(session.simple('select 1\0')).rejects.toMatchObject({ code: 'FILE-INVALID' })
    expect(await session.query('select 1 as n')).toEqual([{ n: 1 }])
  })

  it('loses its server', async () => {
    const own = await privateServer()
    const other = await to(own.url())
    const sleeping = other.simple('select pg_sleep(30)').catch((error: unknown) => error)
    await own.kill9()
    await expect.poll(() => other.closed, { timeout: 20_000 }).toBe(true)
    expect(await sleeping).toMatchObject({ code: 'SERVER-LOST' })
    await other.end()
    await own.stop()
  })
})
