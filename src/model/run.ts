import type { ErrorCode, Place } from './errors.ts'
import type { HookMoment } from './hook.ts'
import type { Step } from './plan.ts'

/** Somebody who stands in our way: a session that holds, or queues before us for, what we wait for. */
export interface Blocker {
  pid: number
  user: string | null
  application: string | null
  client: string | null
  state: string | null
  /** Seconds since its transaction began. */
  transactionAge: number | null
  mode: string | null
  relation: string | null
  /** First 120 characters of its query, on one line. */
  query: string | null
  backendType: string | null
}

/** A failure as data: what an ErrorDetails is, minus the exception. */
export interface Failure {
  code: ErrorCode
  message: string
  hint?: string
  sqlstate?: string
  place?: Place
  /** The statement that failed: ordinal, total, its first line. */
  statement?: { index: number; of: number; text: string }
  detail?: string
  /** What PostgreSQL said, word for word, without what we add; line and column in the file where it named a position there. */
  server?: { message: string; line?: number; column?: number }
  blockers?: Blocker[]
}

export interface StepResult {
  step: Step
  outcome: 'done' | 'failed' | 'skipped' | 'partial' | 'unknown'
  /** Milliseconds of wall clock between sending and answer. */
  ms: number
  error?: Failure
}

export interface RunResult {
  id: string
  digest: string
  steps: StepResult[]
  /** ok: every step done. */
  outcome: 'ok' | 'failed' | 'deferred' | 'interrupted' | 'nothing'
  exit: number
  ms: number
  /** What went wrong outside of the steps: a required hook after something. */
  error?: Failure
}

/** What happens while it happens; progress, logs and --log-format are listeners of this one stream. */
export type RunEvent =
  /** `services`: how many steps each has. */
  | { kind: 'run-started'; run: string; digest: string; steps: number; services: Record<string, number> }
  | { kind: 'waiting'; service: string; step?: Step; what: string; blockers: Blocker[]; ms: number }
  | { kind: 'lock-obtained'; service: string; ms: number }
  | { kind: 'step-started'; step: Step }
  | { kind: 'statement'; step: Step; index: number; of: number; text: string }
  /** Of a statement whose time was asked for (`--verbose`), or that stands alone. */
  | { kind: 'statement-done'; step: Step; index: number; of: number; text: string; ms: number }
  | { kind: 'progress'; step: Step; phase: string; done: number; total: number; waitingFor?: number }
  | { kind: 'notice'; step: Step; severity: string; message: string }
  | { kind: 'step-done'; step: Step; ms: number }
  | { kind: 'step-failed'; step: Step; ms: number; error: Failure }
  | { kind: 'retry'; step: Step; attempt: number; pauseMs: number; error: Failure }
  /** A line that the program of a service printed while its migration ran; secrets of the connection are masked. */
  | { kind: 'output'; service: string; line: string; stream: 'stdout' | 'stderr' }
  /** A hook begins, or has ended. */
  | { kind: 'hook'; moment: HookMoment; name: string; service?: string; state: 'started' | 'done' | 'failed'; ms: number }
  /** A line that the command of a hook printed; passwords are masked. */
  | { kind: 'hook-output'; moment: HookMoment; name: string; service?: string; line: string }
  | { kind: 'warning'; service?: string; message: string }
  /** A database is dumped or filled: bytes so far, and how many the whole database has (of which a dump is some part) or had. */
  | { kind: 'copying'; what: 'backup' | 'restore'; database: string; bytes: number; total: number | null }
  /** `before`: the verb without a plan that it was taken for. */
  | { kind: 'copied'; what: 'backup' | 'restore'; database: string; file: string; bytes: number; before?: string }
  | { kind: 'run-ended'; result: RunResult }

export type Emit = (event: RunEvent) => void
