import { SkeinError } from '../model/errors.ts'
import { ident, literal, qualified } from '../postgres/quote.ts'
import { otherwiseConflict } from './conflict.ts'
import { golangLockKeys } from './golang-lock-key.ts'
import type { AppliedSet, History, HistoryChange, HistoryRow, HistoryState, HistoryStep, HistoryTable, Snapshot } from './history.ts'
import { jsonRows, text } from './json-rows.ts'
import { byVersion, compareNumeric, numberLiteral } from './versions.ts'
import type { Migration } from '../model/migration.ts'

const beforeTheFirst = '-1'

/**
 * golang-migrate's table: no row, or one with the latest version and the mark "dirty".
 *
 * All that is known of a lower version is that the tool takes it as applied. A dirty row (P, true) has two readings, "up to P failed" and
 * "the down of P's successor failed"; what is certain in both is that the versions below P are applied, so these are what we say; P and its
 * successor are for whoever repairs it. (-1, true): the down of the first one failed.
 *
 * Source: golang-migrate v4.19.1 database/postgres/postgres.go (ensureVersionTable, SetVersion, Version) and migrate.go (runMigrations).
 */
export const golangMigrate: History = {
  name: 'golang-migrate',
  keeps: 'latest-version',
  marksDirty: true,
  sharesTable: false,
  setTable: false,
  defaultTable: () => 'schema_migrations',
  furtherTables: [],
  columns: ['version', 'dirty'],
  renamable: [],
  create: (table) => [`CREATE TABLE IF NOT EXISTS ${nameOf(table)} (version bigint not null primary key, dirty boolean not null)`],
  select: (table) => `select coalesce(json_agg(json_build_array(version::text, dirty)), '[]')::text as rows from ${nameOf(table)}`,
  parse: (json) => jsonRows(json).map(([version, dirty]) => ({ version: text(version), dirty: dirty === true })),
  applied,
  rows,
  change,
  write,
  prepared,
  mark: (table, state, step) => write(table, { remove: state.rows, add: marked(state, step) }),
  marked,
  lockKeys: golangLockKeys,
  lockTable: false,
  forceCommand,
}

/** Throws HISTORY-BROKEN for a second row: the tool would read either of them. */
function applied({ rows }: Snapshot, migrations: readonly Migration[]): AppliedSet {
  if (rows.length > 1) throw tooManyRows(rows)
  const latest = rows[0]
  const none: AppliedSet = { applied: new Map(), unknown: [] }
  if (!latest) return none
  const version = String(latest.version)
  const dirty = latest.dirty === true
  if (version === beforeTheFirst) return dirty ? { ...none, dirty: { version: null } } : none

  const set = new Map<string, { assumed: boolean }>()
  for (const migration of migrations) {
    if (compareNumeric(migration.version, version) < 0) set.set(migration.version, { assumed: true })
  }
  if (!dirty) set.set(version, { assumed: false })
  return { applied: set, unknown: byVersion(migrations).has(version) ? [] : [version], ...(dirty && { dirty: { version } }) }
}

function rows({ applied, dirty }: AppliedSet): HistoryRow[] {
  if (dirty) return [{ version: dirty.version ?? beforeTheFirst, dirty: true }]
  const latest = [...applied.keys()].reduce<string | null>(later, null)
  return latest === null ? [] : [{ version: latest, dirty: false }]
}

/** Up: the row says the greater of the new version and the one it said, so that a late file does not take the others back. Down: the one before. */
function change(state: HistoryState, step: HistoryStep): HistoryChange {
  const version = versionAfter(state, step)
  const add = version === null ? [] : [{ version, dirty: false }]
  const [now] = state.rows
  if (state.rows.length === 1 && now?.version === version && now.dirty === false) return { remove: [], add: [] }
  return { remove: state.rows, add }
}

/** The tool's own row while a migration runs: the version that it is going to, dirty. */
function marked(state: HistoryState, step: HistoryStep): HistoryRow[] {
  return [{ version: versionAfter(state, step) ?? beforeTheFirst, dirty: true }]
}

function versionAfter(state: HistoryState, { migration, direction }: HistoryStep): string | null {
  if (direction === 'down') return state.greatestApplied(migration.version)
  return state.rows.map((row) => String(row.version)).reduce(later, migration.version)
}

function later(a: string | null, b: string): string {
  return a === null || compareNumeric(b, a) > 0 ? b : a
}

/**
 * DELETE and INSERT where the tool says TRUNCATE and INSERT: the same row afterwards, without an ACCESS EXCLUSIVE lock and the flush of a new
 * file for each migration. By version, so that it stays one index look-up when dead rows gather. The count makes sure that the row is the one
 * that was read, and that there is never a second one. Throws HISTORY-BROKEN for two rows to add.
 */
function write(table: HistoryTable, { remove, add }: HistoryChange): string {
  if (add.length > 1) throw tooManyRows(add)
  const [row] = add
  if (remove.length === 0 && !row) return ''
  const name = nameOf(table)
  const versions = remove.map(({ version }) => numberLiteral(version)).join(', ')
  const gone = remove.length > 0 ? `with gone as (delete from ${name} where version in (${versions}) returning 1)\n` : ''
  const expected =
    remove.length > 0 ? `the row of version ${versions} in ${table.table} is gone, rows found: ` : `${table.table} was empty, rows now: `
  const dirty = otherwiseConflict(String(row?.dirty === true), 'boolean', `count(*) = ${remove.length}`, expected, 'count(*)')
  const from = remove.length > 0 ? 'gone' : name
  if (!row) return `${gone}select ${dirty} from ${from};`
  return `${gone}insert into ${name} (version, dirty) select ${numberLiteral(row.version)}, ${dirty} from ${from};`
}

/** One clean row in the place of another. Parameters: the new version, the old one. */
function prepared(table: HistoryTable): ReturnType<NonNullable<History['prepared']>> {
  const name = nameOf(table)
  const found = `$2 || ${literal(` in ${table.table} is gone, rows found: `)} || count(*)`
  const dirty = otherwiseConflict('false', 'boolean', 'count(*) = 1', 'the row of version ', found)
  return {
    types: ['bigint', 'bigint'],
    text: `with gone as (delete from ${name} where version = $2 returning 1)
insert into ${name} (version, dirty) select $1, ${dirty} from gone`,
    values: ({ remove, add }) => {
      const [before, after] = [remove[0], add[0]]
      if (remove.length !== 1 || add.length !== 1 || after?.dirty !== false) return undefined
      return [numberLiteral(after.version), numberLiteral(before?.version)]
    },
  }
}

function forceCommand(table: HistoryTable, version: string | null): string {
  const usual = table.schema === 'public' && table.table === golangMigrate.defaultTable('')
  const quoted = encodeURIComponent(`${ident(table.schema)}.${ident(table.table)}`)
  const url = usual ? 'URL' : `'URL?x-migrations-table=${quoted}&x-migrations-table-quoted=true'`
  return `migrate -path FOLDER -database ${url} force ${version ?? beforeTheFirst}`
}

function nameOf(table: HistoryTable): string {
  return qualified(table.schema, table.table)
}

function tooManyRows(rows: readonly HistoryRow[]): SkeinError {
  const versions = rows.map(({ version, dirty }) => `${version}${dirty === true ? ' (dirty)' : ''}`)
  return new SkeinError('HISTORY-BROKEN', {
    message: `golang-migrate keeps one row, and there are ${rows.length}: ${versions.join(', ')}`,
    hint: 'find out which version is right, then set it with `migrate force VERSION`',
    data: { versions },
  })
}
