/** The JSON of a history's `select`: an array of arrays. Throws SyntaxError for anything else, which no `select` of ours returns. */
export function jsonRows(json: string): unknown[][] {
  const rows: unknown = JSON.parse(json)
  if (Array.isArray(rows) && rows.every(Array.isArray)) return rows
  throw new SyntaxError(`an array of arrays was expected, not ${json.slice(0, 60)}`)
}

/** A cell as text; null stays null. */
export function textOrNull(cell: unknown): string | null {
  return typeof cell === 'string' || typeof cell === 'number' ? String(cell) : null
}

/** A cell that the table declares `not null`, as text. */
export function text(cell: unknown): string {
  return textOrNull(cell) ?? ''
}
