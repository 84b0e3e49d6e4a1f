/**
 * The line of its log that the tool prints on stdout when a query failed, beside what it says on stderr: with colours wherever it goes, but for NO_COLOR;
 * not at all with RUST_LOG=off. Source: diesel_cli 2.2.12 src/database.rs (set_instrumentation), tracing-subscriber 0.3.
 */
export function queryFailed(query: string, failed: { message: string; sqlstate?: string }, now: Date, env: NodeJS.ProcessEnv): string {
  if (env['RUST_LOG'] === 'off') return ''
  const plain = (env['NO_COLOR'] ?? '') !== ''
  const dim = (text: string) => (plain ? text : `\x1b[2m${text}\x1b[0m`)
  const italic = (text: string) => (plain ? text : `\x1b[3m${text}\x1b[0m`)
  const level = plain ? 'ERROR' : '\x1b[31mERROR\x1b[0m'
  const time = now.toISOString().replace('Z', '000Z')
  const where = plain ? 'diesel::database:' : `${dim('diesel::database')}${dim(':')}`
  const kind = kinds[failed.sqlstate ?? ''] ?? 'Unknown'
  const error = `DatabaseError(${kind}, ${quoted(failed.message)})`
  return `${dim(time)} ${level} ${where} Failed to execute query ${italic('query')}${dim('=')}${quoted(query)} ${italic('err')}${dim('=')}${error}\n`
}

/** Source: diesel 2.2.12 src/pg/connection/result.rs. */
const kinds: Readonly<Record<string, string>> = {
  '23505': 'UniqueViolation',
  '23503': 'ForeignKeyViolation',
  '40001': 'SerializationFailure',
  '25006': 'ReadOnlyTransaction',
  '23502': 'NotNullViolation',
  '23514': 'CheckViolation',
}

/** As Rust's Debug writes a text. */
function quoted(text: string): string {
  const escapes: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' }
  return `"${text.replace(/[\\"\n\r\t\0]/g, (letter) => escapes[letter] ?? letter)}"`
}
