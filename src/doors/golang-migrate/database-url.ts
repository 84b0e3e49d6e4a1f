/** What the tool reads out of the URL of a database, and what is left for the driver. */
export interface DatabaseUrl {
  /** `postgres://…` without the parameters that are golang-migrate's own. A secret. */
  url: string
  table?: { schema?: string; table: string }
  statementTimeoutMs?: number
  /** Each statement of a file is sent by itself, and committed by itself. */
  multiStatement: boolean
}

/** Names under which golang-migrate has PostgreSQL. The program is one; its drivers (lib/pq, pgx 4 and 5) differ in messages only. */
const schemes = new Set(['postgres', 'postgresql', 'pgx', 'pgx4', 'pgx5'])

/**
 * Takes `x-migrations-table`, `x-migrations-table-quoted`, `x-statement-timeout` and `x-multi-statement` out of a URL, and every other `x-…`, which the tool
 * passes over too. Pure. Returns a text, the tool's own words, for a URL that cannot be used. Without `sslmode` the driver demands TLS from every server (lib/pq); so it is here, but for servers on this machine.
 * Source: golang-migrate v4.19.1 database/postgres/postgres.go, Open and WithConnection.
 */
export function readDatabaseUrl(text: string, env: NodeJS.ProcessEnv): DatabaseUrl | string {
  const colon = text.indexOf(':')
  if (text === '') return 'failed to parse scheme from database URL: URL cannot be empty'
  if (colon < 1) return 'failed to parse scheme from database URL: no scheme'
  const scheme = text.slice(0, colon)
  if (!schemes.has(scheme)) return `failed to open database: database driver: unknown driver ${scheme} (forgotten import?)`
  const question = text.indexOf('?')
  const pairs = question < 0 ? [] : text.slice(question + 1).split('&')
  const own = new Map<string, string>()
  for (const pair of pairs) if (pair.startsWith('x-')) own.set(pair.split('=', 1)[0] ?? '', valueOf(pair))
  const rest = pairs.filter((pair) => pair !== '' && !pair.startsWith('x-'))
  const address = `postgres${text.slice(colon, question < 0 ? undefined : question)}`
  if (!rest.some((pair) => pair.startsWith('sslmode=')) && !env.PGSSLMODE && !isHere(address, rest, env)) rest.push('sslmode=require')

  const table = tableOf(own.get('x-migrations-table') ?? '', own.get('x-migrations-table-quoted') ?? '')
  if (typeof table === 'string') return `failed to open database: ${table}`
  const timeout = own.get('x-statement-timeout') ?? ''
  if (!/^(?:[+-]?[0-9]+)?$/.test(timeout)) return `failed to open database: strconv.Atoi: parsing "${timeout}": invalid syntax`
  const multi = own.get('x-multi-statement') ?? ''
  const isMulti = multi === '' ? false : boolean(multi)
  if (isMulti === undefined)
    return `failed to open database: Unable to parse option x-multi-statement: strconv.ParseBool: parsing "${multi}": invalid syntax`
  const size = own.get('x-multi-statement-max-size') ?? ''
  if (!/^(?:[+-]?[0-9]+)?$/.test(size)) return `failed to open database: strconv.Atoi: parsing "${size}": invalid syntax`
  return {
    url: `${address}${rest.length === 0 ? '' : `?${rest.join('&')}`}`,
    table,
    statementTimeoutMs: Number(timeout) > 0 ? Number(timeout) : undefined,
    multiStatement: isMulti,
  }
}

function tableOf(name: string, quotedText: string): DatabaseUrl['table'] | string {
  const quoted = quotedText === '' ? false : boolean(quotedText)
  if (quoted === undefined)
    return `Unable to parse option x-migrations-table-quoted: strconv.ParseBool: parsing "${quotedText}": invalid syntax`
  if (name === '') return undefined
  if (!quoted) return { table: name }
  if (!name.startsWith('"') || !name.endsWith('"'))
    return `x-migrations-table must be quoted (for instance '"migrate"."schema_migrations"') when x-migrations-table-quoted is enabled, current value is: ${name}`
  const parts = [...name.matchAll(/"(.*?)"/g)].map((match) => match[1] ?? '')
  if (parts.length > 2) return `"${name}" MigrationsTable contains too many dot characters`
  const table = parts.at(-1) ?? ''
  return parts.length === 2 ? { schema: parts[0], table } : { table }
}

function isHere(address: string, pairs: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const authority = /^[^:]*:\/\/([^/?]*)/.exec(address)?.[1] ?? ''
  const named = pairs.findLast((pair) => pair.startsWith('host='))
  const fromUrl = authority.slice(authority.lastIndexOf('@') + 1).replace(/:[0-9]*$/, '')
  const host = decode(named === undefined ? fromUrl : named.slice('host='.length)) || env.PGHOST || 'localhost'
  return host.startsWith('/') || /^(?:localhost|127(?:\.[0-9]+){3}|\[?::1\]?)$/.test(host)
}

function boolean(text: string): boolean | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true
  return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? false : undefined
}

/** Go reads + as a blank in a query. */
function valueOf(pair: string): string {
  const equals = pair.indexOf('=')
  return equals < 0 ? '' : decode(pair.slice(equals + 1).replaceAll('+', ' '))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
