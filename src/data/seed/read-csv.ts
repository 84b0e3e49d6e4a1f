import { invalid, type Part, type Row, type Value } from './seed-file.ts'

interface Cell {
  text: string
  quoted: boolean
}

/**
 * A CSV file (RFC 4180): a header of column names, quotes doubled inside quotes, line ends of either kind. An empty cell is null and `""` the empty
 * text, as in PostgreSQL's COPY. Read here rather than by COPY, so that every row keeps its line. Throws SEED-INVALID.
 */
export function readCsv(text: string, file: string, table: string): Part {
  const [header, ...records] = recordsOf(text, file)
  const columns = header?.cells.map((cell) => cell.text.trim()) ?? []
  for (const [at, column] of columns.entries()) {
    if (column === '') throw invalid({ file, line: 1 }, `column ${at + 1} of the header has no name`)
    if (columns.indexOf(column) < at) throw invalid({ file, line: 1 }, `the header has ${column} twice`)
  }
  return { file, table, line: 1, rows: records.map(({ line, cells }) => rowOf(line, cells, columns, file)) }
}

function rowOf(line: number, cells: readonly Cell[], columns: readonly string[], file: string): Row {
  if (cells.length !== columns.length)
    throw invalid(
      { file, line },
      `the row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, and the header has ${columns.length}`,
      'put quotes around what holds a comma; nothing was run',
    )
  return { line, values: new Map(columns.map((column, at) => [column, valueOf(cells[at] as Cell)])) }
}

function valueOf({ text, quoted }: Cell): Value {
  return text === '' && !quoted ? null : text
}

/** Blank lines are left out. */
function recordsOf(text: string, file: string): { line: number; cells: Cell[] }[] {
  const records: { line: number; cells: Cell[] }[] = []
  const pattern = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y
  let [line, begun] = [1, 1]
  let cells: Cell[] = []
  while (pattern.lastIndex < text.length || cells.length > 0) {
    const start = pattern.lastIndex
    const found = pattern.exec(text)
    if (found === null) throw unreadable(text, start, file, line)
    const [whole, quoted, plain, end] = found
    cells.push({ text: quoted?.replaceAll('""', '"') ?? plain ?? '', quoted: quoted !== undefined })
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0
    if (end === ',') continue
    if (cells.length > 1 || cells[0]?.quoted === true || cells[0]?.text.trim() !== '') records.push({ line: begun, cells })
    cells = []
    begun = line
    if (pattern.lastIndex >= text.length) break
  }
  return records
}

function unreadable(text: string, start: number, file: string, line: number) {
  const column = start - Math.max(text.lastIndexOf('\n', start - 1), -1)
  const open = text[start] === '"' && !/^"[^"]*(?:""[^"]*)*"/.test(text.slice(start))
  return invalid(
    { file, line, column },
    open ? 'a quote is opened and never closed' : 'a quote stands inside a cell, which has to be quoted as a whole',
  )
}
