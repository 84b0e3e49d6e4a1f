import { SkeinError } from '../model/errors.ts'
import type { Service } from '../model/service.ts'
import { type Environment, interpolate } from './interpolate.ts'
import { variableProblem } from './read-config.ts'

/** The database of a service, variables filled in. Contains secrets: never print it. */
export type Database =
  /** A database on the workspace's embedded server; without a name, its default one. */
  | { kind: 'embedded'; name?: string }
  /** A URL or a key=value connection string, not yet taken apart. */
  | { kind: 'server'; url: string }

/**
 * What `database:` of a service says, or undefined when no workspace file says anything (then flags and environment decide).
 * Throws VARIABLE-UNSET, also for a value that ends up empty, and CONFIG-INVALID for what is neither a URL, a DSN nor `embedded[:NAME]`; with the place, without the value.
 */
export function databaseOf(service: Service, env: Environment): Database | undefined {
  if (service.database === undefined) return undefined
  const { key, place } = service.databaseAt ?? { key: 'database', place: { file: 'skein.yaml' } }
  const result = interpolate(service.database, env)
  if ('problem' in result) {
    const problem = variableProblem(result, key, place)
    const more = problem.code === 'VARIABLE-UNSET' ? ' (a URL or embedded), or use --database URL or --embedded' : ''
    throw new SkeinError(problem.code, {
      ...problem,
      hint: problem.hint === undefined ? undefined : `${problem.hint}${more}`,
      service: service.name,
    })
  }
  const text = result.text.trim()
  if (text === '')
    throw new SkeinError('VARIABLE-UNSET', {
      message: `${key} is empty: ${result.variables.join(' and ')} ${result.variables.length === 1 ? 'is' : 'are'} set to nothing`,
      hint: `set ${result.variables.join(' and ')}, or use --database URL or --embedded`,
      service: service.name,
      place,
    })
  const database = readDatabase(text)
  if (typeof database === 'string')
    throw new SkeinError('CONFIG-INVALID', { message: `${key} ${database}`, hint: databaseForms, service: service.name, place })
  return database
}

/** How a database may be given, for hints. */
export const databaseForms = 'give postgres://user@host/name, "host=… dbname=…", embedded, or embedded:NAME'

/** Tells the forms of a database apart. A text instead says what is wrong, without the value: it may be a password that went astray. */
export function readDatabase(text: string): Database | string {
  if (text === 'embedded') return { kind: 'embedded' }
  if (text.startsWith('embedded:')) {
    const name = text.slice('embedded:'.length)
    if (name.trim() === '' || name.includes('\0')) return 'says embedded: without a database name'
    return Buffer.byteLength(name) > 63 ? 'has a database name of more than 63 bytes' : { kind: 'embedded', name }
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^\s*[a-z_]+\s*=/i.test(text)) return { kind: 'server', url: text }
  return 'is neither a URL nor a connection string nor embedded'
}
