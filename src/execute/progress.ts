import type { Plan, Step } from '../model/plan.ts'
import type { Failure, StepResult } from '../model/run.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'

/** What has happened to each step so far, and who waits for whom. A resource of one run, shared by its lanes. */
export class Progress {
  readonly #results = new Map<string, StepResult>()
  readonly #plan: Plan
  readonly #options: RunOptions
  #waiting: (() => void)[] = []
  #free: number
  #failed = false
  #error: Failure | undefined

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = plan
    this.#options = options
    this.#free = options.jobs
  }

  /** Nothing new may start: a step failed and `keepGoing` is off, or a signal came. */
  get stopped(): boolean {
    return this.#options.signal.aborted || (this.#failed && !this.#options.keepGoing)
  }

  /** What went wrong outside of the steps. */
  get error(): Failure | undefined {
    return this.#error
  }

  done(id: string): boolean {
    return this.#results.get(id)?.outcome === 'done'
  }

  settle(step: Step, outcome: Outcome): void {
    if (outcome.kind === 'done') {
      this.#results.set(step.id, { step, outcome: 'done', ms: outcome.ms })
      this.#options.emit({ kind: 'step-done', step, ms: outcome.ms })
    } else {
      const name = outcome.kind === 'partial' ? 'partial' : outcome.kind === 'lost' ? 'unknown' : 'failed'
      this.#results.set(step.id, { step, outcome: name, ms: outcome.ms, error: outcome.failure })
      this.#failed = true
      this.#options.emit({ kind: 'step-failed', step, ms: outcome.ms, error: outcome.failure })
    }
    this.#wake()
  }

  /** A step that was done and is not any more, or nobody knows: a crash took it back before it was on disk. */
  withdraw(step: Step, outcome: 'skipped' | 'unknown'): void {
    this.#results.set(step.id, { step, outcome, ms: 0 })
    this.#failed = true
    this.#wake()
  }

  /** Something outside of the steps failed: they stay as they are, and the run did not end well. */
  fail(failure: Failure): void {
    this.#error ??= failure
    this.#failed = true
    this.#wake()
  }

  /** What happened to a step so far; one that was not reached is `skipped`. */
  result(step: Step): StepResult {
    return this.#results.get(step.id) ?? { step, outcome: 'skipped', ms: 0 }
  }

  skip(step: Step): void {
    this.#results.set(step.id, { step, outcome: 'skipped', ms: 0 })
    this.#wake()
  }

  /** Waits until every step it comes after has ended. False: it must not run, because one of them did not end well or the run is stopping. */
  async ready(step: Step): Promise<boolean> {
    for (;;) {
      if (this.stopped) return false
      const before = step.after.filter((id) => !this.done(id))
      if (before.length === 0) return true
      if (before.some((id) => this.#results.has(id))) return false
      await this.#changed()
    }
  }

  /** Runs `work` as one of at most `jobs` at a time. */
  async withJob<T>(work: () => Promise<T>): Promise<T> {
    while (this.#free <= 0) await this.#changed()
    this.#free--
    try {
      return await work()
    } finally {
      this.#free++
      this.#wake()
    }
  }

  /** In the plan's order; steps that were never reached are `skipped`. */
  results(): StepResult[] {
    return this.#plan.steps.map((step) => this.result(step))
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#options.signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.push(wake)
      this.#options.signal.addEventListener('abort', wake, { once: true })
    })
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}

/** A failure as an outcome of a step that never began. */
export function neverBegan(failure: Failure): Outcome {
  return { kind: 'failed', ms: 0, failure }
}
