import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Health } from '../app/health.ts'
import { SkeinError } from '../model/errors.ts'
import { plainReadiness } from '../report/human/health.ts'
import { prometheus } from '../report/prometheus.ts'

/** Milliseconds for which one look answers everybody: probes and scrapes of many cost one look. */
const freshMs = 1_000

export interface HealthServer {
  /** http://HOST:PORT, as it was bound. */
  url: string
  /** Settles when it was stopped. */
  ended: Promise<void>
}

/** `[HOST]:PORT`, or a port alone: without a host every address of the machine. IPv6 in brackets. Throws USAGE. */
export function parseAddress(text: string): { host: string | undefined; port: number } {
  const match = /^(?:(?:\[([^\]]+)\]|([^:]*)):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535)
    throw new SkeinError('USAGE', { message: `${text} is no address to listen on`, hint: 'write :8080, 127.0.0.1:8080 or [::1]:8080' })
  const host = match[1] ?? match[2]
  return { host: host === '' ? undefined : host, port }
}

/**
 * Serves `/healthz` (this process lives: 200, whatever the database does), `/readyz` (200, or 503 with a code for each service that lacks something) and
 * `/metrics` until the signal comes. Nothing that it says names a host, a role or a password. Throws USAGE where the address cannot be had.
 */
export async function serveHealth(
  { host, port }: { host: string | undefined; port: number },
  look: () => Promise<Health>,
  signal: AbortSignal,
): Promise<HealthServer> {
  const cached = cachedFor(freshMs, look)
  const server = createServer((request, response) => {
    void answer(request.method ?? 'GET', (request.url ?? '/').replace(/\?.*$/, ''), cached).then(({ status, text, type }) => {
      response.writeHead(status, { 'content-type': type ?? 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
      response.end(request.method === 'HEAD' ? undefined : text)
    })
  })
  await listening(server, host, port)
  const ended = new Promise<void>((done) => {
    const stop = () => {
      server.close(() => done())
      server.closeAllConnections()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  const bound = server.address() as AddressInfo
  return { url: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`, ended }
}

interface Answer {
  status: number
  text: string
  type?: string
}

async function answer(method: string, path: string, look: () => Promise<Health>): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'only GET\n' }
  if (path === '/healthz' || path === '/livez') return { status: 200, text: 'ok\n' }
  if (path !== '/readyz' && path !== '/metrics') return { status: 404, text: 'there are /healthz, /readyz and /metrics\n' }
  try {
    const health = await look()
    if (path === '/metrics') return { status: 200, text: prometheus(health), type: 'text/plain; version=0.0.4; charset=utf-8' }
    return { status: health.ready ? 200 : 503, text: plainReadiness(health) }
  } catch (error) {
    return { status: 503, text: `not ready\n${error instanceof SkeinError ? error.code : 'internal error'}\n` }
  }
}

/** Whoever asks while a look is on its way, or shortly after, gets that one. A look that failed is fresh for as long. */
function cachedFor<Value>(ms: number, make: () => Promise<Value>): () => Promise<Value> {
  let latest: Promise<Value> | undefined
  return () => {
    if (latest !== undefined) return latest
    const made = make()
    latest = made
    const forget = () => void setTimeout(() => (latest = undefined), ms).unref()
    made.then(forget, forget)
    return made
  }
}

async function listening(server: Server, host: string | undefined, port: number): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      fail(
        new SkeinError('USAGE', { message: `cannot listen on ${host ?? ''}:${port} (${cause.code})`, hint: 'choose another port', cause }),
      ),
    )
    server.listen({ port, host }, done)
  })
}
