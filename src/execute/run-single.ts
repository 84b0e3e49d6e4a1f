import { SkeinError } from '../model/errors.ts'
import type { Plan } from '../model/plan.ts'
import { isRetryable } from '../postgres/server-error.ts'
import { bookkeeping, preamble } from './bookkeeping.ts'
import { startDeadline } from './deadline.ts'
import { describeFailure } from './failure.ts'
import { loadStep } from './load-step.ts'
import type { RunOptions } from './options.ts'
import type { PreparedStep } from './prepare-step.ts'
import type { Progress } from './progress.ts'
import { recoverTruth } from './recover.ts'
import { retryLocks } from './retry-locks.ts'
import { refuseCodeInOne } from './run-code.ts'
import { storeBodies } from './run-chain.ts'
import type { OpenService } from './service-run.ts'

/**
 * Runs the whole plan in one transaction: all of it or nothing. Throws what {@link prepareSingle} throws. Holds every lock until the end.
 */
export async function runSingle(
  plan: Plan,
  services: ReadonlyMap<string, OpenService>,
  stored: ReadonlyMap<string, string>,
  progress: Progress,
  options: RunOptions,
): Promise<void> {
  const first = services.get(plan.steps[0]?.service ?? '')
  if (first === undefined) return
  const prepared = await prepareSingle(plan, services, stored)
  const last = prepared.at(-1) as PreparedStep
  for (const service of services.values())
    await storeBodies(
      service,
      prepared.filter((one) => one.step.service === service.name),
    )
  let current = prepared[0] as PreparedStep
  const outcome = await retryLocks(first, last, options, async (lockTimeoutMs, timeLeftMs) => {
    const started = options.now()
    const deadline = startDeadline(first, timeLeftMs, options.signal)
    const undone: (() => void)[] = []
    try {
      await first.session.simple(`begin;set local synchronous_commit = on;set local lock_timeout = '${lockTimeoutMs}ms'`)
      for (current of prepared) {
        const service = services.get(current.step.service) as OpenService
        const books = bookkeeping(service, current, options)
        undone.push(books.undo)
        options.emit({ kind: 'step-started', step: current.step })
        await first.session.simple(`${preamble(service)}${current.text}\n;${books.sql}`)
      }
      await first.session.simple('commit')
      return { kind: 'done', ms: options.now() - started }
    } catch (error) {
      await deadline.clear()
      for (const undo of undone.reverse()) undo()
      await first.session.simple('rollback').catch(() => undefined)
      const service = services.get(current.step.service) as OpenService
      const prefix = preamble(service)
      const failure = describeFailure({ ...service, session: first.session }, current, error, {
        prefix,
        before: prefix.split(';').length - 1,
        ms: options.now() - started,
        stopped: deadline.reason(),
      })
      return { ...failure, retryable: deadline.reason() === undefined && isRetryable(error) }
    } finally {
      await deadline.clear()
    }
  })
  if (outcome.kind === 'done' || (outcome.kind === 'lost' && (await wasCommitted(last, services, options))))
    for (const one of prepared) progress.settle(one.step, { kind: 'done', ms: outcome.ms / prepared.length })
  else
    progress.settle(current.step, {
      ...outcome,
      failure: { ...outcome.failure, message: `${outcome.failure.message} (one transaction: nothing of the plan is left)` },
    })
}

/** The connection went around COMMIT: the ledger tells, by the last step, whether all of it is there. */
async function wasCommitted(last: PreparedStep, services: ReadonlyMap<string, OpenService>, options: RunOptions): Promise<boolean> {
  const applied = await recoverTruth(services.get(last.step.service) as OpenService, options)
  return applied !== undefined && applied.has(last.step.version) === (last.step.direction === 'up')
}

/**
 * Every step of a plan for one transaction. Throws NOT-SINGLE when a step cannot be in a transaction, controls one itself, touches the session or
 * stopped half-way before, or when the plan spans several databases, roles or schemas. Asked before the first write.
 */
export async function prepareSingle(
  plan: Plan,
  services: ReadonlyMap<string, OpenService>,
  stored: ReadonlyMap<string, string>,
): Promise<PreparedStep[]> {
  const first = services.get(plan.steps[0]?.service ?? '')
  if (first === undefined) return []
  const refusals: string[] = []
  for (const service of services.values()) {
    if (service.target !== first.target) refusals.push(`${service.name} is in another database than ${first.name}`)
    else if (service.role !== first.role || service.schema !== first.schema)
      refusals.push(`${service.name} has another role or schema than ${first.name}`)
  }
  const prepared: PreparedStep[] = []
  for (const step of plan.steps) {
    const one = await loadStep(services.get(step.service) as OpenService, step, stored, first.session.version)
    const journal = services.get(step.service)?.journal.find((row) => row.version === step.version && row.direction === step.direction)
    if (one.mode === 'code') refuseCodeInOne(one)
    if (one.mode !== 'chain' || journal !== undefined) refusals.push(`${step.id} ${reasonOf(one)}`)
    prepared.push(one)
  }
  if (refusals.length > 0) {
    throw new SkeinError('NOT-SINGLE', {
      message: `--single-transaction is not possible: ${refusals.join('; ')}`,
      hint: 'leave --single-transaction away: each migration is a transaction of its own then',
    })
  }
  return prepared
}

function reasonOf(prepared: PreparedStep): string {
  if (prepared.mode === 'split') return 'has a statement that cannot run in a transaction'
  if (prepared.mode === 'wrapped' || prepared.mode === 'controlled') return 'begins and ends transactions itself'
  return prepared.mode === 'chain' ? 'stopped half-way in an earlier run' : 'touches the session, or cannot be parsed'
}
