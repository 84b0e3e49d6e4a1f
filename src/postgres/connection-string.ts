import { connectionKeywords, nearestKeyword } from './connection-keywords.ts'
import { parseConnectionUrl } from './connection-url.ts'
import { parseDsn } from './connection-dsn.ts'
import type { ConnectionSettings } from './connection-settings.ts'
import { invalidUrl } from './invalid-url.ts'

/**
 * Reads `postgres://…`, `postgresql://…` or `key=value …`. `where` says in messages where the text stands (`DATABASE_URL`).
 * Throws URL-INVALID; its message never has a part of the text that might be a password.
 * Source: PostgreSQL 18 manual, "Connection Strings"; src/interfaces/libpq/fe-connect.c, conninfo_parse and conninfo_uri_parse_options.
 */
export function parseConnectionString(text: string, where = 'the connection string'): ConnectionSettings {
  const trimmed = text.trim()
  if (/^postgres(ql)?:\/\//.test(trimmed)) return checked(parseConnectionUrl(trimmed, where), where)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]
  if (scheme !== undefined) {
    throw invalidUrl(where, `"${scheme}://" is not a PostgreSQL URL`, 'write postgres://user:password@host:5432/database')
  }
  if (trimmed.includes('=')) return checked({ ...parseDsn(trimmed, where), extra: {} }, where)
  throw invalidUrl(
    where,
    trimmed === '' ? 'it is empty' : 'it is neither a URL nor key=value pairs',
    'write postgres://user:password@host:5432/database, or host=… dbname=… user=…',
  )
}

interface Parsed extends ConnectionSettings {
  /** Keywords that may be the rest of a password that was not encoded or quoted: they are not printed. */
  doubtful?: ReadonlySet<string>
}

function checked(parsed: Parsed, where: string): ConnectionSettings {
  for (const [key, value] of Object.entries(parsed.values)) {
    const rule = connectionKeywords[key]
    if (rule === undefined) throw unknownKeyword(key, where, parsed.doubtful?.has(key) === true)
    if (typeof rule === 'string' || rule.includes(value)) continue
    throw invalidUrl(
      where,
      `${key} is known, but this program cannot do it`,
      rule.length === 0 ? `remove ${key}` : `only ${rule.join(', ')} can be used`,
    )
  }
  const { values, urlPath, extra } = parsed
  return { values, extra, ...(urlPath === undefined ? {} : { urlPath }) }
}

function unknownKeyword(key: string, where: string, doubtful: boolean): Error {
  if (doubtful) {
    return invalidUrl(
      where,
      'it has a keyword that nobody knows, perhaps the rest of a password',
      "in a URL write %40 for @, %2F for /, %3F for ?, %26 for &; in key=value pairs quote the password: password='…'",
    )
  }
  const near = nearestKeyword(key)
  const hint = near === undefined ? `remove it; a setting of the server can be given as options=-c ${key}=…` : `did you mean ${near}?`
  return invalidUrl(where, `nobody knows the parameter "${key}"`, hint)
}
