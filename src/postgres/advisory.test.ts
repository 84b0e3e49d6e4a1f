import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProxy } from '../../test/proxy.ts'
import { freshDatabase, type TestDatabase } from '../../test/server.ts'
import { acquire, holders, holds, ownLockKey, release, tryLock } from './advisory.ts'
import { connect } from './connect.ts'
import { resolveConnection } from './resolve-connection.ts'
import type { Session } from './session.ts'

const keys = [0n, 1726534663n, -1n, -9223372036854775808n, 9223372036854775807n, 4294967296n]

describe('advisory locks', () => {
  let database: TestDatabase
  let one: Session
  let two: Session
  const to = (url: string, applicationName: string) => connect(resolveConnection({ given: url, env: {}, applicationName }))
  beforeAll(async () => {
    database = await freshDatabase()
    one = await to(database.url, 'one')
    two = await to(database.url, 'two')
  })
  afterAll(() => Promise.all([one.end(), two.end()]))

  it('makes one key per history, within a signed bigint', () => {
    expect(ownLockKey('golang-migrate:public.schema_migrations')).toBe(ownLockKey('golang-migrate:public.schema_migrations'))
    expect(ownLockKey('a')).not.toBe(ownLockKey('b'))
    expect(BigInt.asIntN(64, ownLockKey('a'))).toBe(ownLockKey('a'))
  })

  it('is seen, key by key, by the other session', async () => {
    expect(await tryLock(one, keys)).toEqual(keys.map(() => true))
    expect(await holds(one, keys)).toBe(true)
    expect(await holds(two, keys)).toBe(false)
    expect(await tryLock(two, [...keys, 77n])).toEqual([...keys.map(() => false), true])
    for (const key of keys) {
      expect(await holders(two, [key])).toMatchObject([
        {
          pid: one.pid,
          user: 'postgres',
          application: 'one',
          mode: 'ExclusiveLock',
          state: 'idle',
          query: expect.stringContaining('select'),
        },
      ])
    }
    expect(await holders(one, keys)).toEqual([])
    await release(one, keys)
    await release(two, [77n])
    expect(await holds(one, [0n])).toBe(false)
  })

  it('lets shared holders be several, and an exclusive one none', async () => {
    expect([await tryLock(one, [5n], { shared: true }), await tryLock(two, [5n], { shared: true }), await tryLock(two, [5n])]).toEqual([
      [true],
      [true],
      [false],
    ])
    await release(one, [5n], { shared: true })
    expect(await tryLock(two, [5n])).toEqual([true])
    await release(two, [5n], { shared: true })
    await release(two, [5n])
    expect(await tryLock(one, [5n])).toEqual([true])
    await release(one, [5n])
  })

  it('tries in one round trip', async () => {
    const proxy = await startProxy({ port: database.server.port })
    const url = new URL(database.url)
    url.port = String(proxy.port)
    const session = await to(url.href, 'counted')
    proxy.reset()
    await tryLock(session, keys)
    expect(proxy.roundTrips()).toEqual({ startup: 0, after: 1 })
    await session.end()
    await proxy.stop()
  })

  it('obtains all or none, waits by polling, and tells who holds', async () => {
    await tryLock(one, [2n])
    const heard: number[][] = []
    const waiting = acquire(two, [1n, 2n, 3n], {
      deadlineMs: 10_000,
      pause: 30,
      onWait: (found) => heard.push(found.map(({ pid }) => pid)),
    })
    await expect.poll(() => heard.length).toBeGreaterThan(2)
    const [waiter] = await one.query<{ n: number }>("select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted")
    expect(waiter).toEqual({ n: 0 })
    await release(one, [2n])
    await waiting
    expect(heard[0]).toEqual([one.pid])
    expect(await holds(two, [1n, 2n, 3n])).toBe(true)
    await release(two, [1n, 2n, 3n])
  })

  it('gives up naming the holder, with nothing kept', async () => {
    await tryLock(one, [2n])
    const error = await acquire(two, [1n, 2n], { deadlineMs: 0 }).catch((cause: unknown) => cause)
    expect(error).toMatchObject({
      code: 'LOCK-HELD',
      message: expect.stringContaining(`pid ${one.pid} postgres`),
      details: { data: { holders: [{ application: 'one' }] } },
    })
    expect(await tryLock(one, [1n])).toEqual([true])
    await release(one, [1n, 2n])
  })

  it('stops when it is told to', async () => {
    await tryLock(one, [2n])
    const stopper = new AbortController()
    setTimeout(() => stopper.abort(), 50)
    await expect(acquire(two, [2n], { deadlineMs: 60_000, signal: stopper.signal })).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await release(one, [2n])
  })

  it('lets a dozen sessions in one after the other', async () => {
    const sessions = await Promise.all(Array.from({ length: 12 }, (_, n) => to(database.url, `runner ${n}`)))
    let inside = 0
    let most = 0
    await Promise.all(
      sessions.map(async (session) => {
        await acquire(session, [10n, 11n, 12n], { deadlineMs: 30_000, pause: 20 })
        most = Math.max(most, ++inside)
        await session.simple('select pg_sleep(0.01)')
        inside--
        await release(session, [10n, 11n, 12n])
        await session.end()
      }),
    )
    expect(most).toBe(1)
  })

  it('finds out that each message is answered by another server process', async () => {
    // What a pooler in transaction mode does, with real sessions: answers come from two server processes in turn.
    const sessions = [one, two]
    let turn = 0
    const pooled: Session = { ...one, label: 'pool', simple: (text) => (sessions[turn++ % 2] ?? one).simple(text) }
    await expect(acquire(pooled, [20n], { deadlineMs: 0 })).rejects.toMatchObject({
      code: 'LOCK-LOST',
      details: { hint: expect.stringContaining('pooler') },
    })
    expect([await tryLock(two, [20n]), await release(two, [20n])]).toEqual([[true], undefined])
  })

  it('shows to a role without pg_monitor what it may see', async () => {
    const name = `plain_${database.name}`
    await one.simple(`create role ${name} login password 'x'`)
    const url = new URL(database.url)
    url.username = name
    url.password = 'x'
    const plain = await to(url.href, 'plain')
    await tryLock(one, [2n])
    expect(await holders(plain, [2n])).toEqual([
      {
        pid: one.pid,
        user: 'postgres',
        application: 'one',
        client: null,
        state: null,
        transactionAge: null,
        mode: 'ExclusiveLock',
        relation: null,
        query: null,
        backendType: null,
      },
    ])
    await release(one, [2n])
    await plain.end()
    await one.simple(`drop role ${name}`)
  })
})
