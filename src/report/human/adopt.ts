import { count } from '../duration.ts'
import type { Style } from '../style.ts'

/** What `adopt` found of a service, as far as this page shows it. */
export interface AdoptView {
  service: string
  tool: string
  database: string
  table: { schema: string; name: string; columns: string[] | null; rows: number }
  matched: string[]
  assumed: number
  unknown: string[]
  pending: string[]
  made: { kind: string; there: boolean }[]
  unread: string[]
  doubts: string[]
  add: string[]
  remove: string[]
}

/** What was read of each service, before anybody is asked. */
export function humanAdopt(views: readonly AdoptView[], style: Style): string {
  return views.map((view) => `${page(view, style).join('\n')}\n`).join('\n')
}

function page(view: AdoptView, style: Style): string[] {
  const { table, matched, unknown, pending, made, unread, doubts, add, remove } = view
  const line = (label: string, text: string) => `  ${label.padEnd(8)} ${text}`
  const name = `${table.schema}.${table.name}`
  const lines = [`${style.bold(view.service)} ${view.tool} ${style.dim(view.database)}`]
  if (table.columns !== null) {
    lines.push(line('table', `${name} (${table.columns.join(', ')}), ${count(table.rows, 'row')}`))
    lines.push(line('applied', `${matched.length} of ${count(matched.length + pending.length, 'file')}${ends(matched)}${below(view)}`))
    if (unknown.length > 0) lines.push(line('no file', short(unknown)))
    if (pending.length > 0) lines.push(line('pending', short(pending)))
  }
  if (made.length > 0) lines.push(line('there', `${kinds(made)}, of what the applied files make`))
  if (unread.length > 0) lines.push(line('unread', `${short(unread)}: what they make cannot be told`))
  for (const doubt of doubts) lines.push(line(style.yellow('doubt'.padEnd(8)), doubt))
  if (add.length > 0)
    lines.push(line('adopt', `${count(add.length, 'version')}, recorded as applied in the ledger; ${name} stays as it is`))
  if (remove.length > 0) lines.push(line('adopt', `${count(remove.length, 'version')} that the table lost, recorded as taken back`))
  if (add.length + remove.length === 0 && table.columns !== null) lines.push(line('adopt', 'nothing: the ledger says the same'))
  return lines
}

function ends(ids: readonly string[]): string {
  if (ids.length === 0) return ''
  return ids.length === 1 ? `: ${ids[0]}` : `: ${ids[0]} … ${ids.at(-1)}`
}

function below({ assumed }: AdoptView): string {
  return assumed === 0 ? '' : ` (${assumed} because ${assumed === 1 ? 'it is' : 'they are'} below the version in the table)`
}

/** `14 of 14 tables, 3 of 4 indexes`. */
function kinds(made: AdoptView['made']): string {
  return [...new Set(made.map((one) => one.kind))]
    .map((kind) => {
      const all = made.filter((one) => one.kind === kind)
      return `${all.filter((one) => one.there).length} of ${count(all.length, kind, kind === 'index' ? 'indexes' : `${kind}s`)}`
    })
    .join(', ')
}

function short(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} … ${names.at(-1)} (${names.length})`
}
