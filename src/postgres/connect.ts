import { SkeinError } from '../model/errors.ts'
import { rememberCancelKey } from './cancel.ts'
import { clientSession } from './client-session.ts'
import { connectFailure, type Refusal } from './connect-errors.ts'
import { type OpenClient, openClient } from './open-client.ts'
import { literal } from './quote.ts'
import { isServerError } from './server-error.ts'
import type { ConnectionSpec, Host, Session } from './session.ts'

export interface ConnectOptions {
  signal?: AbortSignal
  /** Every transaction of the session is read-only unless it says otherwise. */
  readOnly?: boolean
}

/**
 * Connects as libpq would: hosts in order, each with or without TLS as `sslmode` says, until one has the wished-for attributes; after a
 * refused password the other hosts are not asked. search_path and read-only go out with the first message, so they cost no round trip.
 * The session lives until `end()`. Throws CONNECT-*, AUTH-FAILED, DATABASE-UNKNOWN, TOO-MANY-CONNECTIONS, INTERRUPTED.
 * Source: PostgreSQL 18 manual, "Database Connection Control Functions"; src/interfaces/libpq/fe-connect.c, PQconnectPoll.
 */
export async function connect(spec: ConnectionSpec, options: ConnectOptions = {}): Promise<Session> {
  const failures: SkeinError[] = []
  const wanted = spec.targetSessionAttrs === 'prefer-standby' ? (['standby', 'any'] as const) : [spec.targetSessionAttrs]
  for (const attributes of wanted) {
    failures.length = 0
    for (const host of spec.hosts) {
      const result = await openHost(spec, host, options.signal)
      if (result instanceof SkeinError) {
        failures.push(result)
        if (isFinal(result)) break
        continue
      }
      const session = clientSession(spec, result)
      rememberCancelKey(session, spec, result)
      const unfit = await misfit(session, result, attributes)
      if (unfit === undefined) return withSettings(session, spec, options)
      failures.push(unfit)
      await session.end()
    }
  }
  throw together(failures, spec)
}

/** Tries a host with and without TLS in the order of `sslmode`; a Unix socket is never encrypted. */
async function openHost(spec: ConnectionSpec, host: Host, signal: AbortSignal | undefined): Promise<OpenClient | SkeinError> {
  let last: SkeinError | undefined
  for (const encrypted of encryptions(spec, host)) {
    const result = await openClient(spec, host, encrypted, signal)
    if ('client' in result) return result
    last = connectFailure(spec, result)
    if (!mayTryOtherwise(result, encrypted)) break
  }
  return last ?? new SkeinError('CONNECT-FAILED', { message: `${spec.label}: there is no host to connect to` })
}

function encryptions({ sslmode }: ConnectionSpec, { host }: Host): boolean[] {
  if (host.startsWith('/') || sslmode === 'disable') return [false]
  if (sslmode === 'allow') return [false, true]
  return sslmode === 'prefer' ? [true, false] : [true]
}

/** `prefer` falls back when TLS does not come about; both `prefer` and `allow` try the other way when pg_hba.conf refuses this one. */
function mayTryOtherwise({ cause, duringTls, timedOut }: Refusal, encrypted: boolean): boolean {
  if (timedOut === true) return false
  if (isServerError(cause)) return cause.code === '28000'
  return encrypted && (duringTls === true || (cause instanceof SkeinError && cause.code === 'CONNECT-TLS'))
}

/** libpq goes on to the next host after network errors and "cannot connect now", not after a server has refused the user. */
function isFinal({ code }: SkeinError): boolean {
  return ['AUTH-FAILED', 'DATABASE-UNKNOWN', 'PERMISSION-DENIED', 'TOO-MANY-CONNECTIONS'].includes(code)
}

function withSettings(session: Session, spec: ConnectionSpec, { readOnly }: ConnectOptions): Session {
  const settings: [string, string][] = []
  if (spec.searchPath !== undefined) settings.push(['search_path', spec.searchPath])
  if (readOnly === true) settings.push(['default_transaction_read_only', 'on'])
  if (settings.length === 0) return session
  // Not in the startup message, which connection poolers refuse to pass on; and not waited for: the next message goes right behind it.
  const calls = settings.map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, false)`)
  return guarded(session, session.simple(`select ${calls.join(', ')}`))
}

/** A session whose first answers also say whether its settings were taken. */
function guarded(session: Session, settings: Promise<unknown>): Session {
  settings.catch(() => {})
  const simple = session.simple.bind(session)
  const query = session.query.bind(session)
  let checked = false
  const check = async () => {
    if (checked) return
    await settings
    checked = true
  }
  session.simple = async (text) => {
    const answer = simple(text)
    if (!checked) await afterBoth(check(), answer)
    return answer
  }
  session.query = async <Row>(text: string, values?: readonly unknown[]) => {
    const answer = query<Row>(text, values)
    if (!checked) await afterBoth(check(), answer)
    return answer
  }
  return session
}

async function afterBoth(first: Promise<unknown>, second: Promise<unknown>): Promise<void> {
  const [outcome] = await Promise.allSettled([first, second])
  if (outcome.status === 'rejected') throw outcome.reason
}

async function misfit(session: Session, open: OpenClient, wanted: ConnectionSpec['targetSessionAttrs']): Promise<SkeinError | undefined> {
  if (wanted === 'any') return undefined
  // Reported by the server from 14 on; older ones and poolers are asked.
  let standby = open.parameters.get('in_hot_standby')
  let readOnly = open.parameters.get('default_transaction_read_only')
  if (standby === undefined || readOnly === undefined) {
    const text =
      "select case when pg_is_in_recovery() then 'on' else 'off' end as standby, current_setting('default_transaction_read_only') as read_only"
    const [row] = await session.query<{ standby: string; read_only: string }>(text)
    standby = row?.standby
    readOnly = row?.read_only
  }
  const is = { standby: standby === 'on', readOnly: standby === 'on' || readOnly === 'on' }
  const fits = { 'read-write': !is.readOnly, 'read-only': is.readOnly, primary: !is.standby, standby: is.standby, 'prefer-standby': true }
  if (fits[wanted]) return undefined
  return new SkeinError('CONNECT-FAILED', {
    message: `${session.label}: target_session_attrs=${wanted}, but the server is ${is.standby ? 'a standby' : is.readOnly ? 'read-only' : 'a primary that can be written'}`,
    hint: 'name another host, or leave target_session_attrs out',
  })
}

function together(failures: readonly SkeinError[], spec: ConnectionSpec): SkeinError {
  const last = failures.at(-1)
  if (last === undefined) return new SkeinError('CONNECT-FAILED', { message: `${spec.label}: there is no host to connect to` })
  if (failures.length === 1 || isFinal(last)) return last
  const same = failures.every((failure) => failure.code === last.code)
  return new SkeinError(same ? last.code : 'CONNECT-FAILED', {
    message: failures.map((failure) => failure.message).join('; '),
    hint: last.details.hint,
    cause: last,
  })
}
