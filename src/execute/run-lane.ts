import { SkeinError } from '../model/errors.ts'
import { toFailure } from '../postgres/server-error.ts'
import type { Step } from '../model/plan.ts'
import { describeFailure } from './failure.ts'
import { refuseHalfway } from './halfway.ts'
import type { AroundSteps } from './hooks/around-steps.ts'
import { keepLocks } from './keep-locks.ts'
import { loadStep } from './load-step.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import { neverBegan, type Progress } from './progress.ts'
import { ReadAhead } from './read-ahead.ts'
import { recoverTruth } from './recover.ts'
import { stoppedWaiting } from './retry-locks.ts'
import { runAlone } from './run-alone.ts'
import { runChain } from './run-chain.ts'
import { runCode } from './run-code.ts'
import { runControlled } from './run-controlled.ts'
import { runSplit } from './run-split.ts'
import type { OpenService } from './service-run.ts'
import { asOurselves, takeBack } from './session-identity.ts'

/** A chain carries at most this many steps and characters: each ends with a synchronous commit and begins with its texts. */
const longestChain = 200
const heaviestChain = 4_000_000
/** Behind this many a chain does not wait for further steps to be read: the server could be at work. */
const shortestWait = 16

/**
 * Runs the steps of one database in order: chains where steps allow it, the others one by one. `flushed` are steps that another database waits
 * for: a batch ends with each, so that it is on disk before anybody goes on.
 */
export async function runLane(
  steps: readonly Step[],
  services: ReadonlyMap<string, OpenService>,
  stored: ReadonlyMap<string, string>,
  flushed: ReadonlySet<string>,
  { progress, around }: { progress: Progress; around: AroundSteps },
  options: RunOptions,
): Promise<void> {
  const ahead = new ReadAhead(steps, (step) => {
    const service = services.get(step.service) as OpenService
    return loadStep(service, step, stored, service.session.version)
  })
  let at = 0
  try {
    while (at < steps.length) {
      const step = steps[at] as Step
      if (!(await progress.ready(step))) {
        progress.skip(step)
        at++
        await around.after([step])
        continue
      }
      at += await progress.withJob(async () => {
        const service = services.get(step.service) as OpenService
        const refused = await around.before(step)
        if (refused !== undefined) progress.settle(step, neverBegan(refused))
        const ends = around.separates(service) ? steps.slice(0, at + 1) : steps
        const settled = refused === undefined ? await runBatch(ends, at, service, ahead, flushed, progress, options) : 1
        await around.after(steps.slice(at, at + settled))
        return settled
      })
    }
  } finally {
    ahead.stop()
  }
}

/** Runs what can start at `at`, and returns how many steps were settled. */
async function runBatch(
  steps: readonly Step[],
  at: number,
  service: OpenService,
  ahead: ReadAhead,
  flushed: ReadonlySet<string>,
  progress: Progress,
  options: RunOptions,
): Promise<number> {
  const batch: PreparedStep[] = []
  const inBatch = new Set<string>()
  let size = 0
  for (let next = at; next < steps.length && batch.length < longestChain && size < heaviestChain; next++) {
    const step = steps[next] as Step
    if (step.service !== service.name || !step.after.every((id) => progress.done(id) || inBatch.has(id))) break
    if (batch.length >= shortestWait && !ahead.isReady(next)) break
    const prepared = await taken(ahead, next, step, batch.length === 0, options)
    if (!('mode' in prepared)) {
      if (batch.length > 0) break
      progress.settle(step, prepared)
      return 1
    }
    const chained = prepared.mode === 'chain' && journalOf(service, prepared) === undefined
    if (!chained && batch.length > 0) break
    batch.push(prepared)
    inBatch.add(step.id)
    size += prepared.text.length
    if (!chained || flushed.has(step.id)) break
  }
  const lost = await keepLocks(service, options).catch((error: unknown) => toFailure(error))
  const first = batch[0] as PreparedStep
  if (lost !== undefined) {
    progress.settle(first.step, neverBegan(lost))
    return 1
  }
  return first.mode === 'chain' && journalOf(service, first) === undefined
    ? runChained(service, batch, progress, options)
    : runOther(service, first, progress, options)
}

/** A step as it was read; a file that cannot be sent is the step's failure, told when its turn has come. */
async function taken(ahead: ReadAhead, at: number, step: Step, itsTurn: boolean, options: RunOptions): Promise<PreparedStep | Outcome> {
  const read = await ahead.take(at)
  if ('prepared' in read) return read.prepared
  const { error } = read
  if (!(error instanceof SkeinError)) throw error
  if (itsTurn) options.emit({ kind: 'step-started', step })
  return neverBegan({ code: error.code, message: error.message, hint: error.details.hint, place: error.details.place })
}

async function runChained(service: OpenService, batch: PreparedStep[], progress: Progress, options: RunOptions): Promise<number> {
  let failed: { prepared: PreparedStep; outcome: Outcome; stray: boolean } | undefined
  const done = await runChain(service, batch, options, (prepared, outcome, stray = false) => {
    if (outcome.kind === 'done') progress.settle(prepared.step, outcome)
    else failed = { prepared, outcome, stray }
  })
  for (const prepared of batch.slice(0, done)) forget(prepared)
  if (failed === undefined) return done === 0 ? skipFirst(batch, progress) : done
  const { prepared, outcome, stray } = failed
  if (outcome.kind === 'lost')
    return done + (await settleLost(service, batch.slice(done), outcome, progress, options, batch.slice(0, done)))
  // A missing lock: the schedule takes over, with this step by itself. So it does when a function of the step threw our prepared statements away (26000). A cancel that was meant for the step before it: once more.
  const missed =
    stray ||
    (outcome.kind === 'failed' &&
      outcome.failure.sqlstate !== undefined &&
      ['55P03', '40P01', '40001', '26000'].includes(outcome.failure.sqlstate))
  let again: Outcome = outcome
  if (missed && !options.signal.aborted) again = await guarded(service, prepared, options, () => runAlone(service, prepared, options))
  else if (missed && outcome.kind === 'failed') again = stoppedWaiting(prepared, outcome.failure, outcome.ms)
  if (again.kind === 'lost') return done + (await settleLost(service, [prepared], again, progress, options, batch.slice(0, done)))
  progress.settle(prepared.step, again)
  return done + 1
}

function skipFirst(batch: readonly PreparedStep[], progress: Progress): number {
  progress.skip((batch[0] as PreparedStep).step)
  return 1
}

async function runOther(service: OpenService, prepared: PreparedStep, progress: Progress, options: RunOptions): Promise<number> {
  const resumed = journalOf(service, prepared)
  const outcome = await guarded(service, prepared, options, async () => {
    if (prepared.mode !== 'code') refuseHalfway(prepared, resumed)
    if (prepared.mode === 'code') return runCode(service, prepared, options)
    if (prepared.mode === 'split') return runSplit(service, prepared, resumed, options)
    if (prepared.mode === 'controlled') return runControlled(service, prepared, options)
    const alone = await runAlone(service, prepared, options)
    if (alone.kind === 'done') await takeBack(service, options)
    return alone
  })
  if (outcome.kind === 'lost') return settleLost(service, [prepared], outcome, progress, options)
  forget(prepared)
  progress.settle(prepared.step, outcome)
  return 1
}

/** A failure outside the file's own statements (bookkeeping, settings) is the step's failure too, never an exception of the run. */
async function guarded(service: OpenService, prepared: PreparedStep, options: RunOptions, work: () => Promise<Outcome>): Promise<Outcome> {
  const started = options.now()
  try {
    return await work()
  } catch (error) {
    await service.session.simple('rollback').catch(() => undefined)
    await service.session.simple(asOurselves).catch(() => undefined)
    // A cancel that arrives between two statements hits the next one of ours.
    const stopped = options.signal.aborted ? 'signal' : undefined
    return describeFailure(service, prepared, error, { ms: options.now() - started, stopped })
  }
}

/**
 * The connection went: ask the ledger which of the steps on the wire were committed, and whether those `before` them in the chain, whose commits
 * were not flushed yet, outlived what may have been a crash.
 */
async function settleLost(
  service: OpenService,
  flying: readonly PreparedStep[],
  outcome: Outcome,
  progress: Progress,
  options: RunOptions,
  before: readonly PreparedStep[] = [],
): Promise<number> {
  if (outcome.kind !== 'lost') return 0
  options.emit({
    kind: 'warning',
    service: service.name,
    message: `${outcome.failure.message}; connecting again to see what was committed`,
  })
  const applied = await recoverTruth(service, options)
  withdrawLost(service, before, applied, progress, options)
  let settled = 0
  for (const prepared of flying) {
    const there = applied?.has(prepared.step.version) === (prepared.step.direction === 'up')
    if (applied !== undefined && there) {
      // It was taken back from the tracked state when its answer did not come.
      service.state.advance({ migration: prepared.migration, direction: prepared.step.direction })
      progress.settle(prepared.step, { kind: 'done', ms: outcome.ms })
      settled++
      continue
    }
    const known = applied !== undefined
    progress.settle(prepared.step, {
      kind: known ? 'failed' : 'lost',
      ms: outcome.ms,
      failure: known
        ? {
            ...outcome.failure,
            message: `${prepared.step.id}: the connection was lost while it ran; the ledger says it was not committed`,
            hint: 'run the same command again to go on',
          }
        : {
            ...outcome.failure,
            code: 'STEP-UNKNOWN',
            message: `${prepared.step.id}: the connection was lost and the ledger could not be read again; whether it was committed is not known`,
            hint: 'when the server is back, run `skein status`: the ledger knows',
          },
    })
    return settled + 1
  }
  return settled
}

/** A report must not call done what a crash took back. */
function withdrawLost(
  service: OpenService,
  before: readonly PreparedStep[],
  applied: ReadonlySet<string> | undefined,
  progress: Progress,
  options: RunOptions,
): void {
  const gone = before.filter(({ step }) => applied?.has(step.version) !== (step.direction === 'up'))
  const [first, last] = [gone[0], gone.at(-1)]
  if (first === undefined || last === undefined) return
  for (const { step } of gone) progress.withdraw(step, applied === undefined ? 'unknown' : 'skipped')
  const which = gone.length === 1 ? first.step.id : `${first.step.id} to ${last.step.id} (${gone.length} steps)`
  const what =
    applied === undefined
      ? 'committed, but nobody can say yet whether that outlived the server'
      : 'committed, but not on disk yet when the server crashed: nothing of it is left, and the next run does it again'
  options.emit({ kind: 'warning', service: service.name, message: `${which}: ${what}` })
}

function journalOf(service: OpenService, { step }: PreparedStep) {
  return service.journal.find((row) => row.version === step.version && row.direction === step.direction)
}

/** Texts of settled steps are let go: a long run must not keep every file in memory. */
function forget(prepared: PreparedStep): void {
  for (const body of [prepared.migration.up, prepared.migration.down]) if (body?.kind === 'sql') body.forget()
}
