import { columns } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'

/** What `clean` reports, as far as this page shows it. */
export interface CleanView {
  dryRun: boolean
  services: { service: string; database: string; tables: { table: string; before: number; after: number | null }[] }[]
}

/** Each service with its tables and how many rows they had, and have. */
export function humanClean(view: CleanView, style: Style): string {
  return view.services
    .map(({ service, database, tables }) => {
      const rows = tables.reduce((sum, one) => sum + one.before, 0)
      const what = `${count(rows, 'row')} of ${count(tables.length, 'table')} ${view.dryRun ? 'to delete' : 'deleted'}`
      const head = `${view.dryRun ? '·' : style.green('✓')} ${style.bold(service)} ${what} ${style.dim(database)}\n`
      const lines = tables.map((one) => [one.table, one.after === null ? `${one.before}` : `${one.before} → ${one.after}`])
      return lines.length === 0 ? head : `${head}${columns(lines, '  ').trimEnd()}\n`
    })
    .join('')
}
