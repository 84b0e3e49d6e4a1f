import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'

/** Rows as aligned columns without lines, two blanks apart; widths count what a terminal shows (colours, wide characters). Empty for no rows. */
export function columns(rows: readonly (readonly string[])[], indent = ''): string {
  if (rows.length === 0) return ''
  const lines = rows.every((row) => row.every(isPlain)) ? padded(rows) : tabled(rows)
  return lines.map((line) => `${indent}${line.trimEnd()}`).join('\n')
}

/** Every character takes one place. Colours may be there. */
function isPlain(cell: string): boolean {
  return /^[\x20-\x7e]*$/.test(stripVTControlCharacters(cell))
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
