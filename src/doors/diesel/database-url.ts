import type { Options } from './argv.ts'
import { Failed, withoutPassword } from './failed.ts'

/** Where to connect, and with which of libpq's variables. */
export interface Connection {
  /** A secret. */
  url: string
  env: NodeJS.ProcessEnv
}

/**
 * The database as the tool finds it: --database-url, then DATABASE_URL; nothing else names one, but libpq's own variables complete it. The session's time
 * zone is UTC, as the tool sets it. Throws Failed. Source: diesel_cli 2.2.12 src/database.rs, diesel 2.2.12 src/pg/connection/mod.rs (set_config_options).
 */
export function connectionOf(options: Options, env: NodeJS.ProcessEnv): Connection {
  const url = options.databaseUrl ?? env['DATABASE_URL']
  if (url === undefined)
    throw new Failed('The --database-url argument must be passed, or the DATABASE_URL environment variable must be set.')
  if (!/^postgres(?:ql)?:\/\//.test(url)) throw new Failed(notPostgres(url), 101)
  const libpq = Object.fromEntries(Object.entries(env).filter(([name]) => /^(?:PG|HOME$|APPDATA$)/.test(name)))
  const own = /[?&]options=([^&]*)/.exec(url)
  if (own !== null) return { url: url.replace(own[0], `${own[0]}%20-c%20TimeZone%3DUTC`), env: libpq }
  return { url, env: { ...libpq, PGOPTIONS: `${libpq['PGOPTIONS'] ?? ''} -c TimeZone=UTC`.trim() } }
}

/** The tool panics here, with exit code 101. */
function notPostgres(url: string): string {
  const kind = /^(mysql|sqlite):\/\//.exec(url)?.[1]
  const shown = withoutPassword(url)
  if (kind !== undefined) return `Database url \`${shown}\` requires the \`${kind}\` feature but it's not enabled.`
  return `\`${shown}\` is not a valid database URL. It should start with \`postgres://\`, or maybe you meant to use the \`sqlite\` feature which is not enabled.`
}
