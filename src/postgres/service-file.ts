import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectionKeywords } from './connection-keywords.ts'
import { invalidUrl } from './invalid-url.ts'

/** What a service means: libpq keywords with their values. */
export type ServiceValues = Record<string, string>

/**
 * Looks a service up: in `file` (PGSERVICEFILE, `servicefile=`) or `~/.pg_service.conf`, then in `$PGSYSCONFDIR/pg_service.conf`.
 * Throws URL-INVALID when the service is not there, a file given by name cannot be read, or a line cannot be understood.
 * Source: PostgreSQL 18 manual, "The Connection Service File"; src/interfaces/libpq/fe-connect.c, parseServiceInfo.
 */
export function readService(name: string, env: NodeJS.ProcessEnv, home: string, file = env.PGSERVICEFILE): ServiceValues {
  const own = file || join(home, '.pg_service.conf')
  const files = env.PGSYSCONFDIR ? [own, join(env.PGSYSCONFDIR, 'pg_service.conf')] : [own]
  for (const path of files) {
    const text = read(path, path === file)
    const found = text === undefined ? undefined : parseServiceFile(text, name, path)
    if (found !== undefined) return found
  }
  throw invalidUrl(`service=${name}`, `no such service in ${files.join(' or ')}`, `add a section [${name}] with host=, dbname=, user=`)
}

/** The section `[name]` of a service file; undefined when there is none. Throws URL-INVALID naming the line, never its text. */
export function parseServiceFile(text: string, name: string, path: string): ServiceValues | undefined {
  let values: ServiceValues | undefined
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('[')) {
      // The first section of a name counts, as in libpq.
      if (values !== undefined) break
      if (line === `[${name}]`) values = {}
      continue
    }
    if (values === undefined) continue
    const equals = line.indexOf('=')
    const place = `${path}, line ${index + 1}`
    if (line.startsWith('ldap'))
      throw invalidUrl(place, 'LDAP look-ups of services cannot be done', 'write the parameters into the section')
    if (equals < 0) throw invalidUrl(place, 'the line has no "="', 'write keyword=value')
    const key = line.slice(0, equals)
    if (key === 'service' || key === 'servicefile') throw invalidUrl(place, 'a service cannot stand on another service')
    if (connectionKeywords[key] === undefined) throw invalidUrl(place, `nobody knows the parameter "${key}"`)
    values[key] ??= line.slice(equals + 1)
  }
  return values
}

function read(path: string, named: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (!named) return undefined
    throw invalidUrl(
      path,
      'the service file cannot be read',
      `check PGSERVICEFILE (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    )
  }
}
