import type { Blocker, Failure } from '../model/run.ts'
import { describeBlocker } from '../postgres/blocker-rows.ts'
import { lockSchedule } from './lock-schedule.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import type { OpenService } from './service-run.ts'
import { sleep } from './sleep.ts'
import { watchWaiting, type WaitingWatch } from './watch-waiting.ts'

/** lock_timeout of the only attempt with --no-wait, in milliseconds. */
const longestLook = 300
/** Less than this of the budget left is none. */
const shortestPause = 100

/**
 * Tries a transaction again and again on the schedule of lock-schedule.ts until it gets its locks, fails for another reason, or the budget is
 * used up: then the outcome is `deferred` with those who stood in the way, and nothing is half-done. Always the whole transaction: a savepoint
 * would keep every lock taken so far during the pause. `attempt` runs it once with the given lock_timeout and has rolled back when it fails.
 */
export async function retryLocks(service: OpenService, prepared: PreparedStep, options: RunOptions, attempt: Attempt): Promise<Outcome> {
  let blockers: Blocker[] = []
  const watch = watchWaiting(service, (found, ms) => {
    blockers = found
    options.emit({ kind: 'waiting', service: service.name, step: prepared.step, what: 'a lock', blockers: found, ms })
  })
  try {
    return await attempts(prepared, options, attempt, watch, () => blockers)
  } finally {
    watch.close()
  }
}

type Attempt = (lockTimeoutMs: number, timeLeftMs: number | undefined) => Promise<Outcome & { retryable?: boolean }>

async function attempts(
  prepared: PreparedStep,
  options: RunOptions,
  attempt: Attempt,
  watch: WaitingWatch,
  inTheWay: () => Blocker[],
): Promise<Outcome> {
  const started = options.now()
  const budget = Math.min(options.lockBudgetMs, options.timeoutMs ?? Number.POSITIVE_INFINITY)
  let number = 0
  for (const { lockTimeoutMs: wanted, pauseMs } of lockSchedule(options.lockTimeoutMs)) {
    number++
    // Who does not wait still wants to know for whom it would have been: long enough to see that.
    const lockTimeoutMs = options.noWait ? Math.min(longestLook, options.lockTimeoutMs) : wanted
    const left = options.timeoutMs === undefined ? undefined : options.timeoutMs - (options.now() - started)
    await watch.begin(options.noWait || number > 1)
    const outcome = await attempt(lockTimeoutMs, left).finally(() => watch.end())
    if (outcome.kind === 'done' || outcome.retryable !== true) return outcome
    const spent = options.now() - started
    const failure = { ...(outcome as Exclude<Outcome, { kind: 'done' }>).failure, blockers: inTheWay() }
    // A pause that would end behind the budget is cut short, for a last attempt at its end.
    const pause = Math.min(pauseMs, budget - spent)
    if (options.noWait || options.signal.aborted || pause < shortestPause) return exhausted(prepared, failure, number, spent, options)
    options.emit({ kind: 'retry', step: prepared.step, attempt: number, pauseMs: pause, error: failure })
    await sleep(pause, options.signal)
    if (options.signal.aborted) return exhausted(prepared, failure, number, options.now() - started, options)
  }
  throw new Error('unreachable')
}

/** A signal came before the step could be tried again: it is no failure of the step any more. */
export function stoppedWaiting(prepared: PreparedStep, last: Failure, ms: number): Outcome {
  const { place, blockers } = last
  const waiting = last.sqlstate === '55P03' ? ' while waiting for a lock' : ''
  const message = `${prepared.step.id}: stopped by a signal${waiting}; nothing of it is left`
  return {
    kind: 'interrupted',
    ms,
    failure: { code: 'INTERRUPTED', message, hint: 'run the same command again to go on', place, blockers },
  }
}

function exhausted(prepared: PreparedStep, last: Failure, attempts: number, ms: number, options: RunOptions): Outcome {
  if (options.signal.aborted) return stoppedWaiting(prepared, last, ms)
  const who = last.blockers?.length ? `; in the way: ${last.blockers.map(describeBlocker).join('; ')}` : ''
  return {
    kind: 'deferred',
    ms,
    failure: {
      ...last,
      code: 'LOCK-TIMEOUT',
      message: `${prepared.step.id}: no lock after ${attempts} attempt${attempts === 1 ? '' : 's'} in ${(ms / 1000).toFixed(1)} s; nothing is half-done${who}`,
      hint: 'end the session in the way, or run the same command again later',
    },
  }
}
