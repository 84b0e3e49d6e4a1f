import { existsSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { ConnectionSettings } from './connection-settings.ts'
import { parseConnectionString } from './connection-string.ts'
import { environmentSource, libpqSettings } from './environment-sources.ts'
import { addressLabel, hostList } from './host-list.ts'
import { invalidUrl } from './invalid-url.ts'
import { type PasswordLookup, readPasswordFile } from './password-file.ts'
import { readService } from './service-file.ts'
import type { ConnectionSpec } from './session.ts'
import { sslSettings } from './ssl-settings.ts'

export interface ConnectionSources {
  /** What a flag says. */
  given?: string
  /** What skein.yaml says, its variables filled in. */
  configured?: string
  env: NodeJS.ProcessEnv
  /** Where `given` and `configured` stand, for messages. */
  givenAt?: string
  configuredAt?: string
  /** `skein/<version> …`; one that the string or PGAPPNAME gives is put behind it. */
  applicationName?: string
  /** Where the string and PGCONNECT_TIMEOUT say nothing. 0: no limit. */
  connectTimeoutMs?: number
  /** search_path of the session; wins over the string's. */
  searchPath?: string
  /** The user's home and login name; by default those of the process. */
  home?: string
  login?: string
}

const socketFolders = ['/var/run/postgresql', '/tmp']

/**
 * How to reach the server: the flag, else skein.yaml, else DATABASE_URL, else DB_HOST …, else PG*. Pieces that are left out come from the
 * string's service, from PG*, then from libpq's defaults. Reads service, password and certificate-folder files, connects to nothing.
 * Throws DATABASE-MISSING, DATABASE-AMBIGUOUS, URL-INVALID.
 * Source: PostgreSQL 18 manual, "Database Connection Control Functions". Different from libpq: without a host it is the socket that exists in
 * /var/run/postgresql or /tmp, else localhost; PGHOSTADDR belongs to PGHOST alone.
 */
export function resolveConnection(sources: ConnectionSources): ConnectionSpec {
  const { where, settings } = chosen(sources)
  const home = sources.home ?? homedir()
  const values = complete(settings.values, sources.env, home)
  const hosts = hostList(values, where, defaultHost)
  const user = values.user ?? sources.login ?? userInfo().username
  const database = values.dbname ?? user
  const file = readPasswordFile(values.passfile ?? join(home, '.pgpass'))
  const withPasswords =
    values.password === undefined ? hosts.map((host) => ({ ...host, password: fromFile(file.lookup, host, database, user) })) : hosts
  const spec: ConnectionSpec = {
    label: `${hosts.map(addressLabel).join(',')}/${database} as ${user}`,
    hosts: withPasswords,
    user,
    database,
    password: values.password,
    ...sslSettings(values, where, home),
    targetSessionAttrs: oneOf('target_session_attrs', values.target_session_attrs ?? 'any', attributes, where),
    connectTimeoutMs: timeout(values.connect_timeout, where, sources.connectTimeoutMs ?? 15_000),
    applicationName: applicationName(sources.applicationName, values.application_name ?? values.fallback_application_name),
    options: values.options,
    searchPath: sources.searchPath ?? values.search_path,
    urlPath: settings.urlPath,
    extra: settings.extra,
    warnings: file.warning === undefined || values.password !== undefined ? [] : [file.warning],
  }
  return spec
}

const attributes = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const

function chosen(sources: ConnectionSources): { where: string; settings: ConnectionSettings } {
  const { given, configured, env } = sources
  if (given !== undefined) {
    const where = sources.givenAt ?? '--database'
    return { where, settings: parseConnectionString(given, where) }
  }
  if (configured !== undefined) {
    const where = sources.configuredAt ?? 'database'
    return { where, settings: parseConnectionString(configured, where) }
  }
  const found = environmentSource(env)
  // PG* are filled in below, after a service: nothing of them is explicit.
  if (found?.variables === 'PGHOST') return { where: 'PGHOST', settings: { values: {}, extra: {} } }
  if (found !== undefined) return { where: found.variables, settings: found.settings }
  throw new SkeinError('DATABASE-MISSING', {
    message: 'no database is configured',
    hint:
      'say which: --database postgres://user:password@host:5432/database, or database: in skein.yaml, or the variable DATABASE_URL, ' +
      'or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, or PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, or PGSERVICE; ' +
      'or let a server be started here: database: embedded in skein.yaml, or --embedded',
  })
}

function complete(explicit: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv, home: string): Record<string, string> {
  const fallback = libpqSettings(env)
  if (explicit.host !== undefined) delete fallback.hostaddr
  const name = explicit.service ?? fallback.service
  const service = name === undefined ? {} : readService(name, env, home, explicit.servicefile ?? env.PGSERVICEFILE)
  return { ...fallback, ...service, ...explicit }
}

function defaultHost(port: number): string {
  return socketFolders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? 'localhost'
}

function fromFile(
  lookup: PasswordLookup,
  { host, port }: { host: string; port: number },
  database: string,
  user: string,
): string | undefined {
  return lookup({ host: socketFolders.includes(host) ? 'localhost' : host, port, database, user })
}

function applicationName(ours: string | undefined, theirs: string | undefined): string {
  return [ours ?? (theirs === undefined ? 'skein' : undefined), theirs].filter((part) => part !== undefined).join(' ')
}

function timeout(text: string | undefined, where: string, fallback: number): number {
  if (text === undefined) return fallback
  if (!/^\s*-?[0-9]+\s*$/.test(text)) throw invalidUrl(where, 'connect_timeout is not a number of seconds', 'write connect_timeout=10')
  return Math.max(0, Number(text)) * 1000
}

function oneOf<const Choice extends string>(key: string, value: string, choices: readonly Choice[], where: string): Choice {
  const found = choices.find((choice) => choice === value)
  if (found !== undefined) return found
  throw invalidUrl(where, `${key} cannot be what it says`, `one of ${choices.join(', ')}`)
}
