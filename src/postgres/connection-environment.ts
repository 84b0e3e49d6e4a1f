import type { ConnectionSpec, Session } from './session.ts'

/**
 * The connection as variables for a program of the user's: `DATABASE_URL`, libpq's `PG*`, and `DB_HOST` to `DB_SSLMODE`, for whichever it reads. One
 * host: the one that was reached, else the first. sslmode is said plainly (`disable` or what was asked for), because drivers disagree on what
 * `prefer` means: node-postgres takes it for verify-full (https://node-postgres.com/features/ssl). Contains the password: never print it.
 */
export function connectionEnvironment(spec: ConnectionSpec, reached?: Session['reached']): Record<string, string> {
  const host = reached?.host ?? spec.hosts[0]
  const name = host?.host ?? 'localhost'
  const port = String(host?.port ?? 5432)
  const password = spec.password ?? host?.password
  const sslmode =
    reached?.encrypted === false ? 'disable' : spec.sslmode === 'prefer' || spec.sslmode === 'allow' ? undefined : spec.sslmode
  const socket = name.startsWith('/')
  const query = new URLSearchParams()
  if (socket) query.set('host', name)
  if (socket) query.set('port', port)
  // Not every driver takes the parameter (asyncpg, pg8000), and none speaks TLS unasked.
  if (sslmode !== undefined && sslmode !== 'disable') query.set('sslmode', sslmode)
  if (spec.ssl.rootcert !== undefined && sslmode !== 'disable') query.set('sslrootcert', spec.ssl.rootcert)
  const who = `${encodeURIComponent(spec.user)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}`
  const where = socket ? '' : `${name.includes(':') ? `[${name}]` : name}:${port}`
  const values: Record<string, string | undefined> = {
    DATABASE_URL: `postgresql://${who}@${where}/${encodeURIComponent(spec.database)}${query.size === 0 ? '' : `?${query.toString()}`}`,
    PGHOST: name,
    PGPORT: port,
    PGUSER: spec.user,
    PGPASSWORD: password,
    PGDATABASE: spec.database,
    PGSSLMODE: sslmode,
    PGSSLROOTCERT: sslmode === 'disable' ? undefined : spec.ssl.rootcert,
    PGOPTIONS: spec.options,
    DB_HOST: name,
    DB_PORT: port,
    DB_USER: spec.user,
    DB_PASSWORD: password,
    DB_NAME: spec.database,
    DB_SSLMODE: sslmode,
  }
  return Object.fromEntries(Object.entries(values).filter((each): each is [string, string] => each[1] !== undefined))
}

/** Variables that {@link connectionEnvironment} decides alone: what the shell has in them is another connection's. */
export const connectionVariables: readonly string[] = [
  'DATABASE_URL',
  ...['HOST', 'HOSTADDR', 'PORT', 'USER', 'PASSWORD', 'PASSFILE', 'DATABASE', 'SSLMODE', 'SSLROOTCERT', 'OPTIONS', 'SERVICE'].map(
    (name) => `PG${name}`,
  ),
  ...['HOST', 'PORT', 'USER', 'PASSWORD', 'NAME', 'SSLMODE'].map((name) => `DB_${name}`),
]
