import type { Kind } from '../model/state.ts'
import { ident, literal } from '../postgres/quote.ts'

export interface AppliedRow {
  version: string
  name: string
  kind: Kind
  /** SHA-256 of the raw up file; its text is in `body` under it. */
  hash: string | null
  down: string | null
  environment?: string
  run?: string
  /** ISO 8601; undefined means the server's clock. */
  appliedAt?: string
  because?: string
}

/**
 * The ledger row of an up step, to join its transaction. Its duration is taken from the start of the message it travels in
 * (statement_timestamp(): "start time of the current statement (more specifically, the time of receipt of the latest command message)").
 */
export function recordApplied(schema: string, history: number, row: AppliedRow): string {
  const measured = row.kind === 'executed' ? elapsed : 'null'
  const at = row.appliedAt === undefined ? 'clock_timestamp()' : `${literal(row.appliedAt)}::timestamptz`
  const told = [row.version, row.name, row.kind, row.hash, row.down, row.environment ?? null, row.run ?? null].map(literal)
  return `${insertApplied(schema, [String(history), ...told, measured, at, literal(row.because ?? null)])};`
}

/** A statement to prepare, with the types of its parameters. */
export interface Preparable {
  text: string
  types: readonly string[]
}

/** {@link recordApplied} for executed steps. Parameters: version, name, hash, down, environment. */
export function executedRow(schema: string, history: number, run: string): Preparable {
  const values = [String(history), '$1', '$2', "'executed'", '$3', '$4', '$5', literal(run), elapsed, 'clock_timestamp()', 'null']
  return { text: insertApplied(schema, values), types: ['text', 'text', 'text', 'text', 'text'] }
}

function insertApplied(schema: string, values: readonly string[]): string {
  const columns = 'history, version, name, kind, hash, down, environment, run, ms, applied_at, because'
  return `insert into ${ident(schema)}.applied (${columns}) values (${values.join(', ')})`
}

/** Milliseconds since the message began that this statement travels in. */
const elapsed = '(extract(epoch from clock_timestamp() - statement_timestamp()) * 1000)::integer'

/** Marks the row of a version as taken back, to join the down step's transaction. `kind` says how: executed by us, observed, forced. */
export function recordUndone(schema: string, history: number, version: string, kind: Kind, run: string | undefined): string {
  return `${updateUndone(schema, history, literal(version), kind, run)};`
}

/** {@link recordUndone} for executed steps. Parameter: version. */
export function undoneRow(schema: string, history: number, run: string): Preparable {
  return { text: updateUndone(schema, history, '$1', 'executed', run), types: ['text'] }
}

function updateUndone(schema: string, history: number, version: string, kind: Kind, run: string | undefined): string {
  return (
    `update ${ident(schema)}.applied set undone_at = clock_timestamp(), undone_by = session_user, undone_kind = ${literal(kind)}, undone_run = ${literal(run ?? null)}, ` +
    `undone_ms = ${kind === 'executed' ? elapsed : 'null'} ` +
    `where history = ${history} and version = ${version} and undone_at is null`
  )
}

/** Statement for `unnest($1::text[], $2::text[])`: hashes and contents of bodies; those that are there already are left. */
export function insertBodies(schema: string): string {
  return `insert into ${ident(schema)}.body (hash, content) select * from unnest($1::text[], $2::text[]) on conflict do nothing`
}

/** Returns the id of a history row, making it when missing; a renamed service is noted. Parameters: key, target schema, service, tool. */
export function upsertHistory(schema: string): string {
  return `insert into ${ident(schema)}.history (key, target_schema, service, tool) values ($1, $2, $3, $4)
on conflict (key, target_schema) do update set service = excluded.service returning id`
}

/** The row of `meta`, made once. Parameters: ledger version, system identifier, environment. */
export function insertMeta(schema: string): string {
  return `insert into ${ident(schema)}.meta (ledger_version, minimum_reader, minimum_writer, system_identifier, database_oid, database, environment)
select $1::integer, 1, 1, $2::text, oid, datname, $3::text from pg_catalog.pg_database where datname = current_database()
on conflict (one) do update set ledger_version = excluded.ledger_version`
}

/** Notes the environment a database is run with, where none was noted before or it changed with consent. */
export function setEnvironment(schema: string, environment: string): string {
  return `update ${ident(schema)}.meta set environment = ${literal(environment)};`
}
