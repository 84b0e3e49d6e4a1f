import type { Migration } from '../model/migration.ts'
import { ident, literal, qualified } from '../postgres/quote.ts'
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
import { ofService, removeExactly } from './remove-exactly.ts'
import { parseUtc, selectUtc, timeValue } from './server-time.ts'
import { compareBytes, serviceValue, unknownVersions } from './versions.ts'

/**
 * The table of a runner for `YYYYMMDDHHMMSS_xxxxxxxx_name` files, one folder for each service: the whole base name as version, beside the
 * folder's name. Such runners are home-made and call their columns as they like, so these can be named (`columns`). `applied_at` is
 * `timestamp not null default current_timestamp` where we make the table; one with time zone that is there is read and written as well.
 *
 * Nothing is known of a lock, so the table is locked while we work.
 */
export const stamped: History = {
  name: 'stamped',
  keeps: 'every-version',
  marksDirty: false,
  sharesTable: true,
  setTable: false,
  defaultTable: () => 'schema_migrations',
  furtherTables: [],
  columns: ['version', 'service', 'applied_at'],
  renamable: ['version', 'service', 'applied_at'],
  create,
  select,
  parse: (json) => jsonRows(json).map(([version, at]) => ({ version: text(version), applied_at: parseUtc(at) })),
  applied,
  rows,
  change,
  write,
  lockKeys: () => [],
  lockTable: true,
}

function create(table: HistoryTable): string[] {
  const { version, service, appliedAt } = columnsOf(table)
  const columns = [
    `${ident(version)} varchar(255)`,
    `${ident(service)} varchar(100)`,
    `${ident(appliedAt)} timestamp not null default current_timestamp`,
    `primary key (${ident(version)}, ${ident(service)})`,
  ]
  return [`create table if not exists ${nameOf(table)} (${columns.join(', ')})`]
}

/** In the order of the base names' bytes: that of their stamps. Throws CONFIG-INVALID without a service value. */
function select(table: HistoryTable): string {
  const { version, service, appliedAt } = columnsOf(table)
  const cells = `json_build_array(${ident(version)}, ${selectUtc(ident(appliedAt))})`
  const sorted = `json_agg(${cells} order by ${ident(version)} collate "C")`
  return `select coalesce(${sorted}, '[]')::text as rows from ${nameOf(table)} where ${ofService(service, serviceValue(table))}`
}

function applied({ rows }: Snapshot, migrations: readonly Migration[]): AppliedSet {
  const set = new Map<string, AppliedVersion>()
  for (const { version, applied_at: at } of rows) set.set(String(version), { assumed: false, ...(at && { appliedAt: String(at) }) })
  return { applied: set, unknown: unknownVersions(set.keys(), migrations) }
}

function rows({ applied }: AppliedSet): HistoryRow[] {
  const sorted = [...applied].sort(([a], [b]) => compareBytes(a, b))
  return sorted.map(([version, { appliedAt }]) => ({ version, applied_at: appliedAt ?? null }))
}

function change(_: HistoryState, { migration, direction }: HistoryStep): HistoryChange {
  const row = { version: migration.version, applied_at: null }
  return direction === 'up' ? { remove: [], add: [row] } : { remove: [row], add: [] }
}

function write(table: HistoryTable, { remove, add }: HistoryChange): string {
  const { version, service, appliedAt } = columnsOf(table)
  const value = serviceValue(table)
  const versions = remove.map((row) => literal(String(row.version)))
  const gone = removeExactly(table, { column: version, versions, where: ofService(service, value) })
  if (add.length === 0) return gone
  const values = add.map((row) => `(${literal(String(row.version))}, ${literal(value)}, ${timeValue(row.applied_at)})`)
  return `${gone}insert into ${nameOf(table)} (${[version, service, appliedAt].map(ident).join(', ')}) values ${values.join(', ')};`
}

function columnsOf({ columns = {} }: HistoryTable) {
  return {
    version: columns.version ?? 'version',
    service: columns.service ?? 'service',
    appliedAt: columns.applied_at ?? 'applied_at',
  }
}

function nameOf(table: HistoryTable): string {
  return qualified(table.schema, table.table)
}
