import type { Emit } from '../model/run.ts'

/** How a run behaves; every time in milliseconds. */
export interface RunOptions {
  run: string
  verb: string
  /** `skein/0.1.0`: application_name and skein.run.program. */
  program: string
  osUser: string | null
  host: string | null
  /** Databases at work at once. */
  jobs: number
  /** How long locks (ours, the tools', on tables) are waited for altogether, per wait. */
  lockBudgetMs: number
  /** The longest single lock_timeout of the schedule. */
  lockTimeoutMs: number
  statementTimeoutMs: number
  /** Per migration, lock waiting included; undefined: no limit. */
  timeoutMs?: number
  noWait: boolean
  /** After a failure, services that do not depend on it go on. */
  keepGoing: boolean
  singleTransaction: boolean
  /** Statements are sent one by one, in the same transactions, so that the time of each is known. */
  timeStatements?: boolean
  /** The environment of hooks' commands. */
  hookEnv: NodeJS.ProcessEnv
  /** Aborted by the first SIGINT or SIGTERM. */
  signal: AbortSignal
  emit: Emit
  /** Monotonic milliseconds. */
  now: () => number
}

/**
 * Defaults, in one place. The lock budget is 10 minutes and the longest lock_timeout 3 s: a waiting ALTER TABLE holds up every reader that comes
 * after it, so what matters is how long one attempt may queue, not how often one tries. statement_timeout is an outer bound, not a judgement.
 */
export const runDefaults = {
  jobs: 4,
  lockBudgetMs: 600_000,
  lockTimeoutMs: 3_000,
  statementTimeoutMs: 3_600_000,
} as const
