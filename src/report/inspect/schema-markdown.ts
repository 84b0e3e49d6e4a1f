import { byDatabase, cell, fullName, madeText, markdownTable, unreadLines } from './view.ts'
import { columnMade, columnWords, constraintsOf, partMade, type SchemaTableView, type SchemaView } from './schema-view.ts'

/** `schema` as a Markdown page: a chapter for each table. */
export function markdownSchema(view: SchemaView): string {
  const lines = ['# Schema', '']
  const databases = byDatabase(view.tables)
  for (const [database, tables] of databases) {
    if (databases.size > 1) lines.push(`Database ${cell(database)}`, '')
    for (const table of tables) lines.push(...chapter(table))
  }
  if (view.tables.length === 0) lines.push('No tables.', '')
  for (const line of unreadLines(view.unread)) lines.push(`- ${cell(line)}`)
  return `${lines.join('\n').trimEnd()}\n`
}

function chapter(table: SchemaTableView): string[] {
  const changed = table.changedBy.length === 0 ? '' : `, changed by ${table.changedBy.map(cell).join(', ')}`
  const rows = table.columns.map((column) => [
    cell(column.name),
    cell(column.type),
    cell(columnWords(column)),
    cell([columnMade(column, table), column.comment ?? ''].filter(Boolean).join('; ')),
  ])
  const by = (part: { madeBy: string | null }) => {
    const words = partMade(part, table)
    return words === '' ? '' : `, ${cell(words)}`
  }
  const parts = [
    ...constraintsOf(table).map((one) => `- ${code(one.name)}: ${code(one.definition)}${by(one)}`),
    ...table.indexes.map((one) => `- ${code(one.definition)}${one.valid ? '' : ' (invalid)'}${by(one)}`),
    ...table.triggers.map((one) => `- ${code(one.definition)}${one.enabled ? '' : ' (disabled)'}${by(one)}`),
  ]
  return [
    `## ${cell(fullName(table))}`,
    '',
    `${table.kind[0]?.toUpperCase()}${table.kind.slice(1)}, made by ${cell(madeText(table))}${changed}.`,
    '',
    ...(table.comment === null ? [] : [cell(table.comment), '']),
    ...(rows.length === 0 ? [] : [...markdownTable(['column', 'type', 'null, default', 'notes'], rows), '']),
    ...(parts.length === 0 ? [] : [...parts, '']),
  ]
}

/** Code between as many backticks as it takes. */
function code(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}
