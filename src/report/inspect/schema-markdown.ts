import { byDatabase, cell, fullName, madeText, markdownTable, unreadLines } from './view.ts'
import { columnMade, columnWords, constraintsOf, type SchemaTableView, type SchemaView } from './schema-view.ts'

/** `schema` as a Markdown page: a chapter for each table. */
export function markdownSchema(view: SchemaView): string {
  const lines = ['# Schema', '']
  const databases = byDatabase(view.tables)
  for (const [database, tables] of databases) {
    if (databases.size > 1) lines.push(`Database ${cell(database)}`, '')
    for (const table of tables) lines.push(...chapter(table))
  }
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
  const parts = [
    ...constraintsOf(table).map(({ name, definition }) => `- ${code(name)}: ${code(definition)}`),
    ...table.indexes.map(({ definition, valid }) => `- ${code(definition)}${valid ? '' : ' (invalid)'}`),
    ...table.triggers.map(({ definition, enabled }) => `- ${code(definition)}${enabled ? '' : ' (disabled)'}`),
  ]
  return [
    `## ${cell(fullName(table))}`,
    '',
    `${table.kind[0]?.toUpperCase()}${table.kind.slice(1)}, made by ${cell(madeText(table))}${changed}.`,
    '',
    ...(table.comment === null ? [] : [cell(table.comment), '']),
    ...(rows.length === 0 ? [] : [...markdownTable(['column', 'type', '', ''], rows), '']),
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
