import { isUtf8 } from 'node:buffer'
import type { Direction, Migration } from '../../model/migration.ts'
import { failedToRun } from './failed.ts'
import type { Work } from './look.ts'
import { begins } from './print.ts'

/** What the client library says when the server found nothing to do. */
const emptyQuery = 'Received an empty query'

/** What the tool says of a file that it cannot run: one that is missing, empty, without a statement, or no UTF-8; undefined for any other. */
export function faultOf(migration: Migration, direction: Direction): string | undefined {
  const body = migration[direction]
  if (body === null) return 'Missing `down.sql` file to revert migration'
  if (body.kind !== 'sql') return undefined
  const bytes = body.raw()
  if (bytes.length === 0) return `Failed to run ${migration.id} with: Attempted to run an empty migration.`
  if (!isUtf8(bytes)) return `Failed to run ${migration.id} with: stream did not contain valid UTF-8`
  const isEmpty = /^(?:[\s;]|--[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*$/.test(bytes.toString('utf8'))
  return isEmpty ? `Failed to run ${migration.id} with: ${emptyQuery}` : undefined
}

/** Says that it begins, and then what is wrong with its file. Throws Failed. */
export function stopAt(migration: Migration, direction: Direction, { stdout, logged }: Work): never {
  stdout(begins(migration, direction))
  const fault = faultOf(migration, direction)
  if (fault?.endsWith(emptyQuery) === true) stdout(logged(textOf(migration, direction), { message: emptyQuery }))
  throw failedToRun(fault ?? '')
}

/** The SQL of one direction; empty where there is none. */
export function textOf(migration: Migration | undefined, direction: Direction): string {
  const body = migration?.[direction]
  return body?.kind === 'sql' ? body.text() : ''
}
