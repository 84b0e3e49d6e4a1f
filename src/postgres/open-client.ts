import { Client, type ClientConfig } from 'pg'
import { SkeinError } from '../model/errors.ts'
import type { Refusal } from './connect-errors.ts'
import type { ConnectionSpec, Host } from './session.ts'
import { tlsOptions } from './tls-options.ts'
import { typeParsers } from './type-parsers.ts'

/** A connection that is ready, with what the server said of itself on the way. */
export interface OpenClient {
  client: Client
  host: Host
  encrypted: boolean
  /** ParameterStatus messages: server_version, in_hot_standby (14+) … */
  parameters: Map<string, string>
  /** Needed to cancel what runs. */
  cancelKey: { pid: number; secret: number }
}

/** One attempt: one host, with or without TLS. Gives a client, or why not; throws INTERRUPTED when `signal` is aborted, CONNECT-TLS for unreadable files. */
export async function openClient(
  spec: ConnectionSpec,
  host: Host,
  encrypted: boolean,
  signal?: AbortSignal,
): Promise<OpenClient | Refusal> {
  if (isStopped(signal)) throw stopped(spec)
  const client = new Client(clientConfig(spec, host, encrypted))
  const { connection } = client
  const facts = { tlsUp: !encrypted, timedOut: false }
  const parameters = new Map<string, string>()
  const cancelKey = { pid: 0, secret: 0 }
  connection.on('parameterStatus', (message: ParameterStatus) => parameters.set(message.parameterName, message.parameterValue))
  connection.on('backendKeyData', (message: BackendKeyData) => {
    cancelKey.pid = message.processID
    cancelKey.secret = message.secretKey
  })
  for (const event of [
    'authenticationOk',
    'authenticationSASL',
    'authenticationCleartextPassword',
    'authenticationMD5Password',
    'errorMessage',
  ]) {
    connection.once(event, () => {
      facts.tlsUp = true
    })
  }
  if (spec.ssl.channelBinding === 'require') requireBinding(client)
  // Without a listener an error that comes after the attempt was given up would end the process.
  client.on('error', () => {})
  const destroy = () => connection.stream.destroy()
  const timer = spec.connectTimeoutMs > 0 ? setTimeout(() => giveUp(facts, destroy), spec.connectTimeoutMs) : undefined
  signal?.addEventListener('abort', destroy, { once: true })
  try {
    await client.connect()
    return { client, host, encrypted, parameters, cancelKey }
  } catch (cause) {
    destroy()
    if (isStopped(signal)) throw stopped(spec)
    return { host, cause, timedOut: facts.timedOut, duringTls: encrypted && !facts.tlsUp && !isNetworkError(cause) }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', destroy)
  }
}

function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function stopped(spec: ConnectionSpec): SkeinError {
  return new SkeinError('INTERRUPTED', { message: `stopped while connecting to ${spec.label}` })
}

interface ParameterStatus {
  parameterName: string
  parameterValue: string
}

interface BackendKeyData {
  processID: number
  secretKey: number
}

function clientConfig(spec: ConnectionSpec, host: Host, encrypted: boolean): ClientConfig {
  return {
    host: host.hostaddr ?? host.host,
    port: host.port,
    user: spec.user,
    database: spec.database,
    // A function, because pg would look for a password of its own in the environment and in files when there is none.
    password: () => passwordFor(spec, host),
    ssl: encrypted ? tlsOptions(spec, host) : false,
    sslnegotiation: encrypted ? (spec.ssl.negotiation ?? 'postgres') : 'postgres',
    // libpq's own default is `prefer`; pg cannot bind to every kind of certificate, so only where it was asked for.
    enableChannelBinding: encrypted && spec.ssl.channelBinding === 'require',
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    application_name: shortened(spec.applicationName),
    options: spec.options,
    pipeline: true,
    types: typeParsers,
  }
}

function passwordFor(spec: ConnectionSpec, host: Host): string {
  const password = spec.password ?? host.password
  if (password !== undefined) return password
  throw new SkeinError('AUTH-FAILED', {
    message: `cannot connect to ${spec.label}: the server asks for a password and none was given`,
    hint: 'put it into the URL, PGPASSWORD or ~/.pgpass',
  })
}

/** Ends the attempt before a password or a proof of one goes to a server that cannot prove who it is. */
function requireBinding(client: Client): void {
  let bound = false
  const refuse = () => {
    if (bound) return
    const error = new SkeinError('CONNECT-TLS', {
      message: 'channel_binding=require, but the server does not authenticate by SCRAM-SHA-256-PLUS',
      hint: 'it needs TLS and a SCRAM password on the server',
    })
    client.connection.stream.destroy(error)
  }
  client.connection.on('authenticationSASL', (message: { mechanisms: string[] }) => {
    bound = message.mechanisms.includes('SCRAM-SHA-256-PLUS')
    refuse()
  })
  for (const event of ['authenticationOk', 'authenticationCleartextPassword', 'authenticationMD5Password'])
    client.connection.on(event, refuse)
}

function giveUp(facts: { timedOut: boolean }, destroy: () => void): void {
  facts.timedOut = true
  destroy()
}

function isNetworkError(error: unknown): boolean {
  if (error instanceof AggregateError) return true
  return (
    error instanceof Error &&
    'code' in error &&
    /^E(CONNREFUSED|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOENT|ACCES)$/.test(String(error.code))
  )
}

/** PostgreSQL cuts application_name at 63 bytes, perhaps inside a character. */
function shortened(name: string): string {
  let short = name
  while (Buffer.byteLength(short) > 63) short = Array.from(short).slice(0, -1).join('')
  return short
}
