import type { ConnectionSettings } from './connection-settings.ts'
import { invalidUrl } from './invalid-url.ts'

const encode = 'write %40 for @, %2F for /, %3F for ?, %3A for :, %25 for % in user and password'
const looksLikeHosts = /^(?:(?:\[[^\]]*\]|[^:,]*)(?::[0-9]*)?(?:,|$))*$/

/**
 * `postgres://user:password@host1:port1,host2/database?key=value`, every part optional; `[::1]`; a socket folder percent-encoded as host or as
 * `host=` in the query. Unlike libpq the user part ends at the *last* `@` (as in Go and browsers), `=` may stand in a value, and parameters
 * that start with `x-` are set apart. Throws URL-INVALID.
 */
export function parseConnectionUrl(text: string, where: string): ConnectionSettings & { doubtful: ReadonlySet<string> } {
  const rest = text.slice(text.indexOf('://') + 3)
  const authorityEnd = firstOf(rest, '/?')
  const authority = rest.slice(0, authorityEnd)
  const at = authority.lastIndexOf('@')
  const tail = rest.slice(authorityEnd)
  // No user part, but an @ further on: somebody's password has a bare / or ?. Nothing of what stands here may be shown.
  const torn = at < 0 && tail.includes('@')
  const question = tail.indexOf('?')
  const path = question < 0 ? tail : tail.slice(0, question)
  if (torn && (path.includes('@') || !looksLikeHosts.test(authority)))
    throw invalidUrl(where, 'user and password cannot be told from the host', encode)

  const values: Record<string, string> = {}
  if (at >= 0) readUser(authority.slice(0, at), values, where)
  readHosts(authority.slice(at + 1), values, where)
  const urlPath = path === '' ? undefined : decode(path, where, 'the database name')
  if (urlPath !== undefined && urlPath.length > 1) values.dbname = urlPath.slice(1)
  const { extra, keys } = readQuery(question < 0 ? '' : tail.slice(question + 1), values, where, torn)
  return { values, extra, doubtful: new Set(torn ? keys : []), ...(urlPath === undefined ? {} : { urlPath }) }
}

function readUser(part: string, values: Record<string, string>, where: string): void {
  const colon = part.indexOf(':')
  const user = decode(colon < 0 ? part : part.slice(0, colon), where, 'the user')
  if (user !== '') values.user = user
  if (colon < 0) return
  const password = decode(part.slice(colon + 1), where, 'the password')
  if (password !== '') values.password = password
}

function readHosts(part: string, values: Record<string, string>, where: string): void {
  if (part === '') return
  const hosts: string[] = []
  const ports: string[] = []
  for (const one of part.split(',')) {
    const found = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(one)
    if (found === null)
      throw invalidUrl(where, 'a host cannot be read', 'write an IPv6 address in brackets, as in postgres://[::1]:5432/database')
    const port = found[3] ?? ''
    if (!/^[0-9]*$/.test(port)) throw invalidUrl(where, 'the port is not a number', `${encode}; a port is 1 to 65535`)
    hosts.push(decode(found[1] ?? found[2] ?? '', where, 'the host'))
    ports.push(port)
  }
  if (hosts.some((host) => host !== '')) values.host = hosts.join(',')
  if (ports.some((port) => port !== '')) values.port = ports.join(',')
}

function readQuery(
  query: string,
  values: Record<string, string>,
  where: string,
  torn: boolean,
): { extra: Record<string, string>; keys: string[] } {
  const extra: Record<string, string> = {}
  const keys: string[] = []
  for (const pair of query.split('&').filter((each) => each !== '')) {
    const equals = pair.indexOf('=')
    if (equals < 0) {
      throw invalidUrl(
        where,
        torn ? 'a parameter has no value' : `the parameter "${pair}" has no value`,
        torn ? encode : 'write name=value, or remove it',
      )
    }
    const key = decode(pair.slice(0, equals), where, 'the name of a parameter')
    const text = pair.slice(equals + 1)
    // Go reads + as a blank in a query, libpq does not: golang-migrate's parameters are Go's.
    if (key.startsWith('x-')) extra[key] = decode(text.replaceAll('+', ' '), where, key)
    // "ssl=true" is JDBC's way; libpq takes it for sslmode=require too.
    else if (key === 'ssl' && text === 'true') values.sslmode = 'require'
    else values[key] = decode(text, where, torn ? 'a parameter' : key)
    keys.push(key)
  }
  return { extra, keys }
}

function decode(text: string, where: string, what: string): string {
  try {
    const decoded = decodeURIComponent(text)
    if (!decoded.includes('\0')) return decoded
  } catch {
    // told below, without the text: it may be a password
  }
  throw invalidUrl(
    where,
    `${what} has a percent escape that cannot be read`,
    'write % itself as %25; an escape is % and two hexadecimal digits of UTF-8',
  )
}

function firstOf(text: string, characters: string): number {
  const index = text.search(new RegExp(`[${characters}]`))
  return index < 0 ? text.length : index
}
