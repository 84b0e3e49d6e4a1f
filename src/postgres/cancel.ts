import { connect as connectSocket, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { OpenClient } from './open-client.ts'
import type { ConnectionSpec, Session } from './session.ts'
import { tlsOptions } from './tls-options.ts'

/** What a cancel request needs; kept apart from the session so that nobody prints it. */
const keys = new WeakMap<Session, { spec: ConnectionSpec; open: OpenClient }>()

export function rememberCancelKey(session: Session, spec: ConnectionSpec, open: OpenClient): void {
  keys.set(session, { spec, open })
}

/**
 * Cancels the statement that `session` is running: by `pg_cancel_backend` when another session is given, else by a cancel request on a new
 * connection (encrypted where the session is). True when the server took it, which says nothing of whether something was still running: the
 * statement itself then rejects with 57014. Never takes longer than `timeoutMs`; throws nothing.
 * Source: PostgreSQL 18 manual, "Message Flow", canceling requests in progress.
 */
export async function cancelStatement(
  session: Session,
  { via, timeoutMs = 3_000 }: { via?: Session; timeoutMs?: number } = {},
): Promise<boolean> {
  if (session.closed) return false
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs)
  })
  const asked = via === undefined ? cancelRequest(session, timeoutMs) : backendCancelled(via, session.pid)
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}

async function backendCancelled(via: Session, pid: number): Promise<boolean> {
  try {
    const [row] = await via.query<{ done: boolean }>('select pg_cancel_backend($1::int) as done', [pid])
    return row?.done === true
  } catch {
    return false
  }
}

function cancelRequest(session: Session, timeoutMs: number): Promise<boolean> {
  const key = keys.get(session)
  if (key === undefined) return Promise.resolve(false)
  const { spec, open } = key
  const { host, encrypted } = open
  return new Promise((resolve) => {
    const socket = host.host.startsWith('/')
      ? connectSocket(`${host.host}/.s.PGSQL.${host.port}`)
      : connectSocket(host.port, host.hostaddr ?? host.host)
    const finish = (done: boolean) => {
      socket.destroy()
      resolve(done)
    }
    socket.setTimeout(timeoutMs, () => finish(false))
    socket.on('error', () => finish(false))
    socket.once('connect', () => {
      if (!encrypted) return ask(socket, open, finish)
      if (spec.ssl.negotiation === 'direct') return ask(secured(socket, key, ['postgresql'], finish), open, finish)
      socket.write(message(80877103))
      socket.once('data', (answer) => {
        if (answer.toString('latin1') !== 'S') return finish(false)
        ask(secured(socket, key, undefined, finish), open, finish)
      })
    })
  })
}

function secured(
  socket: Socket,
  { spec, open }: { spec: ConnectionSpec; open: OpenClient },
  protocols: string[] | undefined,
  finish: (done: boolean) => void,
): TLSSocket {
  const tls = connectTls({ ...tlsOptions(spec, open.host), socket, ...(protocols === undefined ? {} : { ALPNProtocols: protocols }) })
  tls.on('error', () => finish(false))
  return tls
}

/** The server answers a cancel request by closing the connection. */
function ask(stream: Socket, { cancelKey }: OpenClient, finish: (done: boolean) => void): void {
  stream.once('close', () => finish(true))
  stream.resume()
  stream.write(message(80877102, cancelKey.pid, cancelKey.secret))
}

function message(...numbers: number[]): Buffer {
  const buffer = Buffer.alloc(4 + 4 * numbers.length)
  buffer.writeInt32BE(buffer.length, 0)
  for (const [index, number] of numbers.entries()) buffer.writeInt32BE(number | 0, 4 + 4 * index)
  return buffer
}
