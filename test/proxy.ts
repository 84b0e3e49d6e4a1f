import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A TCP proxy before a PostgreSQL server that counts round trips and spoils connections on command. */
export interface Proxy {
  port: number
  /** Answered changes of direction over all connections: before and after the first ReadyForQuery of each. With TLS everything counts as startup. */
  roundTrips(): { startup: number; after: number }
  /** Forgets what was counted. */
  reset(): void
  /** Adds this much to each round trip, half in each direction. */
  setLatency(ms: number): void
  /**
   * Resets each connection (RST) once so many bytes, counted from now (or from its start, for later ones), have come from the server (`down`,
   * the default) or the client (`up`). Infinity: no longer.
   */
  cutAfter(bytes: number, direction?: 'up' | 'down'): void
  /** Resets all connections. */
  cutNow(): void
  /** Swallows everything in both directions, without closing, until called with false. What was swallowed stays lost. */
  blackHole(on?: boolean): void
  /** Open connections. */
  connections(): number
  stop(): Promise<void>
}

/** Starts a proxy on a free port of 127.0.0.1 before `host:port`; a host that starts with `/` is a socket folder. */
export async function startProxy({ port, host = '127.0.0.1' }: { port: number; host?: string }): Promise<Proxy> {
  const counts = { startup: 0, after: 0 }
  const links = new Set<Link>()
  const settings = { latency: 0, swallow: false, budget: { up: Infinity, down: Infinity } }
  const server = createServer((client) => {
    const upstream = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    const link = newLink(client, upstream, settings.budget)
    links.add(link)
    client.setNoDelay(true)
    upstream.setNoDelay(true)
    forward(link, 'up', settings, counts)
    forward(link, 'down', settings, counts)
    for (const socket of [client, upstream]) {
      socket.on('error', () => cut(link))
      socket.on('close', () => {
        links.delete(link)
        // What is still on its way, delayed, gets there before the end does.
        void Promise.all([link.queue.up, link.queue.down]).then(() => {
          client.end()
          upstream.end()
        })
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    roundTrips: () => ({ ...counts }),
    reset: () => Object.assign(counts, { startup: 0, after: 0 }),
    setLatency: (ms) => {
      settings.latency = ms
    },
    cutAfter: (bytes, direction = 'down') => {
      settings.budget[direction] = bytes
      for (const link of links) link.budget[direction] = bytes
    },
    cutNow: () => links.forEach(cut),
    blackHole: (on = true) => {
      settings.swallow = on
    },
    connections: () => links.size,
    stop: () => {
      links.forEach(cut)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

type Way = 'up' | 'down'

interface Link {
  client: Socket
  upstream: Socket
  budget: Record<Way, number>
  queue: Record<Way, Promise<void>>
  last: Way
  ready: boolean
  sawReady: (chunk: Buffer) => boolean
}

function newLink(client: Socket, upstream: Socket, budget: Record<Way, number>): Link {
  return {
    client,
    upstream,
    budget: { ...budget },
    queue: { up: Promise.resolve(), down: Promise.resolve() },
    last: 'down',
    ready: false,
    sawReady: readyWatcher(),
  }
}

function forward(link: Link, way: Way, settings: { latency: number; swallow: boolean }, counts: { startup: number; after: number }): void {
  const [from, to] = way === 'up' ? [link.client, link.upstream] : [link.upstream, link.client]
  from.on('data', (chunk) => {
    if (settings.swallow) return
    if (way === 'down' && link.last === 'up') counts[link.ready ? 'after' : 'startup']++
    link.last = way
    if (way === 'down' && !link.ready) link.ready = link.sawReady(chunk)
    const allowed = chunk.subarray(0, Math.min(chunk.length, link.budget[way]))
    link.budget[way] -= allowed.length
    const spent = link.budget[way] <= 0
    const due = performance.now() + settings.latency / 2
    link.queue[way] = link.queue[way].then(async () => {
      const left = due - performance.now()
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
      if (allowed.length > 0 && to.writable) to.write(allowed)
      if (spent) setImmediate(() => cut(link))
    })
  })
}

function cut({ client, upstream }: Link): void {
  client.resetAndDestroy()
  upstream.resetAndDestroy()
}

/** Follows the server's messages (one byte of type, four of length) and tells of the first ReadyForQuery. The answer to an SSLRequest is a single S or N. */
function readyWatcher(): (chunk: Buffer) => boolean {
  let pending = Buffer.alloc(0)
  let first = true
  let encrypted = false
  return (chunk) => {
    if (encrypted) return false
    if (first && chunk.length === 1 && (chunk[0] === 0x53 || chunk[0] === 0x4e)) {
      encrypted = chunk[0] === 0x53
      return false
    }
    first = false
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 5) {
      if (pending[0] === 0x5a) return true
      const length = 1 + pending.readInt32BE(1)
      if (pending.length < length) return false
      pending = pending.subarray(length)
    }
    return false
  }
}
