import type { Adhoc } from '../workspace/adhoc.ts'

/** What every verb takes: which workspace, which services, which database. */
export interface Request {
  /** Instead of a workspace: this one service, of which no file speaks. No workspace file is looked for. */
  adhoc?: Adhoc
  /** For tools in code: options of the runtime in place of the service's own. */
  runtime?: Readonly<Record<string, string>>
  /** The workspace file, when it was named. */
  file?: string
  /** Names, aliases, short names or globs; empty: all. */
  services: readonly string[]
  /** --database: a URL or DSN for every selected service. */
  database?: string
  /** Instead of every database that is configured: gives the URL of a throw-away one, one for each that is configured. */
  scratch?: (configured: string | undefined) => Promise<string>
  /** --embedded: the workspace's embedded server for every selected service. */
  embedded?: boolean
  /** --env */
  environment?: string
}

/** What verbs that run something take besides. Times in milliseconds. */
export interface RunRequest extends Request {
  /** A backup of every database of the plan before its first step; else where the environment demands one. */
  backup?: boolean
  /** The folder of such backups; else SKEIN_BACKUP_DIR of the environment, else the current one. */
  backupDir?: string
  /** The folder of pg_dump; else SKEIN_PG_BIN. */
  pgBin?: string
  /** The digest of the plan, or its first letters: it is approved, and recorded as such. */
  approve?: string
  /** False: without the workspace's hooks. */
  hooks?: boolean
  jobs?: number
  /** How long a lock is waited for altogether, another runner's as well as one on a table. */
  lockBudgetMs?: number
  timeoutMs?: number
  lockTimeoutMs?: number
  statementTimeoutMs?: number
  noWait?: boolean
  keepGoing?: boolean
  singleTransaction?: boolean
  /** The time of every statement is told, as it ends. */
  timeStatements?: boolean
  withNeeds?: boolean
  withDependants?: boolean
  /** Migrations whose hollow down is accepted by name, or all. */
  allowHollow?: readonly string[] | true
  /** Migrations that say `rollback_safe: false` may go back. */
  allowUnsafeRollback?: boolean
  /** Plan only: nothing is locked or written. */
  dryRun?: boolean
}
