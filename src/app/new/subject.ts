import type { Migration } from '../../model/migration.ts'

/** What a name speaks of, as SQL writes it: what templates are filled with. */
export interface Subject {
  /** With its schema where that is known. */
  table: string
  /** The same without schema. */
  bareTable: string
  column: string
  schema: string
  index: string
  /** The table is made by a migration that is there. */
  isKnown: boolean
}

const verbs = new Set([
  'add',
  'create',
  'make',
  'new',
  'build',
  'index',
  'idx',
  'insert',
  'update',
  'fill',
  'seed',
  'backfill',
  'alter',
  'drop',
])
const joints = new Set(['on', 'by', 'for', 'to', 'in', 'of', 'from', 'the', 'and', 'with'])

/**
 * Table, column and schema out of the words of a name: `create_tenants_table` → tenants, `index_users_by_email` → users and email. Tables that
 * migrations create are known by `tables`, so that `add_users_phone` is about a column of users. What a name does not say is `id`. Pure.
 */
export function subjectOf(words: readonly string[], type: string | undefined, tables: readonly string[]): Subject {
  const start = verbs.has(words[0] ?? '') ? 1 : 0
  const said = words.slice(start).filter((word, at) => !(at === 0 && (word === 'index' || word === 'idx')))
  const end =
    new Set(['table', 'tables', 'schema', 'column', 'index', 'idx', 'data']).has(said.at(-1) ?? '') && said.length > 1 ? -1 : undefined
  const rest = said.slice(0, end)
  const known = type === 'table' ? undefined : knownTable(rest, tables)
  const { table, column } =
    known ?? (type === 'index' || type === 'column' ? split(rest, type) : { table: joined(rest, words), column: 'id' })
  const bareTable = table.slice(table.lastIndexOf('.') + 1)
  const index = `idx_${unquoted(bareTable)}_${unquoted(column)}`
  return {
    table,
    bareTable,
    column,
    schema: joined(rest, words),
    index: identifier(index),
    isKnown: known !== undefined || tables.some((each) => each === table || each.endsWith(`.${table}`)),
  }
}

/** Names of tables in CREATE TABLE, as they are written there. Comments and texts are not told apart: a wrong one only fills a template. */
export function tablesIn(migrations: readonly Migration[]): string[] {
  const pattern = /\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?((?:"?\w+"?\.)?"?\w+"?)/gi
  const found = new Set<string>()
  for (const { up } of migrations) {
    for (const [, table = ''] of (up?.raw().toString('utf8') ?? '').matchAll(pattern)) found.add(table.replaceAll('"', ''))
    if (up?.kind === 'sql') up.forget()
  }
  return [...found]
}

/** The longest known table whose words stand in a row; what is left is the column. */
function knownTable(words: readonly string[], tables: readonly string[]): { table: string; column: string } | undefined {
  const text = `_${words.join('_')}_`
  const bare = (table: string) => table.slice(table.lastIndexOf('.') + 1)
  const table = tables
    .filter((each) => text.includes(`_${bare(each)}_`))
    .toSorted((a, b) => bare(b).length - bare(a).length)
    .at(0)
  if (table === undefined) return undefined
  const left = text.replace(`_${bare(table)}_`, '_').split('_')
  const column = left.filter((word) => !/^(?:index|idx|column)?$/.test(word) && !joints.has(word)).join('_')
  return { table: table.split('.').map(identifier).join('.'), column: identifier(column || 'id') }
}

/** `users by email`, `phone to users`, else the last word is the column. */
function split(words: readonly string[], type: 'index' | 'column'): { table: string; column: string } {
  const at = words.findIndex((word) => joints.has(word))
  if (at < 0 && words.length < 2) return { table: identifier(words[0] ?? 'items'), column: 'id' }
  const cut = at > 0 && at < words.length - 1 ? [words.slice(0, at), words.slice(at + 1)] : [words.slice(0, -1), words.slice(-1)]
  const [first = [], second = []] = cut.map((part) => part.filter((word) => !joints.has(word)))
  // "index email on users" and "add phone to users" name the column first.
  const turned = at > 0 && (words[at] === 'on' || (type === 'column' && words[at] !== 'by'))
  const [table, column] = turned ? [second, first] : [first, second]
  return { table: identifier(table.join('_') || 'items'), column: identifier(column.join('_') || 'id') }
}

function joined(words: readonly string[], all: readonly string[]): string {
  return identifier((words.length > 0 ? words : all).join('_'))
}

/** Words of PostgreSQL 18 that cannot name a table or column without quotes (src/include/parser/kwlist.h, RESERVED and TYPE_FUNC_NAME). */
const reserved = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently ' +
    'constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default ' +
    'deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner ' +
    'intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or ' +
    'order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table ' +
    'tablesample then to trailing true union unique user using variadic verbose when where window with'
  ).split(' '),
)

/** A name as SQL takes it, at most the 63 bytes that PostgreSQL keeps; in quotes only where it must be. */
export function identifier(name: string): string {
  let short = name
  while (Buffer.byteLength(short) > 63) short = short.slice(0, -1)
  return /^[a-z_][a-z0-9_]*$/.test(short) && !reserved.has(short) ? short : `"${short}"`
}

function unquoted(name: string): string {
  return name.replaceAll('"', '')
}
