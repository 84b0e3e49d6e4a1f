import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import { cut, shownWidth, wrap } from './fit.ts'

/** Rows as aligned columns without lines, two blanks apart; widths count what a terminal shows (colours, wide characters). Empty for no rows. */
export function columns(rows: readonly (readonly string[])[], indent = '', width?: number): string {
  return columnLines(rows, indent, width).join('\n')
}

/**
 * The same with a text for each row. Columns in which nothing stands take no place. Where all of it is wider than `width`, the last column is broken at
 * blanks (so a text may have several lines) or cut, and what is before it is cut as far as needed, the widest first.
 */
export function columnLines(
  given: readonly (readonly string[])[],
  indent = '',
  width?: number,
  last: 'broken' | 'cut' = 'broken',
): string[] {
  if (given.length === 0) return []
  const used = (given[0] ?? []).map((_, at) => given.some((row) => shownWidth(row[at] ?? '') > 0))
  const rows = given.map((row) => row.filter((_, at) => used[at]))
  const fitting = width === undefined ? rows.map((row) => [row]) : fitted(rows, width - indent.length, last)
  const flat = fitting.flat()
  const lines = (flat.every((row) => row.every(isPlain)) ? padded(flat) : tabled(flat)).map((line) => `${indent}${line.trimEnd()}`)
  return fitting.map((parts) => lines.splice(0, parts.length).join('\n'))
}

/** True where these rows would not fit on a terminal of that many columns without being broken or cut. */
export function areTooWide(rows: readonly (readonly string[])[], width: number | undefined): boolean {
  return width !== undefined && columnLines(rows).some((line) => shownWidth(line) > width)
}

/** What the last column must have, and what may be left of any other. */
const least = { last: 20, other: 12 }

/** Each row as one or several that are narrow enough. */
function fitted(rows: readonly (readonly string[])[], width: number, how: 'broken' | 'cut'): (readonly string[])[][] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, shownWidth(cell))))
  const last = widths.length - 1
  const over = () => widths.reduce((sum, one) => sum + one + 2, -2) - width
  if (over() <= 0 || last < 1) return rows.map((row) => [row])
  const natural = widths[last] ?? 0
  widths[last] = Math.max(Math.min(least.last, natural), natural - over())
  while (over() > 0) {
    const others = widths.slice(0, last)
    const widest = others.indexOf(Math.max(...others))
    const now = widths[widest] ?? 0
    if (now <= least.other) break
    widths[widest] = Math.max(least.other, now - over())
  }
  return rows.map((row) => {
    const [first = '', ...more] = (how === 'cut' ? [row[last] ?? ''] : wrap(row[last] ?? '', widths[last] ?? 0)).map((line) =>
      cut(line, widths[last] ?? 0),
    )
    const head = row.slice(0, last).map((cell, at) => cut(cell, widths[at] ?? 0))
    return [[...head, first], ...more.map((line) => [...head.map(() => ''), line])]
  })
}

/** Every character takes one place, our marks too. Colours may be there. */
function isPlain(cell: string): boolean {
  return /^[\x20-\x7e…·–’→✓✗]*$/.test(stripVTControlCharacters(cell))
}

/** The common case without the library, whose layout takes seconds for ten thousand rows. */
function padded(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map((cell) => stripVTControlCharacters(cell).length))
  const widths: number[] = []
  for (const row of shown) row.forEach((width, at) => (widths[at] = Math.max(widths[at] ?? 0, width)))
  return rows.map((row, line) => row.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - (shown[line]?.[at] ?? 0))).join('  '))
}

function tabled(rows: readonly (readonly string[])[]): string[] {
  const edges = [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ]
  const chars = { ...Object.fromEntries(edges.map((edge) => [edge, ''])), middle: '  ' }
  const table = new Table({ chars, style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] } })
  table.push(...rows.map((row) => [...row]))
  return table.toString().split('\n')
}
