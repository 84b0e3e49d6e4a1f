import type { MadeView, PlaceView, UnreadView } from './view.ts'

export interface ConstraintView {
  name: string
  columns: string[]
  definition: string
  madeBy: string | null
}

export interface ForeignKeyView extends ConstraintView {
  references: { schema: string; table: string; columns: string[] }
}

export interface ColumnView {
  name: string
  type: string
  nullable: boolean
  default: string | null
  identity: string | null
  generated: string | null
  comment: string | null
  madeBy: string | null
  changedBy: string[]
}

export interface SchemaTableView extends PlaceView, MadeView {
  partitionOf: string | null
  comment: string | null
  changedBy: string[]
  columns: ColumnView[]
  primaryKey: ConstraintView | null
  unique: ConstraintView[]
  foreignKeys: ForeignKeyView[]
  checks: ConstraintView[]
  exclusions: ConstraintView[]
  indexes: { name: string; definition: string; unique: boolean; valid: boolean; madeBy: string | null }[]
  triggers: { name: string; definition: string; enabled: boolean; madeBy: string | null }[]
}

/** What `schema` reports, as far as its pages show it. */
export interface SchemaView {
  tables: SchemaTableView[]
  unread: UnreadView[]
}

/** `not null`, the default, identity: what a column says besides its type. */
export function columnWords(column: ColumnView): string {
  const words = [column.nullable ? '' : 'not null']
  if (column.identity !== null) words.push(`generated ${column.identity} as identity`)
  if (column.generated !== null) words.push(`generated as (${column.default ?? ''}) ${column.generated}`)
  else if (column.default !== null) words.push(`default ${column.default}`)
  return words.filter(Boolean).join(' ')
}

/** Keys and other constraints, as PostgreSQL writes them. */
export function constraintsOf(table: SchemaTableView): ConstraintView[] {
  return [
    ...(table.primaryKey === null ? [] : [table.primaryKey]),
    ...table.unique,
    ...table.foreignKeys,
    ...table.checks,
    ...table.exclusions,
  ]
}

/** What made a column, where that is not what made its table, and what changed it. */
export function columnMade(column: ColumnView, table: SchemaTableView): string {
  const made = column.madeBy === null || column.madeBy === table.migration ? [] : [`added by ${column.madeBy}`]
  return [...made, ...(column.changedBy.length === 0 ? [] : [`changed by ${column.changedBy.join(', ')}`])].join(', ')
}

/** What made a constraint, an index or a trigger, where that is not what made its table. */
export function partMade({ madeBy }: { madeBy: string | null }, table: SchemaTableView): string {
  return madeBy === null || madeBy === table.migration ? '' : `added by ${madeBy}`
}
