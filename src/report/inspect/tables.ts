import { columns } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'
import {
  byDatabase,
  bytes,
  cell,
  fullName,
  madeText,
  markdownTable,
  oneLine,
  rightAligned,
  unreadLines,
  type MadeView,
  type PlaceView,
  type UnreadView,
} from './view.ts'

interface TableView extends PlaceView, MadeView {
  partitionOf: string | null
  rows: number | null
  size: number | null
  comment: string | null
}

/** What `tables` reports, as far as its pages show it. */
export interface TablesView {
  tables: TableView[]
  unread: UnreadView[]
}

const head = ['table', 'kind', 'rows', 'size', 'made by']

/** `tables` for people: a line for each, by database. Rows are the server's estimate. */
export function humanTables(view: TablesView, style: Style): string {
  const lines: string[] = []
  const databases = byDatabase(view.tables)
  for (const [database, tables] of databases) {
    const cells = tables.map(cellsOf)
    const numbers = [2, 3].map((at) => rightAligned([head[at] ?? '', ...cells.map((row) => row[at] ?? '')]))
    const rows = [head, ...cells].map((row, line) => {
      const aligned = row.map((one, at) => numbers[at - 2]?.[line] ?? one)
      return line === 0
        ? aligned.map((one) => style.dim(one))
        : aligned.map((one, at) => (at === 0 ? style.bold(one) : at === 1 ? style.dim(one) : one))
    })
    lines.push(...(databases.size > 1 ? [style.dim(database)] : []), columns(rows, '', style.width), '')
  }
  lines.push(...unreadLines(view.unread).map((line) => style.yellow(line)), summary(view))
  return `${lines.join('\n')}\n`
}

/** The same as a Markdown table for each database, with comments. */
export function markdownTables(view: TablesView): string {
  const lines = ['# Tables', '']
  for (const [database, tables] of byDatabase(view.tables)) {
    const rows = tables.map((one) => [...cellsOf(one).map(cell), cell(one.comment ?? '')])
    lines.push(`## ${cell(database)}`, '', ...markdownTable([...head, 'comment'], rows), '')
  }
  if (view.tables.length === 0) lines.push('No tables.', '')
  for (const line of unreadLines(view.unread)) lines.push(`- ${cell(line)}`)
  return `${lines.join('\n').trimEnd()}\n`
}

function cellsOf(one: TableView): string[] {
  return [
    fullName(one),
    one.partitionOf === null ? one.kind : `partition of ${oneLine(one.partitionOf)}`,
    one.rows === null ? (one.kind === 'view' ? '' : '?') : `~${one.rows}`,
    one.size === null ? '' : bytes(one.size),
    madeText(one),
  ]
}

function summary({ tables }: TablesView): string {
  if (tables.length === 0) return 'no tables'
  const views = tables.filter((one) => one.kind === 'view').length
  // What a partition takes is in what its table takes.
  const size = tables.filter((one) => one.partitionOf === null).reduce((sum, one) => sum + (one.size ?? 0), 0)
  const never = tables.some((one) => one.rows === null && one.kind !== 'view')
  const parts = [count(tables.length - views, 'table'), views === 0 ? '' : count(views, 'view'), bytes(size)]
  return `${parts.filter(Boolean).join(', ')}; rows are estimates${never ? ', ? where the server never counted (ANALYZE does)' : ''}`
}
