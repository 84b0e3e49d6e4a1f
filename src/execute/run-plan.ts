import { endRun } from '../ledger/runs.ts'
import { errorCodes } from '../model/errors.ts'
import type { Plan } from '../model/plan.ts'
import type { RunResult } from '../model/run.ts'
import { AroundSteps } from './hooks/around-steps.ts'
import type { RunOptions } from './options.ts'
import { runLane } from './run-lane.ts'
import { runSingle } from './run-single.ts'
import { Progress } from './progress.ts'
import type { OpenService } from './service-run.ts'

/**
 * Executes a plan on services that are open and locked. Databases work side by side (`jobs` at most) as far as `after` allows; inside a database
 * steps run in the plan's order. On failure nothing new starts, or with `keepGoing` only what does not depend on it. Never throws for a step:
 * the result says what happened to each. Notes the end of the run in every ledger, synchronously.
 */
export async function runPlan(
  plan: Plan,
  open: readonly OpenService[],
  stored: ReadonlyMap<string, string>,
  options: RunOptions,
): Promise<RunResult> {
  const started = options.now()
  const services = new Map(open.map((service) => [service.name, service]))
  const perService: Record<string, number> = {}
  for (const { service } of plan.steps) perService[service] = (perService[service] ?? 0) + 1
  options.emit({ kind: 'run-started', run: options.run, digest: plan.digest, steps: plan.steps.length, services: perService })
  const progress = new Progress(plan, options)
  if (options.singleTransaction) await runSingle(plan, services, stored, progress, options)
  else {
    const lanes = new Map<string, Plan['steps']>()
    for (const step of plan.steps) {
      const target = services.get(step.service)?.target ?? ''
      const lane = lanes.get(target)
      if (lane === undefined) lanes.set(target, [step])
      else lane.push(step)
    }
    const flushed = waitedForElsewhere(plan, (service) => services.get(service)?.target)
    const around = new AroundSteps(plan, services, progress, options)
    await Promise.all([...lanes.values()].map((steps) => runLane(steps, services, stored, flushed, { progress, around }, options)))
  }
  const result = summarise(plan, progress, options, options.now() - started)
  await noteEnd(open, result, options)
  options.emit({ kind: 'run-ended', result })
  return result
}

/** Steps that a step in another database comes after. */
function waitedForElsewhere(plan: Plan, target: (service: string) => string | undefined): ReadonlySet<string> {
  const home = new Map(plan.steps.map((step) => [step.id, target(step.service)]))
  return new Set(plan.steps.flatMap((step) => step.after.filter((id) => home.get(id) !== home.get(step.id))))
}

function summarise(plan: Plan, progress: Progress, options: RunOptions, ms: number): RunResult {
  const steps = progress.results()
  const first = steps.find((step) => step.error !== undefined && step.outcome !== 'skipped')
  const error = first?.error ?? progress.error
  const exit = error === undefined ? (options.signal.aborted ? 130 : 0) : errorCodes[error.code].exit
  const outcome = exit === 0 ? 'ok' : exit === 6 ? 'deferred' : exit === 130 ? 'interrupted' : 'failed'
  return {
    id: options.run,
    digest: plan.digest,
    steps,
    outcome,
    exit,
    ms,
    ...(progress.error === undefined ? {} : { error: progress.error }),
  }
}

async function noteEnd(open: readonly OpenService[], result: RunResult, options: RunOptions): Promise<void> {
  const noted = new Set<string>()
  const error = result.steps.find((step) => step.error !== undefined && step.outcome !== 'skipped')
  for (const service of open) {
    const place = `${service.target} ${service.ledgerSchema}`
    if (noted.has(place) || service.session.closed) continue
    noted.add(place)
    const said = error === undefined ? result.error : { step: error.step.id, ...error.error }
    const details = said === undefined ? null : JSON.stringify(said)
    await service.session.simple('set synchronous_commit = on').catch(() => undefined)
    await service.session.query(endRun(service.ledgerSchema), [options.run, result.outcome, details]).catch((cause: unknown) => {
      options.emit({
        kind: 'warning',
        message: `the end of the run could not be noted in ${service.spec.label}: ${cause instanceof Error ? cause.message : String(cause)}`,
      })
    })
  }
}
