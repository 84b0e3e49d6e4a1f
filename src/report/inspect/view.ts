/** Where a table is and where it comes from, as the pages of `tables`, `counts` and `schema` show it. */
export interface PlaceView {
  database: string
  schema: string
  name: string
  kind: string
}

export interface MadeView {
  holds: string
  service: string | null
  migration: string | null
  perhaps: string[]
}

export interface UnreadView {
  service: string
  migrations: string[]
}

/** `schema.table`, on one line: names may hold anything. */
export function fullName({ schema, name }: { schema: string; name: string }): string {
  return `${oneLine(schema)}.${oneLine(name)}`
}

/** `shop 000001_create_items`, or what is known instead. */
export function madeText({ holds, service, migration, perhaps }: MadeView): string {
  if (holds === 'history') return `history of ${service}`
  if (holds === 'ledger') return 'Skein’s ledger'
  if (holds === 'extension') return 'an extension'
  if (service !== null && migration !== null) return `${service} ${oneLine(migration)}`
  return perhaps.length === 0 ? 'no migration' : `not known (${perhaps.join(' or ')}?)`
}

/** Why some makers are not known: one line for each service. */
export function unreadLines(unread: readonly UnreadView[]): string[] {
  return unread.map(({ service, migrations }) => {
    const shown = migrations.slice(0, 3).map(oneLine).join(', ')
    return `${service}: what ${shown}${migrations.length > 3 ? ` and ${migrations.length - 3} more` : ''} made is not known: code, or no SQL that can be read`
  })
}

/** By database, in their order. */
export function byDatabase<One extends { database: string }>(all: readonly One[]): Map<string, One[]> {
  const groups = new Map<string, One[]>()
  for (const one of all) groups.set(one.database, [...(groups.get(one.database) ?? []), one])
  return groups
}

/** Without control characters, on one line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()
}

/** A cell of a Markdown table; an underscore inside a word means nothing in Markdown. */
export function cell(text: string): string {
  return oneLine(text).replace(/[\\|`*<>[\]]|(?<!\w)_|_(?!\w)/g, (sign) => `\\${sign}`)
}

/** A Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** The same width for all, on the right: numbers. */
export function rightAligned(cells: readonly string[]): string[] {
  const width = Math.max(0, ...cells.map((one) => one.length))
  return cells.map((one) => one.padStart(width))
}

/** `8 kB`, `1.2 MB`: as PostgreSQL counts, 1 kB = 1024 bytes. */
export function bytes(number: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const at = number < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(number) / 10))
  const value = number / 1024 ** at
  return `${value < 10 && at > 0 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${units[at]}`
}
