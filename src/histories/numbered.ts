import type { Migration } from '../model/migration.ts'
import { literal, qualified } from '../postgres/quote.ts'
import { conflictText } from './conflict.ts'
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
import { byVersion, compareNumeric, numberLiteral, serviceValue, unknownVersions } from './versions.ts'

const versionsTable = 'schema_versions'

/**
 * The two tables of a runner for `NNN_name` files that keeps a record for each migration with a checksum, and the current version of each
 * service beside it (in the schema of the first). A record's `name` is the title without the number, `add_availability_columns`: the runner
 * logs `001_add_availability_columns`, which it puts together from the record's two columns. `checksum` is the SHA-256 of the raw up file in
 * hex. `schema_versions` has the greatest applied version, with its name as description, and no row where nothing is applied.
 *
 * Nothing is known of a lock, so the table is locked while we work.
 */
export const numbered: History = {
  name: 'numbered',
  keeps: 'every-version',
  marksDirty: false,
  sharesTable: true,
  setTable: false,
  defaultTable: () => 'migration_records',
  furtherTables: [versionsTable],
  columns: ['id', 'service', 'version', 'name', 'applied_at', 'checksum'],
  renamable: [],
  create,
  select,
  parse,
  applied,
  rows,
  change,
  write,
  lockKeys: () => [],
  lockTable: true,
}

function create(table: HistoryTable): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${recordsOf(table)} (
    id SERIAL PRIMARY KEY,
    service VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL DEFAULT NOW(),
    checksum VARCHAR NOT NULL
)`,
    `CREATE TABLE IF NOT EXISTS ${versionsOf(table)} (
    service VARCHAR PRIMARY KEY,
    version INTEGER NOT NULL,
    applied_at TIMESTAMP NOT NULL DEFAULT NOW(),
    description VARCHAR
)`,
  ]
}

/** Throws CONFIG-INVALID without a service value. */
function select(table: HistoryTable): string {
  const sorted = `json_agg(json_build_array(version, name, ${selectUtc('applied_at')}, checksum) order by version, id)`
  return `select coalesce(${sorted}, '[]')::text as rows from ${recordsOf(table)} where ${serviceIs(table)}`
}

function parse(json: string): HistoryRow[] {
  return jsonRows(json).map(([version, name, at, checksum]) => ({
    version: text(version),
    name: text(name),
    applied_at: parseUtc(at),
    checksum: text(checksum),
  }))
}

/** No key keeps a version from being there twice: then the first record counts. */
function applied({ rows }: Snapshot, migrations: readonly Migration[]): AppliedSet {
  const set = new Map<string, AppliedVersion>()
  for (const { version, name, applied_at: at, checksum } of rows) {
    if (set.has(String(version))) continue
    set.set(String(version), { assumed: false, name: String(name), checksum: String(checksum), ...(at && { appliedAt: String(at) }) })
  }
  return { applied: set, unknown: unknownVersions(set.keys(), migrations) }
}

/** Reads the up file of a version whose checksum is not given. Throws SOURCE-UNREADABLE. */
function rows({ applied }: AppliedSet, migrations: readonly Migration[]): HistoryRow[] {
  const known = byVersion(migrations)
  const sorted = [...applied].sort(([a], [b]) => compareNumeric(a, b))
  return sorted.map(([version, { name, appliedAt, checksum }]) => {
    const migration = known.get(version)
    return { version, name: name ?? migration?.name ?? '', applied_at: appliedAt ?? null, checksum: checksum ?? checksumOf(migration) }
  })
}

function change(state: HistoryState, { migration, direction }: HistoryStep): HistoryChange {
  const { version, name } = migration
  const row = { version, name, applied_at: null, checksum: checksumOf(migration) }
  const before = state.greatestApplied(version)
  const greatest = direction === 'up' && (before === null || compareNumeric(version, before) > 0) ? version : before
  const current = greatest === null ? null : byVersion(state.migrations).get(greatest)
  const change = direction === 'up' ? { remove: [], add: [row] } : { remove: [row], add: [] }
  return current === undefined ? change : { ...change, current: current && { version: current.version, name: current.name } }
}

function write(table: HistoryTable, change: HistoryChange): string {
  const { remove, add } = change
  if (remove.length === 0 && add.length === 0) return ''
  const versions = remove.map((row) => numberLiteral(row.version))
  const gone = removeExactly(table, { column: 'version', versions, where: serviceIs(table) })
  const records = add.map((row) => recordValues(table, row))
  const columns = '(service, version, name, applied_at, checksum)'
  const added = records.length === 0 ? '' : `insert into ${recordsOf(table)} ${columns} values ${records.join(', ')};\n`
  return `${gone}${added}${currentVersion(table, change.current)}`
}

function recordValues(table: HistoryTable, row: HistoryRow): string {
  const texts = [row.name, row.checksum].map((value) => literal(String(value ?? '')))
  return `(${literal(serviceValue(table))}, ${versionOnce(table, row)}, ${texts[0]}, ${timeValue(row.applied_at)}, ${texts[1]})`
}

/**
 * The version, or a conflict where a record has it: the table has no unique key to say so. Records are looked through only when
 * schema_versions does not say that all of them are older, since there is no index to find one by either.
 */
function versionOnce(table: HistoryTable, row: HistoryRow): string {
  const version = numberLiteral(row.version)
  const there = `(${conflictText(`${table.table} already has version `)} || version)::integer`
  const older = `(select version < ${version} from ${versionsOf(table)} where ${serviceIs(table)})`
  const found = `from ${recordsOf(table)} where ${serviceIs(table)} and version = ${version} and ${older} is not true`
  return `coalesce((select ${there} ${found} limit 1), ${version})`
}

function currentVersion(table: HistoryTable, current: HistoryChange['current']): string {
  const name = versionsOf(table)
  if (current === null) return `delete from ${name} where ${serviceIs(table)};`
  const into = `insert into ${name} as v (service, version, description)`
  const update = 'version = excluded.version, applied_at = default, description = excluded.description'
  const upsert = `on conflict (service) do update set ${update} where v.version <> excluded.version;`
  const service = literal(serviceValue(table))
  if (current) return `${into} values (${service}, ${numberLiteral(current.version)}, ${literal(current.name)}) ${upsert}`
  const records = `from ${recordsOf(table)} where ${serviceIs(table)}`
  return `delete from ${name} where ${serviceIs(table)} and not exists (select ${records});
${into} select service, version, name ${records} order by version desc limit 1 ${upsert}`
}

function checksumOf(migration: Migration | undefined): string {
  return migration?.up?.sha256() ?? ''
}

function serviceIs(table: HistoryTable): string {
  return ofService('service', serviceValue(table))
}

function recordsOf(table: HistoryTable): string {
  return qualified(table.schema, table.table)
}

function versionsOf(table: HistoryTable): string {
  return qualified(table.schema, versionsTable)
}
