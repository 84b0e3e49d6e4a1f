import { SkeinError } from '../model/errors.ts'
import type { ConnectionSettings } from './connection-settings.ts'
import { parseConnectionString } from './connection-string.ts'

/** One way in which the environment names a database. */
export interface EnvironmentSource {
  /** The variables that say so, for messages. */
  variables: string
  settings: ConnectionSettings
}

const plainVariables = {
  DB_HOST: 'host',
  DB_PORT: 'port',
  DB_USER: 'user',
  DB_PASSWORD: 'password',
  DB_NAME: 'dbname',
  DB_SSLMODE: 'sslmode',
}

/** libpq's own variables with their keywords. Source: PostgreSQL 18 manual, "Environment Variables" of libpq. */
const libpqVariables = {
  PGHOST: 'host',
  PGHOSTADDR: 'hostaddr',
  PGPORT: 'port',
  PGDATABASE: 'dbname',
  PGUSER: 'user',
  PGPASSWORD: 'password',
  PGPASSFILE: 'passfile',
  PGSERVICE: 'service',
  PGSSLMODE: 'sslmode',
  PGSSLROOTCERT: 'sslrootcert',
  PGSSLCERT: 'sslcert',
  PGSSLKEY: 'sslkey',
  PGSSLCRL: 'sslcrl',
  PGSSLNEGOTIATION: 'sslnegotiation',
  PGSSLMINPROTOCOLVERSION: 'ssl_min_protocol_version',
  PGSSLMAXPROTOCOLVERSION: 'ssl_max_protocol_version',
  PGCHANNELBINDING: 'channel_binding',
  PGAPPNAME: 'application_name',
  PGCONNECT_TIMEOUT: 'connect_timeout',
  PGOPTIONS: 'options',
  PGTARGETSESSIONATTRS: 'target_session_attrs',
}

/** libpq's variables as settings; an empty variable counts as unset. */
export function libpqSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  return pick(env, libpqVariables)
}

/**
 * The database that the environment names: DATABASE_URL, else DB_HOST …, else PGHOST …; undefined when none does. Throws DATABASE-AMBIGUOUS
 * when two of them say different hosts, ports or databases, naming the variables and no value; URL-INVALID.
 */
export function environmentSource(env: NodeJS.ProcessEnv): EnvironmentSource | undefined {
  const sources = [databaseUrl(env), plain(env), libpq(env)].filter((source) => source !== undefined)
  for (const [index, first] of sources.entries()) {
    for (const second of sources.slice(index + 1)) refuseDifference(first, second)
  }
  return sources[0]
}

function databaseUrl(env: NodeJS.ProcessEnv): EnvironmentSource | undefined {
  const text = env.DATABASE_URL?.trim()
  return text ? { variables: 'DATABASE_URL', settings: parseConnectionString(text, 'DATABASE_URL') } : undefined
}

function plain(env: NodeJS.ProcessEnv): EnvironmentSource | undefined {
  if (!env.DB_HOST && !env.DB_NAME) return undefined
  return { variables: 'DB_HOST', settings: { values: pick(env, plainVariables), extra: {} } }
}

function libpq(env: NodeJS.ProcessEnv): EnvironmentSource | undefined {
  if (!env.PGHOST && !env.PGHOSTADDR && !env.PGDATABASE && !env.PGSERVICE && !env.PGPORT) return undefined
  return { variables: 'PGHOST', settings: { values: libpqSettings(env), extra: {} } }
}

function refuseDifference(first: EnvironmentSource, second: EnvironmentSource): void {
  const names = { host: ['DB_HOST', 'PGHOST'], port: ['DB_PORT', 'PGPORT'], dbname: ['DB_NAME', 'PGDATABASE'] }
  // PG* fill the gaps of the others, as in libpq; DATABASE_URL and DB_* do not fill each other's: a port left out is 5432.
  const filling = second.variables === 'PGHOST'
  for (const [key, [plainName, libpqName]] of Object.entries(names)) {
    const one = comparable(key, first, filling)
    const other = comparable(key, second, filling)
    if (one === undefined || other === undefined || one === other) continue
    const named = (source: EnvironmentSource) =>
      source.variables === 'DB_HOST' ? plainName : source.variables === 'PGHOST' ? libpqName : source.variables
    throw new SkeinError('DATABASE-AMBIGUOUS', {
      message: `${named(first)} and ${named(second)} name different ${key === 'dbname' ? 'databases' : `${key}s`}`,
      hint: 'unset one of them, or say which with --database',
    })
  }
}

function comparable(key: string, source: EnvironmentSource, filling: boolean): string | undefined {
  const { values } = source.settings
  if (key === 'host')
    return values.host?.replace(/^(127\.0\.0\.1|::1)$/, 'localhost') ?? (filling || source.variables === 'DB_HOST' ? undefined : '')
  if (key === 'port' && !filling) return values.port ?? '5432'
  return values[key]
}

function pick(env: NodeJS.ProcessEnv, names: Readonly<Record<string, string>>): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [variable, keyword] of Object.entries(names)) {
    const value = env[variable]
    if (value) values[keyword] = value
  }
  return values
}
