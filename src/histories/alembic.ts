import type { Migration } from '../model/migration.ts'
import { ident, literal, qualified } from '../postgres/quote.ts'
import { otherwiseConflict } from './conflict.ts'
import { graphOf, headsOf, standsOn, uncovered, withAncestors } from './heads.ts'
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
import { compareBytes, unknownVersions } from './versions.ts'

/**
 * Alembic's table: one row for each head of what is applied. Everything that a row's revision stands on, by `down_revision` or `depends_on`, is
 * applied too and has no row. Nothing says when.
 *
 * Alembic takes no lock, so the table is locked while we write rows ourselves (mark, force); while a revision runs it is Alembic's. It updates a row where we may delete one and add one: the rows afterwards are the
 * same, and no column tells the difference. Going down from a revision that names a parent and an ancestor of that parent, while another branch is
 * there, Alembic leaves a row for both; here only the parent gets one.
 *
 * Source: Alembic 1.16.5 ddl/impl.py (version_table_impl) and runtime/migration.py (HeadMaintainer, RevisionStep).
 */
export const alembic: History = {
  name: 'alembic',
  keeps: 'heads',
  marksDirty: false,
  sharesTable: false,
  setTable: false,
  defaultTable: () => 'alembic_version',
  furtherTables: [],
  columns: ['version_num'],
  renamable: [],
  create,
  select,
  parse: (json) => jsonRows(json).map(([version]) => ({ version_num: text(version) })),
  applied,
  rows,
  change,
  write,
  lockKeys: () => [],
  lockTable: true,
  forceCommand,
}

function create(table: HistoryTable): string[] {
  const key = `CONSTRAINT ${ident(`${table.table}_pkc`)} PRIMARY KEY (version_num)`
  return [`CREATE TABLE IF NOT EXISTS ${nameOf(table)} (version_num VARCHAR(32) NOT NULL, ${key})`]
}

function select(table: HistoryTable): string {
  return `select coalesce(json_agg(json_build_array(version_num) order by version_num collate "C"), '[]')::text as rows from ${nameOf(table)}`
}

/** Only a row says that a version is applied for certain; what it stands on is so because nothing else could have led there. */
function applied({ rows }: Snapshot, migrations: readonly Migration[]): AppliedSet {
  const versions = rows.map(versionOf)
  const set = new Map<string, AppliedVersion>()
  for (const version of withAncestors(graphOf(migrations), versions)) set.set(version, { assumed: false })
  return { applied: set, unknown: unknownVersions(versions, migrations) }
}

function rows({ applied }: AppliedSet, migrations: readonly Migration[]): HistoryRow[] {
  return headsOf(graphOf(migrations), applied.keys()).toSorted(compareBytes).map(rowOf)
}

/**
 * Up: the new head, in place of the heads that it stands on; nothing when it comes below one. Down: what it stood on comes to light again, where no
 * other head covers it. So merging, unmerging and a head that a dependency has absorbed need no case of their own.
 */
function change(state: HistoryState, { migration: { version }, direction }: HistoryStep): HistoryChange {
  const graph = graphOf(state.migrations)
  const heads = state.rows.map(versionOf)
  if (direction === 'up') {
    if (heads.some((head) => standsOn(graph, head, version))) return { remove: [], add: [] }
    const covered = heads.filter((head) => standsOn(graph, version, head))
    return { remove: covered.map(rowOf), add: [rowOf(version)] }
  }
  const others = heads.filter((head) => head !== version)
  // Below a head, so no row said it: the head still does not.
  if (others.some((head) => standsOn(graph, head, version))) return { remove: heads.includes(version) ? [rowOf(version)] : [], add: [] }
  const back = uncovered(graph, state.applied, version, others).filter((head) => !others.includes(head))
  return { remove: [rowOf(version)], add: back.map(rowOf) }
}

function write(table: HistoryTable, { remove, add }: HistoryChange): string {
  const [from, ...more] = remove.map(versionOf)
  const [to, ...further] = add.map(versionOf)
  if (from === undefined || to === undefined) return deleted(table, remove.map(versionOf)) + inserted(table, add.map(versionOf))
  return deleted(table, more) + updated(table, from, to) + inserted(table, further)
}

function deleted(table: HistoryTable, versions: readonly string[]): string {
  return removeExactly(table, { column: 'version_num', versions: versions.map(literal) })
}

function updated(table: HistoryTable, from: string, to: string): string {
  const moved = `with moved as (update ${nameOf(table)} set version_num = ${literal(to)} where version_num = ${literal(from)} returning 1)`
  const checked = otherwiseConflict('1', 'integer', 'count(*) = 1', `${from} should be in ${table.table}, rows found: `, 'count(*)')
  return `${moved} select ${checked} from moved;\n`
}

function inserted(table: HistoryTable, versions: readonly string[]): string {
  if (versions.length === 0) return ''
  return `insert into ${nameOf(table)} (version_num) values ${versions.map((version) => `(${literal(version)})`).join(', ')};`
}

function forceCommand(_: HistoryTable, version: string | null): string {
  return `alembic stamp --purge ${version ?? 'base'}`
}

function versionOf(row: HistoryRow): string {
  return String(row['version_num'])
}

function rowOf(version: string): HistoryRow {
  return { version_num: version }
}

function nameOf(table: HistoryTable): string {
  return qualified(table.schema, table.table)
}
