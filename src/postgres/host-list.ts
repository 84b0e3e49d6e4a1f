import { invalidUrl } from './invalid-url.ts'
import type { Host } from './session.ts'

/**
 * `host`, `hostaddr` and `port` as libpq pairs them: lists of equal length, or one port for all hosts; 5432 where none is given, and
 * `defaultHost(port)` for an empty host. Throws URL-INVALID.
 * Source: PostgreSQL 18 manual, "Specifying Multiple Hosts".
 */
export function hostList(values: Readonly<Record<string, string>>, where: string, defaultHost: (port: number) => string): Host[] {
  const names = split(values.host)
  const addresses = split(values.hostaddr)
  const ports = split(values.port)
  if (names.length > 0 && addresses.length > 0 && names.length !== addresses.length) {
    throw invalidUrl(where, `${names.length} hosts do not fit ${addresses.length} values of hostaddr`)
  }
  const count = Math.max(names.length, addresses.length, 1)
  if (ports.length > 1 && ports.length !== count) {
    throw invalidUrl(where, `${ports.length} ports do not fit ${count} hosts`, 'give one port for all, or one for each host')
  }
  return Array.from({ length: count }, (_, index) => {
    const port = portNumber(ports.length > 1 ? ports[index] : ports[0], where)
    const hostaddr = addresses[index] || undefined
    const host = names[index] || hostaddr || defaultHost(port)
    return { host, port, ...(hostaddr === undefined ? {} : { hostaddr }) }
  })
}

/** `host:port`, `[::1]:port`, or the path of the socket. */
export function addressLabel({ host, port }: Host): string {
  if (host.startsWith('/')) return `${host}/.s.PGSQL.${port}`
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function split(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(',').map((each) => each.trim())
}

function portNumber(text: string | undefined, where: string): number {
  if (text === undefined || text === '') return 5432
  const port = Number(text)
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65_535) return port
  throw invalidUrl(where, 'the port is not a number from 1 to 65535')
}
