import type { RunOptions } from './options.ts'

/**
 * What a service's session has before its first file and again after a file that may have touched the session. The runner owns the timeouts.
 * `synchronous_commit` is off between steps: a crash of the server then loses a suffix of whole steps, rows and all; the last step of each
 * batch is committed synchronously, which flushes everything before it. `client_connection_check_interval` (14+) lets the server notice a dead
 * runner while a statement runs (https://www.postgresql.org/docs/current/runtime-config-connection.html).
 */
export function sessionSettings(
  serverVersion: number,
  options: Pick<RunOptions, 'statementTimeoutMs'>,
  firstLockTimeoutMs: number,
): string {
  const settings: [string, string][] = [
    ['synchronous_commit', 'off'],
    ['lock_timeout', `${firstLockTimeoutMs}ms`],
    ['statement_timeout', `${options.statementTimeoutMs}ms`],
    ['idle_in_transaction_session_timeout', '60s'],
  ]
  // A session that holds a lock is idle while a backup is taken or another service works, however long that is.
  if (serverVersion >= 140_000) settings.push(['client_connection_check_interval', '2s'], ['idle_session_timeout', '0'])
  return settings.map(([name, value]) => `set ${name} = '${value}'`).join(';')
}

/** The settings of a statement that stands alone and may take hours: a timeout would only leave an INVALID index behind. */
export function autocommitSettings(serverVersion: number): string {
  const longest = 'set lock_timeout = 0;set statement_timeout = 0;set idle_in_transaction_session_timeout = 0'
  return serverVersion >= 170_000 ? `${longest};set transaction_timeout = 0` : longest
}
