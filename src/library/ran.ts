import type { RunReport } from '../app/run.ts'
import { SkeinError } from '../model/errors.ts'
import type { Plan } from '../model/plan.ts'
import type { Failure, RunResult, StepResult } from '../model/run.ts'

/** What a verb that runs migrations comes back with, also when a step failed. */
export interface Ran {
  /** nothing: there was nothing to do, and nothing was locked or written. dry-run: only planned. */
  outcome: RunResult['outcome'] | 'dry-run'
  /** The exit code that the command line would have ended with; 0 is good. */
  exit: number
  /** Every step of the plan with what became of it; empty when there was nothing to do, and for a dry run. */
  steps: StepResult[]
  /** The first failure, if any. */
  error?: Failure
  plan: Plan
  /** For a dry run: the SQL of each step with its transaction boundaries. */
  sql?: { step: string; database: string; how: string; text: string }[]
  notes: string[]
  /** Taken before the first step, one for each database that was backed up. */
  backups: { database: string; file: string; bytes: number; sha256: string }[]
}

export function ran(report: RunReport): Ran {
  const { run, dry, plan, notes, backups, exit } = report
  const steps = run?.steps ?? []
  return {
    outcome: dry === undefined ? (run?.outcome ?? 'nothing') : 'dry-run',
    exit,
    steps,
    error: steps.find((step) => step.error !== undefined)?.error ?? run?.error,
    plan,
    sql: dry?.sql,
    notes,
    backups: backups.map(({ database, file, bytes, sha256 }) => ({ database, file, bytes, sha256 })),
  }
}

/** The result itself when all went well; else throws its first failure as a SkeinError, the result in `details.data.ran`. */
export function succeeded(result: Ran): Ran {
  if (result.exit === 0) return result
  const failure: Failure = result.error ?? { code: 'INTERRUPTED', message: 'the run was stopped' }
  const { code, message, hint, place, sqlstate } = failure
  throw new SkeinError(code, { message, hint, place, sqlstate, data: { ran: result } })
}
