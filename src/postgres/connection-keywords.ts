import { nearest } from '../util/nearest.ts'

/**
 * What is done with each keyword of a connection string:
 * `used`; `accepted` (has no effect on what is connected to or on how safely); or only with the values listed, because ignoring any
 * other would silently give up what was asked for.
 * Source: PostgreSQL 18 manual, "Parameter Key Words"; `search_path` and other run-time parameters are an addition of Go's lib/pq and pgx.
 */
export const connectionKeywords: Readonly<Record<string, 'used' | 'accepted' | readonly string[]>> = {
  host: 'used',
  hostaddr: 'used',
  port: 'used',
  dbname: 'used',
  user: 'used',
  password: 'used',
  passfile: 'used',
  service: 'used',
  servicefile: 'used',
  sslmode: 'used',
  sslrootcert: 'used',
  sslcert: 'used',
  sslkey: 'used',
  sslpassword: 'used',
  sslcrl: 'used',
  sslnegotiation: 'used',
  ssl_min_protocol_version: 'used',
  ssl_max_protocol_version: 'used',
  channel_binding: 'used',
  application_name: 'used',
  fallback_application_name: 'used',
  connect_timeout: 'used',
  options: 'used',
  target_session_attrs: 'used',
  search_path: 'used',
  keepalives: 'accepted',
  keepalives_idle: 'accepted',
  keepalives_interval: 'accepted',
  keepalives_count: 'accepted',
  tcp_user_timeout: 'accepted',
  load_balance_hosts: 'accepted',
  sslcompression: 'accepted',
  sslsni: 'accepted',
  gsslib: 'accepted',
  krbsrvname: 'accepted',
  gssdelegation: 'accepted',
  min_protocol_version: ['3.0'],
  max_protocol_version: 'accepted',
  client_encoding: ['auto', 'utf8', 'UTF8', 'utf-8', 'UTF-8'],
  gssencmode: ['disable', 'prefer'],
  sslcertmode: ['allow'],
  replication: ['false', 'off', 'no', '0'],
  sslcrldir: [],
  requirepeer: [],
  require_auth: [],
  scram_client_key: [],
  scram_server_key: [],
  sslkeylogfile: [],
}

/** What other programs call some of them. */
const elsewhere: Readonly<Record<string, string>> = { database: 'dbname', username: 'user', pass: 'password', schema: 'search_path' }

/** The keyword nearest to a mistyped one, or undefined when none is near. */
export function nearestKeyword(word: string): string | undefined {
  const found = nearest(word, [...Object.keys(elsewhere), ...Object.keys(connectionKeywords)])
  return found === undefined ? undefined : (elsewhere[found] ?? found)
}
