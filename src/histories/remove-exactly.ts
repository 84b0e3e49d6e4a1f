import { ident, literal, qualified } from '../postgres/quote.ts'
import { otherwiseConflict } from './conflict.ts'
import type { HistoryTable } from './history.ts'

export interface Removal {
  /** The column that holds versions, as it is called in the catalogue. */
  column: string
  /** SQL literals. */
  versions: readonly string[]
  /** Further condition on the rows: the service. */
  where?: string
}

/**
 * SQL that deletes the rows of `versions`, and raises unless each of them was there; empty text for none. The tools delete nothing silently;
 * for us a missing row means that somebody wrote in between. ROW EXCLUSIVE on the table.
 */
export function removeExactly(table: HistoryTable, { column, versions, where }: Removal): string {
  if (versions.length === 0) return ''
  const key = ident(column)
  const which = versions.length === 1 ? `${key} = ${versions[0]}` : `${key} in (${versions.join(', ')})`
  const condition = where === undefined ? which : `${where} and ${which}`
  const named = versions.length === 1 ? `version ${versions[0]}` : `${versions.length} versions`
  const count = `count(distinct ${key})`
  const checked = otherwiseConflict(
    '1',
    'integer',
    `${count} = ${versions.length}`,
    `${named} should be in ${table.table}, rows found: `,
    count,
  )
  return `with gone as (delete from ${qualified(table.schema, table.table)} where ${condition} returning ${key}) select ${checked} from gone;\n`
}

/** The condition on the service column of a table that services share. */
export function ofService(column: string, service: string): string {
  return `${ident(column)} = ${literal(service)}`
}
