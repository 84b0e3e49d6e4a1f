import { expect, it } from 'vitest'
import { startProxy } from '../../test/proxy.ts'
import { freshDatabase, server } from '../../test/server.ts'
import { cancelStatement } from './cancel.ts'
import { connect } from './connect.ts'
import { resolveConnection } from './resolve-connection.ts'

it('cancels what runs, over TCP, a socket and another session, in bounded time', async () => {
  const database = await freshDatabase()
  const on = await server()
  const { password } = new URL(database.url)
  const open = (given: string) => connect(resolveConnection({ given, env: {} }))
  const other = await open(database.url)
  for (const given of [database.url, `host=${on.socketDir} port=${on.port} user=postgres password=${password} dbname=${database.name}`]) {
    for (const via of [undefined, other]) {
      const session = await open(given)
      const sleeping = session.simple('select pg_sleep(30)').catch((error: unknown) => error)
      // It may come before the statement does: a cancel request overtakes what is on another connection.
      await expect
        .poll(async () => (await other.query("select 1 from pg_stat_activity where pid = $1 and state = 'active'", [session.pid])).length)
        .toBe(1)
      expect(await cancelStatement(session, { via })).toBe(true)
      expect(await sleeping).toMatchObject({ code: '57014' })
      expect(await session.query('select 1 as n')).toEqual([{ n: 1 }])
      await session.end()
      expect(await cancelStatement(session)).toBe(false)
    }
  }
  const proxy = await startProxy({ port: on.port })
  const url = new URL(database.url)
  url.port = String(proxy.port)
  const session = await open(url.href)
  proxy.blackHole()
  const started = performance.now()
  expect(await cancelStatement(session, { timeoutMs: 200 })).toBe(false)
  expect(performance.now() - started).toBeLessThan(2_000)
  await Promise.all([session.end(), other.end()])
  await proxy.stop()
})
