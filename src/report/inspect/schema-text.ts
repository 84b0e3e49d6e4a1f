import { columns } from '../columns.ts'
import type { Style } from '../style.ts'
import { byDatabase, fullName, madeText, oneLine, unreadLines } from './view.ts'
import { columnMade, columnWords, constraintsOf, type SchemaTableView, type SchemaView } from './schema-view.ts'

/** `schema` for people: one paragraph for each table. */
export function humanSchema(view: SchemaView, style: Style): string {
  const lines: string[] = []
  const databases = byDatabase(view.tables)
  for (const [database, tables] of databases) {
    if (databases.size > 1) lines.push(style.dim(database), '')
    for (const table of tables) lines.push(...paragraph(table, style), '')
  }
  lines.push(...unreadLines(view.unread).map((line) => style.yellow(line)))
  if (view.tables.length === 0) lines.push('no tables')
  return `${lines.join('\n').trimEnd()}\n`
}

function paragraph(table: SchemaTableView, style: Style): string[] {
  const kind = table.partitionOf === null ? table.kind : `partition of ${oneLine(table.partitionOf)}`
  const changed = table.changedBy.length === 0 ? '' : `, changed by ${table.changedBy.map(oneLine).join(', ')}`
  const rows = table.columns.map((column) => [
    oneLine(column.name),
    style.cyan(oneLine(column.type)),
    oneLine(columnWords(column)),
    style.dim([columnMade(column, table), column.comment ?? ''].map(oneLine).filter(Boolean).join('; ')),
  ])
  const parts: [string, string[]][] = [
    ['keys and constraints', constraintsOf(table).map(({ name, definition }) => `${name}  ${style.dim(oneLine(definition))}`)],
    [
      'indexes',
      table.indexes.map(
        ({ name, definition, valid }) => `${name}  ${style.dim(oneLine(afterOn(definition)))}${valid ? '' : style.red('  INVALID')}`,
      ),
    ],
    [
      'triggers',
      table.triggers.map(
        ({ name, definition, enabled }) => `${name}  ${style.dim(oneLine(definition))}${enabled ? '' : style.yellow('  disabled')}`,
      ),
    ],
  ]
  return [
    `${style.bold(fullName(table))}  ${style.dim(kind)}  made by ${madeText(table)}${changed}`,
    ...(table.comment === null ? [] : [`  ${style.dim(oneLine(table.comment))}`]),
    ...(rows.length === 0 ? [] : columns(rows, '  ').split('\n')),
    ...parts.flatMap(([title, list]) => (list.length === 0 ? [] : [`  ${title}`, ...list.map((line) => `    ${line}`)])),
  ]
}

/** The table has been named already. */
function afterOn(definition: string): string {
  const using = definition.indexOf(' USING ')
  return `${definition.startsWith('CREATE UNIQUE') ? 'unique ' : ''}${using < 0 ? definition : definition.slice(using + ' USING '.length)}`
}
