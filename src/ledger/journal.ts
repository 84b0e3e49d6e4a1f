import { ident, literal } from '../postgres/quote.ts'

export interface JournalKey {
  history: number
  version: string
  direction: 'up' | 'down'
}

/** Opens (or takes over, when resuming) the journal row of a step that cannot be one transaction. */
export function openJournal(schema: string, key: JournalKey, run: string, hash: string | null, statements: number): string {
  return (
    `insert into ${ident(schema)}.journal (history, version, direction, run, hash, statements) values (${key.history}, ${literal(key.version)}, ` +
    `${literal(key.direction)}, ${literal(run)}, ${literal(hash)}, ${statements}) ` +
    `on conflict (history, version, direction) do update set run = excluded.run, hash = excluded.hash, statements = excluded.statements, updated_at = clock_timestamp();`
  )
}

/** "Statement `index` is being executed": committed synchronously before an autocommit statement, so that a crash leaves a question, never a lie. */
export function markInDoubt(schema: string, key: JournalKey, index: number): string {
  return `update ${ident(schema)}.journal set in_doubt = ${index}, updated_at = clock_timestamp() where ${match(key)};`
}

/** "Statements up to `done` are committed"; `hashes` are those of all done statements, so that a changed done part is noticed. */
export function markDone(schema: string, key: JournalKey, done: number, hashes: readonly string[]): string {
  const list = hashes.length === 0 ? "'{}'" : `array[${hashes.map(literal).join(', ')}]`
  return `update ${ident(schema)}.journal set done = ${done}, done_hashes = ${list}, in_doubt = null, error = null, updated_at = clock_timestamp() where ${match(key)};`
}

/** Keeps the failure beside the progress, for `status`. `settled`: the statement that was in doubt is known to have left nothing. */
export function markError(schema: string, key: JournalKey, error: unknown, { settled = false } = {}): string {
  return `update ${ident(schema)}.journal set error = ${literal(JSON.stringify(error))}::jsonb${settled ? ', in_doubt = null' : ''}, updated_at = clock_timestamp() where ${match(key)};`
}

/** Takes the row away: the step is recorded as a whole in the same transaction, or nothing of it is left. */
export function closeJournal(schema: string, key: JournalKey): string {
  return `delete from ${ident(schema)}.journal where ${match(key)};`
}

/** Takes every row of a history away. */
export function closeJournals(schema: string, history: number): string {
  return `delete from ${ident(schema)}.journal where history = ${history};`
}

function match(key: JournalKey): string {
  return `history = ${key.history} and version = ${literal(key.version)} and direction = ${literal(key.direction)}`
}
