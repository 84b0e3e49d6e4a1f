import pg from 'pg'
import { expect, it } from 'vitest'
import { startProxy } from './proxy.ts'
import { server } from './server.ts'

it('counts round trips apart from the start, delays, and cuts', async () => {
  const on = await server()
  const proxy = await startProxy({ port: on.port })
  const open = async () => {
    const url = new URL(on.url())
    url.hostname = '127.0.0.1'
    url.port = String(proxy.port)
    const client = new pg.Client({ connectionString: url.href })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const client = await open()
  const { startup, after } = proxy.roundTrips()
  expect(startup).toBeGreaterThanOrEqual(1)
  expect(after).toBe(0)
  await client.query('select 1')
  await client.query('select 2')
  expect(proxy.roundTrips()).toEqual({ startup, after: 2 })
  proxy.reset()
  proxy.setLatency(60)
  const started = performance.now()
  await client.query('select 3')
  expect(performance.now() - started).toBeGreaterThan(55)
  expect(proxy.roundTrips()).toEqual({ startup: 0, after: 1 })
  proxy.setLatency(0)
  expect(proxy.connections()).toBe(1)
  proxy.cutAfter(10)
  await expect(client.query('select 4')).rejects.toThrow(/ECONNRESET|terminated/)
  proxy.cutAfter(Infinity)
  const other = await open()
  const pending = other.query('select pg_sleep(5)').catch((error: unknown) => error)
  proxy.cutNow()
  expect(await pending).toBeInstanceOf(Error)
  await expect.poll(() => proxy.connections()).toBe(0)
  await proxy.stop()
})
