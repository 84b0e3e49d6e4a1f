import type { HookStatus } from '../../model/hook.ts'
import type { Plan, Step } from '../../model/plan.ts'
import type { Failure, StepResult } from '../../model/run.ts'
import type { RunOptions } from '../options.ts'
import type { Progress } from '../progress.ts'
import type { OpenService } from '../service-run.ts'
import { type HookCall, runAfter, runBefore } from './run-hooks.ts'
import type { Told } from './told.ts'

/**
 * The hooks before and after services and steps. What runs after something runs whenever what runs before it was tried, so that what a hook opened can be
 * closed again. A resource of one run, shared by its lanes.
 */
export class AroundSteps {
  readonly #plan: Plan
  readonly #services: ReadonlyMap<string, OpenService>
  readonly #progress: Progress
  readonly #options: RunOptions
  readonly #last: ReadonlyMap<string, string>
  readonly #begun = new Map<string, number>()
  readonly #refused = new Map<string, Failure>()

  constructor(plan: Plan, services: ReadonlyMap<string, OpenService>, progress: Progress, options: RunOptions) {
    this.#plan = plan
    this.#services = services
    this.#progress = progress
    this.#options = options
    this.#last = new Map(plan.steps.map((step) => [step.service, step.id]))
  }

  /** Hooks stand between two steps of such a service, so that each goes to the server by itself and is on disk before the next. */
  separates(service: OpenService): boolean {
    return this.#hooks(service.name).some(({ moment }) => moment.endsWith('-step'))
  }

  /** Before a step; before the first of a service also what comes before the service. The failure that stops it, if any. */
  async before(step: Step): Promise<Failure | undefined> {
    if (this.#hooks(step.service).length === 0) return undefined
    const { service } = step
    if (!this.#begun.has(service)) {
      this.#begun.set(service, this.#options.now())
      const failure = await runBefore(this.#call('before-service', service, this.#stepsOf(service)), this.#options)
      if (failure !== undefined) this.#refused.set(service, failure)
    }
    // Whatever the other steps of it wait for: none of them begins.
    const refused = this.#refused.get(service)
    if (refused !== undefined) return refused
    this.#begun.set(step.id, this.#options.now())
    return runBefore(this.#call('before-step', service, [step], step), this.#options)
  }

  /** After steps that are settled, in order; after the last one of a service also what comes after the service. */
  async after(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const { service } = step
      if (!this.#begun.has(service)) continue
      if (this.#begun.has(step.id)) await this.#runAfter('after-step', service, [step], step)
      if (this.#last.get(service) === step.id) await this.#runAfter('after-service', service, this.#stepsOf(service))
    }
  }

  async #runAfter(moment: 'after-step' | 'after-service', service: string, steps: readonly Step[], step?: Step): Promise<void> {
    const results = steps.map((one) => this.#progress.result(one))
    const call = this.#call(moment, service, steps, step)
    const begun = this.#begun.get(step?.id ?? service) ?? this.#options.now()
    const ended = endOf(results, this.#options.signal.aborted)
    const failure = await runAfter({ ...call, told: { ...call.told, ...ended, ms: this.#options.now() - begun } }, this.#options)
    if (failure !== undefined) this.#progress.fail(failure)
  }

  #hooks(service: string) {
    return this.#services.get(service)?.hooks ?? []
  }

  #stepsOf(service: string): Step[] {
    return this.#plan.steps.filter((step) => step.service === service)
  }

  #call(moment: HookCall['moment'], name: string, steps: readonly Step[], step?: Step): HookCall {
    const service = this.#services.get(name) as OpenService
    const { spec, schema, role, tool, environment } = service
    const told: Told = {
      ...runOf(this.#plan, this.#options),
      ...(environment === undefined ? {} : { environment }),
      service: name,
      tool,
      database: spec.label,
      steps,
      ...(step === undefined ? {} : { step }),
    }
    return {
      hooks: this.#hooks(name),
      moment,
      told,
      databases: [{ spec, ...(schema === undefined ? {} : { schema }), ...(role === undefined ? {} : { role }) }],
    }
  }
}

/** What every hook of a run is told. */
export function runOf(plan: Plan, { run, verb }: Pick<RunOptions, 'run' | 'verb'>) {
  return { run, verb, digest: plan.digest, services: [...new Set(plan.steps.map((step) => step.service))] }
}

/** How steps ended, taken together: the first failure is theirs. */
export function endOf(results: readonly StepResult[], aborted: boolean): { status: HookStatus; done: number; error?: Failure } {
  const done = results.filter((one) => one.outcome === 'done').length
  if (done === results.length) return { status: 'success', done }
  const error = results.find((one) => one.error !== undefined)?.error
  return { status: aborted ? 'interrupted' : 'failure', done, ...(error === undefined ? {} : { error }) }
}
