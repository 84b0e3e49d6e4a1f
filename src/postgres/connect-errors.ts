import { type ErrorCode, SkeinError } from '../model/errors.ts'
import { addressLabel } from './host-list.ts'
import { redact } from './redact.ts'
import { isServerError } from './server-error.ts'
import type { ConnectionSpec, Host } from './session.ts'

/** Why no connection came about, as Node, the TLS library or PostgreSQL said it. */
export interface Refusal {
  host: Host
  cause: unknown
  /** Our own limit ran out. */
  timedOut?: boolean
  /** The error came while TLS was being agreed on. */
  duringTls?: boolean
}

/**
 * One refusal as one of our errors, naming host, port, user and database, never the password: CONNECT-REFUSED, CONNECT-HOST, CONNECT-TIMEOUT,
 * CONNECT-TLS, CONNECT-STARTING, AUTH-FAILED, DATABASE-UNKNOWN, TOO-MANY-CONNECTIONS, PERMISSION-DENIED, CONNECT-FAILED.
 * Source of the SQLSTATEs: PostgreSQL 18 manual, "PostgreSQL Error Codes".
 */
export function connectFailure(spec: ConnectionSpec, refusal: Refusal): SkeinError {
  const { cause, host } = refusal
  if (cause instanceof SkeinError) return cause
  const { code, what, hint } = reasonOf(spec, refusal)
  const secrets = [spec.password, host.password, spec.ssl.keyPassword].filter((secret) => secret !== undefined && secret.length >= 4)
  return new SkeinError(code, {
    message: redact(
      `cannot connect to ${addressLabel(host)}, database ${spec.database}, user ${spec.user}: ${what}`,
      withoutNames(secrets, spec),
    ),
    hint,
    ...(isServerError(cause) ? { sqlstate: cause.code } : {}),
    data: { host: host.host, port: host.port, user: spec.user, database: spec.database },
  })
}

interface Reason {
  code: ErrorCode
  what: string
  hint?: string
}

function reasonOf(spec: ConnectionSpec, refusal: Refusal): Reason {
  const { cause, host } = refusal
  if (refusal.timedOut === true) {
    return {
      code: 'CONNECT-TIMEOUT',
      what: `no answer within ${spec.connectTimeoutMs / 1000} s`,
      hint: 'check host, port and firewall; connect_timeout=SECONDS sets the limit',
    }
  }
  if (isServerError(cause)) return ofServer(spec, host, cause.code, cause.message)
  const systemCode = codeOf(cause)
  if (systemCode === 'ECONNRESET' || /terminated unexpectedly/.test(textOf(cause))) return closedEarly(spec)
  const network = systemCode === undefined ? undefined : ofNetwork(systemCode, host)
  if (network !== undefined) return network
  const message = textOf(cause)
  if (refusal.duringTls === true || /^ERR_(TLS|SSL|OSSL)/.test(systemCode ?? '') || /SSL/.test(message))
    return ofTls(spec, systemCode, message)
  if (message.startsWith('SASL')) return { code: 'AUTH-FAILED', what: message }
  return { code: 'CONNECT-FAILED', what: message }
}

function closedEarly(spec: ConnectionSpec): Reason {
  const direct = spec.ssl.negotiation === 'direct' ? 'sslnegotiation=direct needs PostgreSQL 17 with ssl on; otherwise: ' : ''
  return {
    code: 'CONNECT-FAILED',
    what: 'the connection was closed before it was ready',
    hint: `${direct}is that a PostgreSQL server? look into its log`,
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function ofNetwork(systemCode: string, host: Host): Reason | undefined {
  const socket = host.host.startsWith('/')
  if (systemCode === 'ECONNREFUSED') {
    return {
      code: 'CONNECT-REFUSED',
      what: 'nothing listens there',
      hint: 'is the server running, and is the port right? skein wait waits for it',
    }
  }
  if (systemCode === 'ENOENT' && socket) {
    return {
      code: 'CONNECT-REFUSED',
      what: 'there is no such socket',
      hint: 'is the server running? its sockets lie in unix_socket_directories',
    }
  }
  if (systemCode === 'EACCES' && socket) return { code: 'CONNECT-FAILED', what: 'the socket may not be opened (permission denied)' }
  if (systemCode === 'ENOTFOUND' || systemCode === 'EAI_AGAIN') {
    return {
      code: 'CONNECT-HOST',
      what: `the host name ${host.host} is unknown`,
      hint: 'check the spelling, and the name service of this machine',
    }
  }
  if (systemCode === 'ETIMEDOUT') return { code: 'CONNECT-TIMEOUT', what: 'no answer', hint: 'check host, port and firewall' }
  if (systemCode === 'EHOSTUNREACH' || systemCode === 'ENETUNREACH')
    return { code: 'CONNECT-FAILED', what: 'there is no way to that address' }
  return undefined
}

function ofServer(spec: ConnectionSpec, host: Host, sqlstate: string, message: string): Reason {
  if (sqlstate === '28P01') {
    const none = spec.password === undefined && host.password === undefined
    return {
      code: 'AUTH-FAILED',
      what: message,
      hint: none ? missingPassword : 'check user and password; PGPASSWORD and ~/.pgpass are read too',
    }
  }
  if (sqlstate === '28000') return { code: 'AUTH-FAILED', what: message, hint: 'check the user, sslmode, and pg_hba.conf of the server' }
  if (sqlstate === '3D000') return { code: 'DATABASE-UNKNOWN', what: message, hint: `create it: ${createdb(spec, host)}` }
  if (sqlstate === '57P03') return { code: 'CONNECT-STARTING', what: message, hint: 'skein wait waits until it is ready' }
  if (sqlstate === '53300') return { code: 'TOO-MANY-CONNECTIONS', what: message, hint: 'end idle sessions, or raise max_connections' }
  if (sqlstate === '42501')
    return { code: 'PERMISSION-DENIED', what: message, hint: `grant connect on database ${spec.database} to ${spec.user}` }
  return { code: 'CONNECT-FAILED', what: message }
}

const missingPassword = 'no password was given: put it into the URL, PGPASSWORD or ~/.pgpass'

function ofTls(spec: ConnectionSpec, systemCode: string | undefined, message: string): Reason {
  if (/does not support SSL/.test(message)) {
    return {
      code: 'CONNECT-TLS',
      what: `the server does not offer TLS, and sslmode=${spec.sslmode} asks for it`,
      hint: 'turn ssl on in the server, or use sslmode=prefer',
    }
  }
  const known: Readonly<Record<string, string>> = {
    ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name; use that name, or sslmode=verify-ca',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'name the certificate that signed it with sslrootcert=FILE',
    SELF_SIGNED_CERT_IN_CHAIN: 'name the certificate that signed it with sslrootcert=FILE',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'name the certificate that signed it with sslrootcert=FILE',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'name the certificate that signed it with sslrootcert=FILE',
    CERT_HAS_EXPIRED: 'the certificate of the server has to be renewed',
  }
  return {
    code: 'CONNECT-TLS',
    what: `TLS could not be agreed on: ${message}`,
    hint: known[systemCode ?? ''] ?? `sslmode is ${spec.sslmode}`,
  }
}

/** The code of a system error; of the first where Node tried several addresses of one name. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function createdb(spec: ConnectionSpec, { host, port }: Host): string {
  return ['createdb', '-h', host, '-p', String(port), '-U', spec.user, spec.database].map(shellWord).join(' ')
}

function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** A password that is also the user's or the database's name cannot be taken out without making the message useless. */
function withoutNames(secrets: readonly (string | undefined)[], spec: ConnectionSpec): string[] {
  const names = [spec.user, spec.database, ...spec.hosts.map((host) => host.host)]
  return secrets.filter((secret) => secret !== undefined).filter((secret) => !names.some((name) => name.includes(secret)))
}
