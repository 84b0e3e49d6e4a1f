import { endOf, runOf } from '../execute/hooks/around-steps.ts'
import { type HookCall, runAfter, runBefore } from '../execute/hooks/run-hooks.ts'
import type { RunOptions } from '../execute/options.ts'
import type { ServiceRun } from '../execute/service-run.ts'
import { errorCodes, SkeinError } from '../model/errors.ts'
import type { Hook, HookStatus } from '../model/hook.ts'
import type { Plan } from '../model/plan.ts'
import type { Failure, RunResult } from '../model/run.ts'
import { toFailure } from '../postgres/server-error.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'
import type { Survey } from './survey.ts'

/** The hooks before and after a whole run. What comes after runs whenever what comes before was tried, and never when there was nothing to do. */
export interface AroundRun {
  /** The services with their own hooks, or without any where hooks are off. */
  hooked<Run extends ServiceRun>(services: readonly Run[]): Run[]
  /** Under the locks, before anything is written. Throws HOOK-FAILED, INTERRUPTED; and NOT-SINGLE where hooks stand between steps of one transaction. */
  before(found: Survey, made: Plan): Promise<void>
  /** Does the work, and then what comes after it; by then its locks are free. A required hook that fails makes a good run fail. */
  closing<Report extends Closed>(work: () => Promise<Report>): Promise<Report>
}

/** What a run comes back with, as far as hooks can change it. */
interface Closed {
  /** Undefined where nothing was begun. */
  run?: RunResult
  exit: number
}

/** Hooks of one run. */
export function aroundRun(request: RunRequest, options: RunOptions): AroundRun {
  const isOff = request.hooks === false
  let begun: { call: Omit<HookCall, 'moment'>; at: number } | undefined
  const after = async (told: { status: HookStatus; error?: Failure; done?: number }) => {
    if (begun === undefined) return undefined
    const { call, at } = begun
    return runAfter({ ...call, moment: 'after-run', told: { ...call.told, ...told, ms: options.now() - at } }, options)
  }
  return {
    hooked: (services) => (isOff ? services.map((one) => ({ ...one, hooks: [] })) : [...services]),
    async before(found, made) {
      if (isOff || made.steps.length === 0) return
      const taking = [...new Set(made.steps.map((step) => step.service))].map((name) => found.looked.get(name) as Looked)
      if (options.singleTransaction) refuseBetween(taking)
      const call = callOf(found, made, taking, options)
      begun = { call, at: options.now() }
      const failure = await runBefore({ ...call, moment: 'before-run' }, options)
      if (failure !== undefined) throw new SkeinError(failure.code, { ...failure })
    },
    async closing(work) {
      const report = await work().catch(async (error: unknown) => {
        const { code, message } = toFailure(error)
        const failure = await after({ status: options.signal.aborted ? 'interrupted' : 'failure', error: { code, message } })
        if (failure !== undefined) options.emit({ kind: 'warning', message: failure.message })
        throw error
      })
      if (report.run === undefined) return report
      const { run } = report
      const { done, error = run.error } = endOf(run.steps, options.signal.aborted)
      const status = run.exit === 0 ? 'success' : run.outcome === 'interrupted' ? 'interrupted' : 'failure'
      const failure = await after({ status, done, ...(error === undefined ? {} : { error }) })
      if (failure === undefined) return report
      if (run.exit !== 0) {
        options.emit({ kind: 'warning', message: failure.message })
        return report
      }
      const exit = errorCodes[failure.code].exit
      return { ...report, exit, run: { ...run, outcome: 'failed', exit, error: failure } }
    },
  }
}

function callOf(found: Survey, made: Plan, taking: readonly Looked[], options: RunOptions): Omit<HookCall, 'moment'> {
  const environment = found.loaded.workspace.environment
  const targets = new Map(taking.map((one) => [one.target.id, one.spec]))
  return {
    hooks: [...new Set(taking.flatMap((one): readonly Hook[] => one.loaded.service.hooks ?? []))].sort((a, b) => a.depth - b.depth),
    told: { ...runOf(made, options), ...(environment === undefined ? {} : { environment }), steps: made.steps },
    databases: [...targets.values()].map((spec) => ({ spec })),
  }
}

/** Inside one transaction there is no moment at which a service or a step has begun or ended. */
function refuseBetween(taking: readonly Looked[]): void {
  for (const { loaded } of taking) {
    const hook = loaded.service.hooks?.find(({ moment }) => !moment.endsWith('-run'))
    if (hook === undefined) continue
    throw new SkeinError('NOT-SINGLE', {
      message: `--single-transaction is not possible: ${loaded.service.name} has the ${hook.moment} hook ${hook.name}, and one transaction has no such moment`,
      hint: 'leave --single-transaction away, or go without hooks: --no-hooks',
      place: hook.place,
    })
  }
}
