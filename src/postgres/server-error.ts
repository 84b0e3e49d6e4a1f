import { DatabaseError } from 'pg'
import { type ErrorCode, SkeinError } from '../model/errors.ts'
import type { Failure } from '../model/run.ts'
import { placeInText } from './place-in-text.ts'
import { redact } from './redact.ts'
import type { ServerError } from './session.ts'

/** What was sent when the error came, so that its position can be found in the file. */
export interface Sent {
  /** The message as it was sent, our own statements around the file included. */
  text: string
  /** UTF-16 index in `text` at which the file begins, and how much of it is the file's (default: to the end). */
  offset?: number
  length?: number
  file?: string
  /** Statements of the file, as UTF-16 ranges *in the file*, to name the one that failed. */
  statements?: readonly { start: number; end: number }[]
  /** How many statements of ours stand before the file's: `begin`, `set local …`. */
  before?: number
  /** The session waited for a lock when it was cancelled: 57014 is then a lock failure. */
  waitingForLock?: boolean
}

/** True for an error that PostgreSQL sent, as opposed to one of the connection or of ours. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof DatabaseError && typeof error.code === 'string'
}

/**
 * True for what goes away by itself, so that the whole transaction may be tried again: lock_not_available, deadlock_detected,
 * serialization_failure, and query_canceled while waiting for a lock (statement_timeout counts the wait).
 * Source: PostgreSQL 18 manual, "PostgreSQL Error Codes" and "Serialization Failure Handling".
 */
export function isRetryable(error: unknown, waitingForLock = false): boolean {
  if (!isServerError(error)) return false
  return error.code === '55P03' || error.code === '40P01' || error.code === '40001' || (error.code === '57014' && waitingForLock)
}

/** Any error as data: SQLSTATE to our code, position to file, line and column, the statement that failed. No passwords. Throws nothing. */
export function toFailure(error: unknown, sent?: Sent): Failure {
  if (error instanceof SkeinError) return ofOurs(error)
  if (!isServerError(error)) return { code: 'STEP-FAILED', message: redact(error instanceof Error ? error.message : String(error)) }
  const copy = /COPY/.test(error.message) && /No source stream defined/.test(error.message)
  const failure: Failure = {
    code: copy ? 'FILE-INVALID' : codeOf(error.code, sent?.waitingForLock === true),
    message: copy ? 'COPY … FROM stdin needs data on the connection, which a migration file cannot give' : redact(error.message),
    sqlstate: error.code,
  }
  failure.server = { message: redact(error.message) }
  const hint = copy ? 'write the rows as INSERT (pg_dump --inserts)' : (error.hint ?? hints[error.code])
  if (hint !== undefined) failure.hint = redact(hint)
  if (error.detail !== undefined) failure.detail = redact(error.detail)
  if (sent !== undefined) locate(failure, error, sent)
  return failure
}

/** What the server said to a statement of our own, as the error that ends the run; `doing` says what that was. Anything else comes back as it is. */
export function asRefusal(error: unknown, doing: string, service?: string): unknown {
  if (!isServerError(error)) return error
  const { code, message, hint, sqlstate } = toFailure(error)
  return new SkeinError(code, {
    message: `${doing}: ${message}`,
    hint: hint ?? 'nothing was run; run the same command again when that is mended',
    sqlstate,
    service,
    cause: error,
  })
}

const codes: Readonly<Record<string, ErrorCode>> = {
  '42501': 'PERMISSION-DENIED',
  '25006': 'READ-ONLY',
  '55P03': 'LOCK-TIMEOUT',
}

const hints: Readonly<Record<string, string>> = {
  '42501': 'run as the owner, or grant the right named in the message',
  '25006': 'connect to the primary (target_session_attrs=read-write), or look at default_transaction_read_only',
  '25001': 'this statement cannot run in a transaction block: put it in a file of its own',
  '55P03': 'another session holds the lock: run again later, or end that session',
  '40P01': 'two sessions waited for each other; nothing is left of the step: run again',
}

function codeOf(sqlstate: string, waitingForLock: boolean): ErrorCode {
  if (sqlstate === '57014' && waitingForLock) return 'LOCK-TIMEOUT'
  return codes[sqlstate] ?? 'STEP-FAILED'
}

function ofOurs(error: SkeinError): Failure {
  const { message, hint, sqlstate, place } = error.details
  return {
    code: error.code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(sqlstate === undefined ? {} : { sqlstate }),
    ...(place === undefined ? {} : { place }),
  }
}

function locate(failure: Failure, error: ServerError, sent: Sent): void {
  const offset = sent.offset ?? 0
  const length = sent.length ?? sent.text.length - offset
  const position = error.position === undefined ? undefined : indexOfPosition(sent.text, Number(error.position)) - offset
  const inFile = position !== undefined && position >= 0 && position <= length
  const statements = sent.statements ?? []
  const ordinal = inFile
    ? statements.findIndex((statement) => position >= statement.start && position <= statement.end)
    : position === undefined && error.completed !== undefined
      ? error.completed - (sent.before ?? 0)
      : -1
  const statement = statements[ordinal]
  const body = sent.text.slice(offset, offset + length)
  if (statement !== undefined) {
    failure.statement = { index: ordinal + 1, of: statements.length, text: firstLine(body.slice(statement.start, statement.end)) }
  }
  if (sent.file === undefined) return
  const at = inFile ? position : statement?.start
  if (inFile && failure.server !== undefined) Object.assign(failure.server, placeInText(body, position))
  failure.place = at === undefined ? { file: sent.file } : { file: sent.file, ...placeInText(body, at) }
}

/** PostgreSQL counts characters from 1; JavaScript counts UTF-16 units from 0, two for a character beyond U+FFFF. */
function indexOfPosition(text: string, position: number): number {
  let index = 0
  for (let character = 1; character < position && index < text.length; character++) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1
  }
  return index
}

function firstLine(statement: string): string {
  const line = statement.trimStart().split('\n', 1)[0]?.trimEnd() ?? ''
  return redact(Array.from(line).length > 120 ? `${Array.from(line).slice(0, 119).join('')}…` : line)
}
