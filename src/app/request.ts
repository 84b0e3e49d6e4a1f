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
  /** --embedded: the workspace's embedded server for every selected service. */
  embedded?: boolean
  /** --env */
  environment?: string
}

/** What verbs that run something take besides. Times in milliseconds. */
export interface RunRequest extends Request {
  jobs?: number
  /** How long a lock is waited for altogether, another runner's as well as one on a table. */
  lockBudgetMs?: number
  timeoutMs?: number
  lockTimeoutMs?: number
  statementTimeoutMs?: number
  noWait?: boolean
  keepGoing?: boolean
  singleTransaction?: boolean
  withNeeds?: boolean
  withDependants?: boolean
  /** Migrations whose hollow down is accepted by name, or all. */
  allowHollow?: readonly string[] | true
  /** Migrations that say `rollback_safe: false` may go back. */
  allowUnsafeRollback?: boolean
  /** Plan only: nothing is locked or written. */
  dryRun?: boolean
}
