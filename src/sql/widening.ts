import type { ColumnDef } from 'libpg-query'
import { namesOf } from './nodes.ts'

/**
 * Whether a column's new type holds every value of whatever type it had. A file does not say the old type, so only targets count that lose nothing
 * from any source that PostgreSQL converts by itself: text, and varchar without a length. Not bigint (a numeric is rounded), not numeric (a double
 * keeps 15 digits), not timestamptz (a local time that does not exist is moved), not jsonb (order and doubled keys of json). With USING an
 * expression decides, so nothing is sure.
 */
export function keepsEveryValue(column: ColumnDef | undefined): boolean {
  const type = column?.typeName
  if (column === undefined || type === undefined || column.raw_default !== undefined) return false
  if ((type.arrayBounds ?? []).length > 0 || (type.typmods ?? []).length > 0) return false
  const name = namesOf(type.names).join('.')
  return name === 'text' || name === 'pg_catalog.text' || name === 'pg_catalog.varchar' || name === 'varchar'
}
