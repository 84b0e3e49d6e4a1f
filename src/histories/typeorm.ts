import { createHash } from 'node:crypto'
import type { Migration } from '../model/migration.ts'
import { ident, literal, qualified } from '../postgres/quote.ts'
import { typeormTimestamp } from '../util/typeorm-name.ts'
import { otherwiseConflict } from './conflict.ts'
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
import { removeExactly } from './remove-exactly.ts'
import { numberLiteral, unknownVersions } from './versions.ts'

/**
 * TypeORM's table: one row for each applied migration, with its name and the timestamp in the name, in the order in which they were run. It
 * is the name that says whether a migration is applied, and the greatest id that says which one TypeORM would revert. Timestamps are texts
 * here, as every version is; no key keeps a name from being there twice, so writing one that is there fails.
 *
 * TypeORM takes no lock: of two that run at once both run everything. So the table is locked while we work.
 * Source: TypeORM 0.3.31 and 1.1.1 migration/MigrationExecutor.js and naming-strategy/DefaultNamingStrategy.js (primaryKeyName).
 */
export const typeorm: History = {
  name: 'typeorm',
  keeps: 'every-version',
  marksDirty: false,
  sharesTable: false,
  setTable: true,
  defaultTable: () => 'migrations',
  furtherTables: [],
  columns: ['id', 'timestamp', 'name'],
  renamable: [],
  create,
  select,
  parse: (json) => jsonRows(json).map(([timestamp, name]) => ({ timestamp: text(timestamp), name: text(name) })),
  applied,
  rows,
  change,
  write,
  lockKeys: () => [],
  lockTable: true,
}

/** The tool's words, but for `IF NOT EXISTS`: it looks for the table before it sends them. */
function create(table: HistoryTable): string[] {
  // The last part of a name with dots, for a naming strategy knows no schemas.
  const hashed = createHash('sha1')
    .update(`${table.table.split('.').at(-1)}_id`)
    .digest('hex')
  const key = `CONSTRAINT ${ident(`PK_${hashed.slice(0, 27)}`)} PRIMARY KEY ("id")`
  return [
    `CREATE TABLE IF NOT EXISTS ${nameOf(table)} ("id" SERIAL NOT NULL, "timestamp" bigint NOT NULL, "name" character varying NOT NULL, ${key})`,
  ]
}

function select(table: HistoryTable): string {
  const cells = 'json_build_array("timestamp"::text, "name")'
  return `select coalesce(json_agg(${cells} order by "id"), '[]')::text as rows from ${nameOf(table)}`
}

function applied({ rows }: Snapshot, migrations: readonly Migration[]): AppliedSet {
  const set = new Map<string, AppliedVersion>()
  for (const { name } of rows) set.set(String(name), { assumed: false })
  return { applied: set, unknown: unknownVersions(set.keys(), migrations) }
}

/** In the order in which the set came to be: that of the ids. */
function rows({ applied }: AppliedSet): HistoryRow[] {
  return [...applied.keys()].map(rowOf)
}

function change(_: HistoryState, { migration, direction }: HistoryStep): HistoryChange {
  const row = rowOf(migration.version)
  return direction === 'up' ? { remove: [], add: [row] } : { remove: [row], add: [] }
}

/** A name without a timestamp is none of TypeORM's; where it is written all the same, to a table that has it, its timestamp is 0. */
function rowOf(name: string): HistoryRow {
  return { timestamp: String(typeormTimestamp(name) ?? 0), name }
}

function write(table: HistoryTable, { remove, add }: HistoryChange): string {
  const gone = removeExactly(table, { column: 'name', versions: remove.map(({ name }) => literal(String(name))) })
  if (add.length === 0) return gone
  const names = add.map(({ name }) => literal(String(name)))
  const values = add.map(({ timestamp }, index) => `(${index}, ${numberLiteral(timestamp)}::bigint, ${names[index]})`)
  const what = names.length === 1 ? `version ${names[0]}` : `${names.length} versions`
  const good = otherwiseConflict('true', 'boolean', 'there.rows = 0', `${what} should not be in ${table.table}, rows found: `, 'there.rows')
  return `${gone}with there as (select count(*) as rows from ${nameOf(table)} where "name" in (${names.join(', ')}))
insert into ${nameOf(table)} ("timestamp", "name") select added."timestamp", added."name"
from (values ${values.join(', ')}) as added (nr, "timestamp", "name"), there where ${good} order by added.nr;`
}

function nameOf(table: HistoryTable): string {
  return qualified(table.schema, table.table)
}
