import type { Migration } from '../model/migration.ts'
import { literal, qualified } from '../postgres/quote.ts'
import { removeExactly } from './remove-exactly.ts'
import type {
  AppliedSet,
  AppliedVersion,
  History,
  HistoryChange,
  HistoryRow,
  HistoryState,
  HistoryStep,
  HistoryTable,
  Snapshot,
} from './history.ts'
import { jsonRows, text } from './json-rows.ts'
import { parseUtc, selectUtc, timeValue } from './server-time.ts'
import { compareBytes, unknownVersions } from './versions.ts'

/**
 * Diesel's table: one row for each applied version, and when. The name cannot be changed in the tool, which finds the table by search_path:
 * two Diesel services in one schema share it.
 *
 * Diesel takes no lock: a second runner finds out at the primary key, after it ran the file. So the table is locked while we work.
 * Source: Diesel 2.2.12 diesel/src/migration/mod.rs and setup_migration_table.sql beside it.
 */
export const diesel: History = {
  name: 'diesel',
  keeps: 'every-version',
  marksDirty: false,
  sharesTable: false,
  setTable: true,
  defaultTable: () => '__diesel_schema_migrations',
  furtherTables: [],
  columns: ['version', 'run_on'],
  renamable: [],
  create,
  select,
  parse: (json) => jsonRows(json).map(([version, runOn]) => ({ version: text(version), run_on: parseUtc(runOn) })),
  applied,
  rows,
  change,
  write,
  lockKeys: () => [],
  lockTable: true,
}

function create(table: HistoryTable): string[] {
  const columns = 'version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP'
  return [`CREATE TABLE IF NOT EXISTS ${nameOf(table)} (${columns})`]
}

/** In the order of the tool's own strings, which is that of their bytes. */
function select(table: HistoryTable): string {
  const cells = `json_build_array(version, ${selectUtc('run_on')})`
  return `select coalesce(json_agg(${cells} order by version collate "C"), '[]')::text as rows from ${nameOf(table)}`
}

function applied({ rows }: Snapshot, migrations: readonly Migration[]): AppliedSet {
  const set = new Map<string, AppliedVersion>()
  for (const { version, run_on: at } of rows) set.set(String(version), { assumed: false, ...(at && { appliedAt: String(at) }) })
  return { applied: set, unknown: unknownVersions(set.keys(), migrations) }
}

function rows({ applied }: AppliedSet): HistoryRow[] {
  const sorted = [...applied].sort(([a], [b]) => compareBytes(a, b))
  return sorted.map(([version, { appliedAt }]) => ({ version, run_on: appliedAt ?? null }))
}

function change(_: HistoryState, { migration, direction }: HistoryStep): HistoryChange {
  const row = { version: migration.version, run_on: null }
  return direction === 'up' ? { remove: [], add: [row] } : { remove: [row], add: [] }
}

function write(table: HistoryTable, { remove, add }: HistoryChange): string {
  const versions = remove.map(({ version }) => literal(String(version)))
  const gone = removeExactly(table, { column: 'version', versions })
  if (add.length === 0) return gone
  const values = add.map(({ version, run_on: at }) => `(${literal(String(version))}, ${timeValue(at)})`)
  return `${gone}insert into ${nameOf(table)} (version, run_on) values ${values.join(', ')};`
}

function nameOf(table: HistoryTable): string {
  return qualified(table.schema, table.table)
}
