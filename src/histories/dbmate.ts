import type { Migration } from '../model/migration.ts'
import { literal, qualified } from '../postgres/quote.ts'
import { removeExactly } from './remove-exactly.ts'
import type { AppliedSet, History, HistoryChange, HistoryRow, HistoryState, HistoryStep, HistoryTable, Snapshot } from './history.ts'
import { jsonRows, text } from './json-rows.ts'
import { compareBytes, unknownVersions } from './versions.ts'

/**
 * dbmate's table: one row for each applied version, and nothing else in it. Rails and golang-migrate call theirs the same; the columns tell.
 *
 * dbmate takes no lock: a second runner finds out at the primary key, after it ran the file. So the table is locked while we work.
 * Source: dbmate 2.36.0, what it was seen to make (make-annotated.mjs).
 */
export const dbmate: History = {
  name: 'dbmate',
  keeps: 'every-version',
  marksDirty: false,
  sharesTable: false,
  setTable: true,
  defaultTable: () => 'schema_migrations',
  furtherTables: [],
  makesSchema: true,
  columns: ['version'],
  renamable: [],
  create: (table) => [`create table if not exists ${nameOf(table)} (version varchar primary key)`],
  select: (table) =>
    `select coalesce(json_agg(json_build_array(version) order by version collate "C"), '[]')::text as rows from ${nameOf(table)}`,
  parse: (json) => jsonRows(json).map(([version]) => ({ version: text(version) })),
  applied,
  rows,
  change,
  write,
  lockKeys: () => [],
  lockTable: true,
}

function applied({ rows }: Snapshot, migrations: readonly Migration[]): AppliedSet {
  const set = new Map(rows.map(({ version }) => [String(version), { assumed: false }]))
  return { applied: set, unknown: unknownVersions(set.keys(), migrations) }
}

function rows({ applied }: AppliedSet): HistoryRow[] {
  return [...applied.keys()].sort(compareBytes).map((version) => ({ version }))
}

function change(_: HistoryState, { migration: { version }, direction }: HistoryStep): HistoryChange {
  return direction === 'up' ? { remove: [], add: [{ version }] } : { remove: [{ version }], add: [] }
}

function write(table: HistoryTable, { remove, add }: HistoryChange): string {
  const gone = removeExactly(table, { column: 'version', versions: remove.map((row) => literal(String(row.version))) })
  if (add.length === 0) return gone
  return `${gone}insert into ${nameOf(table)} (version) values ${add.map((row) => `(${literal(String(row.version))})`).join(', ')};`
}

function nameOf(table: HistoryTable): string {
  return qualified(table.schema, table.table)
}
