import type { Migration } from '../model/migration.ts'
import { SkeinError } from '../model/errors.ts'
import type { HistoryTable } from './history.ts'

/** Order of two versions that are decimal numbers of any size: <0, 0, >0. Leading zeros do not count. */
export function compareNumeric(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b) && a.length === b.length) return a < b ? -1 : a > b ? 1 : 0
  const difference = BigInt(a) - BigInt(b)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Order of two versions by their bytes, as `collate "C"` and Rust's string comparison have it. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Those of `versions` that no migration has, in the order given. */
export function unknownVersions(versions: Iterable<string>, migrations: readonly Migration[]): string[] {
  const known = byVersion(migrations)
  return [...versions].filter((version) => !known.has(version))
}

const indexes = new WeakMap<readonly Migration[], ReadonlyMap<string, Migration>>()

/** The migrations by version, made once for each list: a run asks for every step. */
export function byVersion(migrations: readonly Migration[]): ReadonlyMap<string, Migration> {
  const made = indexes.get(migrations)
  if (made) return made
  const index = new Map(migrations.map((migration) => [migration.version, migration]))
  indexes.set(migrations, index)
  return index
}

/** A version as a number in SQL. Throws HISTORY-BROKEN for anything but digits, so that no text can become SQL. */
export function numberLiteral(version: string | number | boolean | null | undefined): string {
  const digits = String(version)
  if (/^-?\d+$/.test(digits)) return digits
  throw new SkeinError('HISTORY-BROKEN', {
    message: `${JSON.stringify(version)} is not a version of a numbered migration`,
    hint: 'versions of this tool are whole numbers: check the file names and the history table',
  })
}

/** The value of the service column. Throws CONFIG-INVALID where a shared table has none. */
export function serviceValue(table: HistoryTable): string {
  if (table.service !== undefined) return table.service
  throw new SkeinError('CONFIG-INVALID', {
    message: `the table ${table.schema}.${table.table} is shared by services, and no value for its service column is known`,
    hint: 'name the service in skein.yaml; its name, or the name of its folder, is the value',
  })
}
