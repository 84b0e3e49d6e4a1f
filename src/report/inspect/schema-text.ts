import { columnLines } from '../columns.ts'
import type { Style } from '../style.ts'
import { byDatabase, fullName, madeText, oneLine, unreadLines } from './view.ts'
import { columnMade, columnWords, constraintsOf, partMade, type SchemaTableView, type SchemaView } from './schema-view.ts'

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
  const by = (part: { madeBy: string | null }) => {
    const words = partMade(part, table)
    return words === '' ? '' : `  ${style.dim(oneLine(words))}`
  }
  const parts: [string, string[]][] = [
    ['keys and constraints', constraintsOf(table).map((one) => `${one.name}  ${style.dim(oneLine(one.definition))}${by(one)}`)],
    [
      'indexes',
      table.indexes.map(
        (one) => `${one.name}  ${style.dim(oneLine(afterOn(one.definition)))}${one.valid ? '' : style.red('  INVALID')}${by(one)}`,
      ),
    ],
    [
      'triggers',
      table.triggers.map(
        (one) => `${one.name}  ${style.dim(oneLine(one.definition))}${one.enabled ? '' : style.yellow('  disabled')}${by(one)}`,
      ),
    ],
  ]
  return [
    `${style.bold(fullName(table))}  ${style.dim(kind)}  made by ${madeText(table)}${changed}`,
    ...(table.comment === null ? [] : [`  ${style.dim(oneLine(table.comment))}`]),
    ...(rows.length === 0 ? [] : columnLines(rows, '  ', style.width)),
    ...parts.flatMap(([title, list]) => (list.length === 0 ? [] : [`  ${title}`, ...list.map((line) => `    ${line}`)])),
  ]
}

/** The table has been named already. */
function afterOn(definition: string): string {
  const using = definition.indexOf(' USING ')
  return `${definition.startsWith('CREATE UNIQUE') ? 'unique ' : ''}${using < 0 ? definition : definition.slice(using + ' USING '.length)}`
}
