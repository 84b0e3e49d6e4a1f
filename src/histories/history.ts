import type { Migration } from '../model/migration.ts'

/**
 * One row of a tool's table as plain values, columns by the tool's own names. `null` in a timestamp column means "the server's clock, by the
 * column's default"; other times are ISO 8601 UTC. Left out are a serial id and the service column, whose value is `HistoryTable.service`.
 */
export type HistoryRow = Readonly<Record<string, string | number | boolean | null>>

/** All rows of one history, in the tool's own reading order. `exists` is false when the table is not there (then there are no rows). */
export interface Snapshot {
  exists: boolean
  rows: readonly HistoryRow[]
}

/** What a snapshot means for a list of migrations. */
export interface AppliedSet {
  /** Applied versions with what the table tells about each: also those that no migration has (`unknown` names them again). */
  applied: Map<string, AppliedVersion>
  /** Versions in the table that no migration has, as text. */
  unknown: string[]
  /** The tool's own "broke off here", with the version its row names (null: the row says "before the first"). */
  dirty?: { version: string | null }
}

export interface AppliedVersion {
  /** ISO 8601 UTC, where the table records it. */
  appliedAt?: string
  /** What the table records of the content (numbered: hex digest). */
  checksum?: string
  name?: string
  /** True where a high-water mark implies it and no row says so. */
  assumed: boolean
}

/** The table of a service, resolved: names as they are in the catalogue. */
export interface HistoryTable {
  schema: string
  table: string
  /** Value of the service column. */
  service?: string
  columns?: Record<string, string>
}

/** Rows to take away and rows to add. Rows to take away are matched by the columns that identify a row; `add` may carry `null` timestamps. */
export interface HistoryChange {
  remove: readonly HistoryRow[]
  add: readonly HistoryRow[]
  /**
   * What a further table that names the current version says afterwards (numbered: schema_versions); null: nothing is applied any more.
   * Left out, the server finds it from the rows, which reads all of them: `change` knows it, a repair need not.
   */
  current?: { version: string; name: string } | null
}

/**
 * Everything a history may look at when one step changes it. `rows` are the current rows only where `keeps` is not 'every-version' (one row,
 * or the heads): a history of 10,000 rows is not carried along. After `mark` they are what `marked` says. `applied` is the applied set *before* the step.
 */
export interface HistoryState {
  rows: readonly HistoryRow[]
  applied: ReadonlySet<string>
  /** All migrations of the service in the tool's order. */
  migrations: readonly Migration[]
  /** The greatest applied version in the tool's order other than `version`, or null: what a one-row table falls back to. Cheap. */
  greatestApplied(except?: string): string | null
}

export interface HistoryStep {
  migration: Migration
  direction: 'up' | 'down'
}

/** What is needed to compute a tool's advisory lock keys. */
export interface LockNames {
  database: string
  schema: string
  table: string
  /** The path of the connection URL, percent-decoded, with its leading slash; `/database` when not given. golang-migrate's CLI hashes it. */
  urlPath?: string
}

/**
 * A tool's own bookkeeping table: how it is made, read, understood and written. Every method is pure: they make SQL texts and values;
 * whoever holds the connection sends them, so that a row can join its migration's transaction.
 *
 * To add one: make a file beside the others, list it in `histories/index.ts`, put a dump made by the real tool at a pinned version in
 * `__fixtures__/`, and call `historyContract` in its test.
 *
 * Laws (the contract tests them): `rows(applied(S)) = S` for every snapshot S that the tool can express; and applying `change(state, step)` to
 * the rows of a state gives the rows of the state after the step.
 */
export interface History {
  readonly name: string
  /** golang-migrate keeps the latest version only; Alembic the heads; the others one row for each. */
  readonly keeps: 'every-version' | 'latest-version' | 'heads'
  /** The tool has a mark for "broke off here", which we set around work that cannot be in a transaction. */
  readonly marksDirty: boolean
  /** The table has a service column, so that many services share it. */
  readonly sharesTable: boolean
  /** The same table may serve two services when their versions are disjoint (Diesel, TypeORM, dbmate, goose). */
  readonly setTable: boolean
  /** The tool's table name; most say the same for every service, which `table:` in skein.yaml overrides (`<service>_schema_migrations`). */
  defaultTable(service: string): string
  /** Tables besides the main one that belong to the history (numbered: schema_versions), by default name. */
  readonly furtherTables: readonly string[]
  /** The tool makes the schema of its table where there is none. */
  readonly makesSchema?: true
  /** Names of the columns in order: by them, never by its name alone, a table is recognised. */
  readonly columns: readonly string[]
  /** Columns that a service may call otherwise (`HistoryTable.columns`: the tool's name → the name in the catalogue). */
  readonly renamable: readonly string[]
  /** DDL exactly as the tool sends it, schema-qualified, one statement each; leaves tables that are there alone. Taken on first write only. ACCESS EXCLUSIVE on what it makes. */
  create(table: HistoryTable): string[]
  /** One `select` that returns one row with one column: a JSON array of the rows (text `[]` when empty), in the tool's reading order. Takes ACCESS SHARE. */
  select(table: HistoryTable): string
  /** The JSON of `select` as rows. */
  parse(json: string): HistoryRow[]
  applied(snapshot: Snapshot, migrations: readonly Migration[]): AppliedSet
  /** The rows that say exactly this. `dirty` only where the tool has a mark. Times are carried over where given, `null` otherwise. */
  rows(applied: AppliedSet, migrations: readonly Migration[]): HistoryRow[]
  change(state: HistoryState, step: HistoryStep): HistoryChange
  /**
   * SQL that makes the change: statements ending in `;`, names schema-qualified, values as literals, so that it can join a simple query.
   * A row to remove that is not there, or an added one that is, fails: SQLSTATE 23505, or a conflict that `conflictOf` (conflict.ts) knows.
   * Empty text for a change that changes nothing. ROW EXCLUSIVE on the tables.
   */
  write(table: HistoryTable, change: HistoryChange): string
  /**
   * `write` for the most ordinary change as one statement to prepare, where parsing and planning is much of what it costs. `values` gives the
   * parameters of a change of that form, undefined for any other. Fails as `write` does.
   */
  prepared?(table: HistoryTable): {
    text: string
    types: readonly string[]
    values(change: HistoryChange): readonly string[] | undefined
  }
  /** SQL that sets the tool's "busy" mark for a step that cannot be in a transaction; only where `marksDirty`. */
  mark?(table: HistoryTable, state: HistoryState, step: HistoryStep): string
  /** The rows after `mark`: what `state.rows` must be when `change` ends the step. */
  marked?(state: HistoryState, step: HistoryStep): HistoryRow[]
  /** The tool's own advisory keys, ascending; empty where it has none. */
  lockKeys(names: LockNames): bigint[]
  /** Lock the table for the duration of the open transaction, where the tool itself takes no lock: the tool's own reading then waits until we commit. */
  readonly lockTable: boolean
  /** The tool's own command that sets its table to a version, for messages. */
  forceCommand?(table: HistoryTable, version: string | null): string
}
