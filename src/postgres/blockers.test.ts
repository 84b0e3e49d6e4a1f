import { describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import { blockerOf, describeBlocker, isAutovacuum, preventsWraparound } from './blocker-rows.ts'
import { blockersOf } from './blockers.ts'
import { cancelStatement } from './cancel.ts'
import { connect } from './connect.ts'
import { resolveConnection } from './resolve-connection.ts'
import type { Session } from './session.ts'

async function blocked(watcher: Session, waiter: Session) {
  await expect.poll(async () => (await blockersOf(watcher, waiter.pid)).length, { timeout: 10_000 }).toBeGreaterThan(0)
  return blockersOf(watcher, waiter.pid)
}

describe('blockersOf', () => {
  it.each(majors())('names holders, the queue before us and prepared transactions on PostgreSQL %i', async (major) => {
    const database = await freshDatabase(major)
    const names = ['holder', 'queued', 'waiter', 'watcher']
    const open = (applicationName: string) => connect(resolveConnection({ given: database.url, env: {}, applicationName }))
    const sessions = await Promise.all(names.map(open))
    const [holder, queued, waiter, watcher] = sessions as [Session, Session, Session, Session]
    await holder.simple('create table "T x" (n int); insert into "T x" values (1)')
    expect(await blockersOf(watcher, waiter.pid)).toEqual([])

    await holder.simple('begin; select * from "T x"')
    const first = queued.simple('alter table "T x" add column a int').catch((error: unknown) => error)
    await blocked(watcher, queued)
    const second = waiter.simple('select * from "T x"')
    expect(await blocked(watcher, waiter)).toMatchObject([
      { pid: queued.pid, application: 'queued', mode: 'AccessExclusiveLock', relation: '"T x"', state: 'active' },
    ])
    const [found] = await blockersOf(watcher, queued.pid)
    expect(found).toMatchObject({
      pid: holder.pid,
      user: 'postgres',
      application: 'holder',
      state: 'idle in transaction',
      mode: 'AccessShareLock',
      relation: '"T x"',
    })
    expect(found?.transactionAge).toBeGreaterThanOrEqual(0)
    expect(describeBlocker(found ?? ({} as never))).toMatch(
      /^pid \d+ postgres@\S+ \(holder\), idle in transaction for \d+ s, AccessShareLock on "T x": begin; select \* from "T x"$/,
    )
    expect(await cancelStatement(queued)).toBe(true)
    expect(await first).toMatchObject({ code: '57014' })
    await second
    await holder.simple('commit')

    await holder.simple('begin; lock table "T x" in share mode; prepare transaction \'left behind\'')
    const third = waiter.simple('insert into "T x" values (2)')
    expect(await blocked(watcher, waiter)).toMatchObject([
      { pid: 0, user: 'postgres', state: 'prepared transaction left behind', mode: 'ShareLock', relation: '"T x"' },
    ])
    await holder.simple("commit prepared 'left behind'")
    await third

    await holder.simple('begin; update "T x" set n = 5')
    const fourth = waiter.simple('update "T x" set n = 6').catch((error: unknown) => error)
    expect(await blocked(watcher, waiter)).toMatchObject([{ pid: holder.pid, mode: 'ExclusiveLock', relation: null }])
    expect(await cancelStatement(waiter, { via: watcher })).toBe(true)
    expect(await fourth).toMatchObject({ code: '57014' })
    await Promise.all(sessions.map((session) => session.end()))
    await database.drop()
  })

  it('knows an autovacuum that does not yield', () => {
    const row = {
      pid: 1,
      user: null,
      application: null,
      client: null,
      state: 'active',
      age: '1.5',
      mode: null,
      relation: null,
      backend: 'autovacuum worker',
    }
    const long = 'x'.repeat(63)
    const wraparound = blockerOf({ ...row, query: `autovacuum: VACUUM ${long}.${long} (to prevent wraparound)` })
    expect([isAutovacuum(wraparound), preventsWraparound(wraparound), wraparound.query?.length]).toEqual([true, true, 120])
    const ordinary = blockerOf({ ...row, query: 'autovacuum: VACUUM ANALYZE public.t' })
    expect([isAutovacuum(ordinary), preventsWraparound(ordinary)]).toEqual([true, false])
  })
})
