import { columns } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'
import { byDatabase, cell, fullName, markdownTable, rightAligned, type PlaceView } from './view.ts'

interface CountView extends PlaceView {
  service: string | null
  rows: number | null
  why: string | null
  hidesRows: boolean
}

/** What `counts` reports. */
export interface CountsView {
  exact: boolean
  tables: CountView[]
}

/** `counts` for people: a line for each table, by database. */
export function humanCounts(view: CountsView, style: Style): string {
  const lines: string[] = []
  const databases = byDatabase(view.tables)
  for (const [database, tables] of databases) {
    const numbers = rightAligned(tables.map((one) => number(one, view.exact)))
    const rows = tables.map((one, at) => [style.bold(fullName(one)), numbers[at] ?? '', style.dim(remark(one))])
    lines.push(...(databases.size > 1 ? [style.dim(database)] : []), columns(rows, '', style.width), '')
  }
  return `${[...lines, summary(view)].join('\n')}\n`
}

/** The same as a Markdown table for each database. */
export function markdownCounts(view: CountsView): string {
  const lines = ['# Rows', '']
  for (const [database, tables] of byDatabase(view.tables)) {
    const rows = tables.map((one) => [cell(fullName(one)), number(one, view.exact), cell(one.service ?? ''), remark(one)])
    lines.push(`## ${cell(database)}`, '', ...markdownTable(['table', 'rows', 'service', ''], rows), '')
  }
  return `${[...lines, summary(view)].join('\n')}\n`
}

function number({ rows }: CountView, exact: boolean): string {
  return rows === null ? '?' : `${exact ? '' : '~'}${rows}`
}

function remark({ why, hidesRows }: CountView): string {
  return [why ?? '', hidesRows ? 'row security may hide more' : ''].filter(Boolean).join(', ')
}

function summary({ exact, tables }: CountsView): string {
  if (tables.length === 0) return 'no tables'
  const known = tables.filter((one) => one.rows !== null)
  const rows = count(
    known.reduce((sum, one) => sum + (one.rows ?? 0), 0),
    'row',
  )
  const unknown = tables.length - known.length
  const hint = !exact && unknown > 0 ? ' (ANALYZE, or count without --estimate)' : ''
  return `${exact ? '' : 'about '}${rows} in ${count(known.length, 'table')}${unknown === 0 ? '' : `, ${unknown} not known${hint}`}`
}
