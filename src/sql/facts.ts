import type { ErrorCode, Place } from '../model/errors.ts'

/** Offsets are UTF-16 indexes into the text, so that `text.slice(start, end)` is the statement. */
export interface Statement {
  /** 1-based. */
  index: number
  start: number
  /** End without the semicolon. */
  end: number
  line: number
  column: number
  /** `CREATE TABLE`, `CREATE INDEX CONCURRENTLY`, `INSERT` …: upper case, for people. */
  kind: string
  /** Set when the statement is transaction control. `other`: PREPARE TRANSACTION, … AND CHAIN, BEGIN READ ONLY: what nothing can be put into. */
  control?: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'other'
  /** Why it cannot run in a transaction block, with the major versions that this is true for (`from` inclusive, `below` exclusive); undefined when it can. */
  autocommit?: { reason: string; from?: number; below?: number }
  /** How it changes the session: SET, RESET, SET ROLE, DISCARD, temporary tables, set_config(), LISTEN, PREPARE, session advisory locks … */
  session?: string
  /** CREATE INDEX, REINDEX INDEX, DROP INDEX: what the index is called and stands on, names as the catalogue has them. */
  indexFacts?: IndexFacts
  /** What data it destroys; undefined when it destroys none (destructive.ts). */
  destroys?: Destroys
}

/** The loss that a statement brings, as the end of a sentence about it: `drops the table users`. */
export interface Destroys {
  what: string
  /** It cannot be seen into (dynamic SQL, procedures, other languages), so that it may destroy anything. */
  unseen?: true
}

export interface IndexFacts {
  action: 'create' | 'drop' | 'reindex'
  concurrently: boolean
  /** IF NOT EXISTS; for `drop` IF EXISTS. */
  ifNotExists: boolean
  /** Undefined when PostgreSQL will choose the name. */
  name?: string
  /** Undefined when the search_path decides. A new index is always in the schema of its table. */
  schema?: string
  table?: string
  tableSchema?: string
  unique: boolean
}

/** What is wrong with a file: message and place (line and column 1-based, columns in characters). */
export interface FileProblem {
  message: string
  place: Omit<Place, 'file'>
  code: ErrorCode
  hint?: string
  /** A plain syntax error by the grammar of PostgreSQL 18: a newer server may know better (may-be-sent.ts). */
  grammar?: true
}

export interface FileFacts {
  /** The parser went to the end. When false, `statements` is empty, `shape` and `touchesSession` are the careful answer and nothing may be assumed. */
  parsed: boolean
  /**
   * Why not. FILE-INVALID: it cannot be run as it stands. FILE-UNPARSED and FILE-TOO-LARGE-TO-PARSE: nobody could look into it; the server
   * may still take it, sent by itself.
   */
  error?: FileProblem
  statements: Statement[]
  /**
   * - `hollow`: nothing to run: empty, blanks, comments only;
   * - `plain`: no transaction control;
   * - `wrapped`: exactly BEGIN … COMMIT (or END) around everything, savepoints inside allowed;
   * - `controlled`: any other transaction control.
   */
  shape: 'hollow' | 'plain' | 'wrapped' | 'controlled'
  /** Some statement, or something that could not be looked into (DO bodies, CALL), may change the session. */
  touchesSession: boolean
}
