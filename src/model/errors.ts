/** Every error code with its exit code (design: exit-code table). A code is never reused; docs/reference/errors.md is made from this table. */
export const errorCodes = {
  // 1: a step failed
  'STEP-FAILED': { exit: 1, means: 'a migration failed; nothing of a transactional one is left' },
  'STEP-UNKNOWN': { exit: 1, means: 'the connection was lost around COMMIT and the outcome could not be read back' },
  'SEED-FAILED': { exit: 1, means: 'the server refused a row or a statement of a seed; nothing of the seeds of its service is left' },
  'SERVER-LOST': { exit: 1, means: 'the server closed the connection while a step ran' },
  'RUNTIME-FAILED': { exit: 1, means: 'the child process that runs a migration in code ended without an answer' },
  'DEMO-DIFFERENT': { exit: 1, means: 'the demo made something else than it promises' },
  'BACKUP-FAILED': { exit: 1, means: 'a backup could not be written or did not stand its check; no file is left' },
  'RESTORE-FAILED': { exit: 1, means: 'a backup could not be restored or did not stand its check; the database is as it was' },
  // 2: usage, configuration, invalid files
  'BACKUP-INVALID': { exit: 2, means: 'the file to restore is cut off, altered, or no backup' },
  'BACKUP-TOOL-MISSING': { exit: 2, means: 'pg_dump or pg_restore is missing, or older than the server' },
  USAGE: { exit: 2, means: 'the command line is wrong' },
  'WORKSPACE-MISSING': { exit: 2, means: 'no skein.yaml and no migrations were found from here upwards' },
  'CONFIG-INVALID': { exit: 2, means: 'skein.yaml cannot be used' },
  'CONFIG-UNKNOWN-KEY': { exit: 2, means: 'skein.yaml has a key that nobody knows' },
  'CONFIG-NOT-ENFORCED': { exit: 2, means: 'skein.yaml or environments.json asks for something this version knows but cannot enforce' },
  'VARIABLE-UNSET': { exit: 2, means: 'a ${NAME} in skein.yaml is not set' },
  'DATABASE-MISSING': { exit: 2, means: 'no database is configured' },
  'DATABASE-AMBIGUOUS': { exit: 2, means: 'two sources name different databases' },
  'URL-INVALID': { exit: 2, means: 'a connection string cannot be read' },
  'TOOL-UNKNOWN': { exit: 2, means: 'the tool of a service could not be told from its files' },
  'TOOL-AMBIGUOUS': { exit: 2, means: 'the files of a service fit two tools' },
  'TOOL-UNSUPPORTED': { exit: 2, means: 'this version knows the tool of a service, but cannot run it' },
  'TABLE-CLASH': { exit: 2, means: 'two services would write one history table' },
  'TABLE-FOREIGN': { exit: 2, means: 'the history table has the columns of another tool' },
  'SERVICE-UNKNOWN': { exit: 2, means: 'no service has that name' },
  'SERVICE-AMBIGUOUS': { exit: 2, means: 'that name fits several services' },
  'VERSION-UNKNOWN': { exit: 2, means: 'no migration has that version' },
  'SOURCE-INVALID': { exit: 2, means: 'the migration files of a service cannot be used' },
  'SOURCE-UNREADABLE': { exit: 2, means: 'a file or folder cannot be read' },
  'FILE-INVALID': { exit: 2, means: 'a migration file cannot be run as it stands' },
  'FILE-UNPARSED': { exit: 2, means: 'a migration file is nested too deeply to be looked into' },
  'FILE-TOO-LARGE-TO-PARSE': { exit: 2, means: 'a migration file is too large to be looked into' },
  'DOWN-MISSING': { exit: 2, means: 'a migration has no down' },
  'DOWN-HOLLOW': { exit: 2, means: 'a down is empty or says nothing' },
  'PLAN-CHANGED': { exit: 2, means: 'the given plan is not the plan of what is here now' },
  'PLAN-INVALID': { exit: 2, means: 'the given plan cannot be read' },
  'CONFIRM-NEEDED': { exit: 2, means: 'a destructive verb was not confirmed' },
  'NOTHING-TO-UNDO': { exit: 2, means: 'there is nothing to take back' },
  'NOT-SINGLE': { exit: 2, means: 'the steps cannot run in one transaction' },
  'EMBEDDED-UNAVAILABLE': { exit: 2, means: 'there is no embedded server for this platform, or its package is not installed' },
  'CODE-UNSUPPORTED': { exit: 2, means: 'a migration in code cannot be run this way' },
  'RUNTIME-MISSING': { exit: 2, means: 'what migrations in code need to run is not installed' },
  'RUNTIME-INVALID': { exit: 2, means: 'the program around migrations in code cannot be loaded' },
  'DATASOURCE-ELSEWHERE': { exit: 2, means: 'migrations in code connect to another database than the plan is for' },
  'METADATA-INVALID': { exit: 2, means: 'dependencies.json or environments.json cannot be used' },
  'ROLLBACK-UNSAFE': { exit: 2, means: 'a migration says of itself that it must not be taken back' },
  'SEED-INVALID': { exit: 2, means: 'a file of seeds cannot be used as it stands' },
  'FILE-EXISTS': { exit: 2, means: 'a file to be made is there already' },
  // 3: cannot connect
  'CONNECT-FAILED': { exit: 3, means: 'the server cannot be reached' },
  'CONNECT-REFUSED': { exit: 3, means: 'nothing listens there' },
  'CONNECT-HOST': { exit: 3, means: 'the host name is unknown' },
  'CONNECT-TIMEOUT': { exit: 3, means: 'the server did not answer in time' },
  'CONNECT-TLS': { exit: 3, means: 'TLS could not be agreed on' },
  'CONNECT-STARTING': { exit: 3, means: 'the server is starting up or shutting down' },
  'AUTH-FAILED': { exit: 3, means: 'the server refused user or password' },
  'DATABASE-UNKNOWN': { exit: 3, means: 'the database does not exist' },
  'TOO-MANY-CONNECTIONS': { exit: 3, means: 'the server has no free connection' },
  'EMBEDDED-FAILED': { exit: 3, means: 'the embedded server does not start' },
  // 4: not permitted
  'PERMISSION-DENIED': { exit: 4, means: 'the role lacks a right' },
  'LEDGER-DENIED': { exit: 4, means: 'the role may not create or write the ledger' },
  'DESTRUCTIVE-REFUSED': { exit: 4, means: 'the environment does not allow statements that destroy data' },
  'SEED-REFUSED': { exit: 4, means: 'the environment does not allow seeds' },
  'READ-ONLY': { exit: 4, means: 'the server is read-only' },
  // 5: dependency problem
  'NEED-UNKNOWN': { exit: 5, means: 'a service needs something that does not exist' },
  'NEED-CYCLE': { exit: 5, means: 'services need each other in a circle' },
  'NEED-PENDING': { exit: 5, means: 'a needed service is not selected and not up to date' },
  'NEEDED-BY': { exit: 5, means: 'a service that is not selected still needs this one' },
  // 6: lock not obtained
  'LOCK-HELD': { exit: 6, means: 'another run or tool holds the lock' },
  'LOCK-TIMEOUT': { exit: 6, means: 'a lock on a table was not obtained in time; nothing is half-done' },
  TIMEOUT: { exit: 6, means: 'the time given for a migration ran out; nothing is half-done' },
  'DATABASE-IN-USE': { exit: 6, means: 'other sessions are connected to the database that is to be replaced' },
  'LOCK-LOST': { exit: 6, means: 'our lock disappeared from under us' },
  // 7: integrity
  CHANGED: { exit: 7, means: 'an applied file was changed' },
  AHEAD: { exit: 7, means: 'the database has migrations that the files here do not have' },
  DIRTY: { exit: 7, means: 'the history says that a migration broke off' },
  PARTIAL: { exit: 7, means: 'a migration stopped half-way' },
  'OUT-OF-ORDER': { exit: 7, means: 'a new migration sorts before one that is applied' },
  MIXED: { exit: 7, means: 'tool and ledger disagree in a way that cannot be guessed' },
  REVERTED: { exit: 7, means: "the tool's table lost migrations that the ledger has" },
  'HISTORY-BROKEN': { exit: 7, means: 'the history table holds what its tool could not have written' },
  'INDEX-DIFFERS': { exit: 7, means: 'an index of that name exists with another definition' },
  'LEDGER-NEWER': { exit: 7, means: 'the ledger was written by a newer version' },
  'ENVIRONMENT-DIFFERS': { exit: 7, means: 'the database belongs to another environment' },
  // 9, 130: states rather than faults
  PENDING: { exit: 9, means: 'there are pending migrations' },
  INTERRUPTED: { exit: 130, means: 'stopped by a signal' },
} as const

export type ErrorCode = keyof typeof errorCodes

/** Where something is: a file (relative to the workspace where possible) and, when known, line and column (1-based, columns in characters). */
export interface Place {
  file: string
  line?: number
  column?: number
}

export interface ErrorDetails {
  /** What happened, to what. No secrets: connection strings are redacted before they come here. */
  message: string
  /** What to do next: a command or an edit. */
  hint?: string
  service?: string
  version?: string
  place?: Place
  /** What PostgreSQL said, when it was the one who refused. */
  sqlstate?: string
  /** Further facts for --json: lists of blockers, versions, statements. */
  data?: Record<string, unknown>
  cause?: unknown
}

/** The one error class: a code from {@link errorCodes}, what happened to what, and what to do next. */
export class SkeinError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'SkeinError'
    this.code = code
    this.details = details
  }

  get exit(): number {
    return errorCodes[this.code].exit
  }
}
