import { byDatabase, oneLine } from './view.ts'
import type { ColumnView, ForeignKeyView, SchemaTableView, SchemaView } from './schema-view.ts'

/**
 * `schema` as a Mermaid entity relationship diagram: tables with columns and keys, and a line for each foreign key. Names of tables stand in quotes;
 * types and columns may hold fewer characters there, so the others become `_` and the comment says how it is really written. Tables of several databases
 * have its name before theirs.
 * Source: https://mermaid.js.org/syntax/entityRelationshipDiagram.html and its lexer, erDiagram.jison (entity, attribute and comment words).
 */
export function mermaidSchema(view: SchemaView): string {
  const lines = ['erDiagram']
  const tables = view.tables.filter((one) => one.columns.length > 0)
  const homes = homesOf([...byDatabase(view.tables).keys()])
  const entity = ({ database }: SchemaTableView, schema: string, name: string) => quoted(`${homes.get(database) ?? ''}${schema}.${name}`)
  for (const table of tables) {
    lines.push(`  ${entity(table, table.schema, table.name)} {`)
    for (const column of table.columns) lines.push(`    ${attribute(column, table)}`)
    lines.push('  }')
  }
  for (const table of view.tables)
    for (const key of table.foreignKeys) {
      const [parent, child] = [entity(table, key.references.schema, key.references.table), entity(table, table.schema, table.name)]
      lines.push(`  ${parent} ${relationship(key, table)} ${child} : "${quotable(key.columns.join(', '))}"`)
    }
  return `${lines.join('\n')}\n`
}

/** What stands before the tables of each database: nothing where there is one, its name where the names differ, else all that is known of it. */
function homesOf(databases: readonly string[]): Map<string, string> {
  if (databases.length < 2) return new Map()
  const names = databases.map((label) => /\/([^/]*?)(?: as .*)?$/.exec(label)?.[1] ?? label)
  const differ = new Set(names).size === names.length
  return new Map(databases.map((label, at) => [label, `${differ ? names[at] : label}.`]))
}

function quoted(name: string): string {
  return `"${oneLine(name).replace(/["%\\]/g, '_')}"`
}

function attribute(column: ColumnView, table: SchemaTableView): string {
  const keys = [
    table.primaryKey?.columns.includes(column.name) === true ? 'PK' : '',
    table.foreignKeys.some((key) => key.columns.includes(column.name)) ? 'FK' : '',
    table.unique.some((key) => key.columns.length === 1 && key.columns[0] === column.name) ? 'UK' : '',
  ].filter(Boolean)
  const [type, name] = [typeWord(column.type), plainWord(column.name)]
  const comment = [
    name === column.name ? '' : column.name,
    type === shortType(column.type).replaceAll(' ', '_') ? '' : column.type,
    column.nullable && !table.kind.endsWith('view') ? 'null' : '',
  ]
  const said = comment.filter(Boolean).map(quotable).join(', ')
  return [type, name, keys.join(', '), said === '' ? '' : `"${said}"`].filter(Boolean).join(' ')
}

/** The parent is there once, or not at all where a column of the key may be null; of the child there is at most one where the key is its own key. */
function relationship(key: ForeignKeyView, table: SchemaTableView): string {
  const optional = key.columns.some((column) => table.columns.find((one) => one.name === column)?.nullable === true)
  const own = [...(table.primaryKey === null ? [] : [table.primaryKey]), ...table.unique]
  const once = own.some((one) => one.columns.length > 0 && one.columns.every((column) => key.columns.includes(column)))
  return `${optional ? '|o' : '||'}--${once ? 'o|' : 'o{'}`
}

function typeWord(type: string): string {
  return plainWord(shortType(type), '()[]')
}

/** PostgreSQL's own short names. */
function shortType(type: string): string {
  return type
    .replace(/^character varying/, 'varchar')
    .replace(/^timestamp(.*) with time zone/, 'timestamptz$1')
    .replace(/^timestamp(.*) without time zone/, 'timestamp$1')
}

function plainWord(text: string, also = ''): string {
  const plain = text.replace(/[^A-Za-z0-9_-]/gu, (sign) => (also.includes(sign) ? sign : '_'))
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`
}

/** Between double quotes nothing can be escaped. */
function quotable(text: string): string {
  return oneLine(text).replace(/["\\%]/g, "'")
}
