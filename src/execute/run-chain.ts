import { insertBodies } from '../ledger/write.ts'
import { bookkeeping, preamble, type Bookkeeping } from './bookkeeping.ts'
import { startDeadline } from './deadline.ts'
import { describeFailure } from './failure.ts'
import { keptDown } from './kept-down.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import { prepareRows, type PreparedRows } from './prepared-rows.ts'
import { isTimed, sendTimed } from './send-timed.ts'
import type { OpenService } from './service-run.ts'

/** Steps on the wire at once: enough to hide the network, few enough that a killed runner leaves little behind. */
const inFlight = 8

/**
 * Runs transactional steps of one service as a chain of messages: `begin` | `file; rows; commit` | `begin` | `file; rows; commit` | …, several
 * of them on the wire at once. Each step is a transaction of its own with both tables' rows in it. An error of any kind, a syntax error too,
 * leaves the transaction open and failed, so every later message, `begin` among them, answers 25P02 and does nothing: exactly the steps before the
 * failing one are applied. `begin` is a message of its own and not the tail of the one before, so that now() in a step is its own beginning
 * (docs/decisions/0001). The last commit is synchronous and flushes them all.
 * Locks: what the files take, each for its own transaction. Calls `settled` for every step in order and returns how many ended well; `stray` says
 * that the step was cancelled by a request of ours that was meant for the step before.
 */
export async function runChain(
  service: OpenService,
  steps: readonly PreparedStep[],
  options: RunOptions,
  settled: (prepared: PreparedStep, outcome: Outcome, stray?: boolean) => void,
): Promise<number> {
  const { session } = service
  const flying: Flight[] = []
  let sent = 0
  let done = 0
  let clock = options.now()
  let cancelled = false
  let rows: PreparedRows | undefined
  try {
    // Both on the wire at once.
    ;[rows] = await Promise.all([prepare(service, steps, options), storeBodies(service, steps)])
  } catch (error) {
    const first = steps[0] as PreparedStep
    settled(first, describeFailure(service, first, error, { ms: options.now() - clock }))
    return 0
  }
  try {
    while (done < steps.length) {
      while (sent < steps.length && flying.length < inFlight && !options.signal.aborted) {
        flying.push(send(service, steps[sent] as PreparedStep, sent === steps.length - 1, options, rows))
        sent++
      }
      const flight = flying.shift()
      if (flight === undefined) break
      options.emit({ kind: 'step-started', step: flight.prepared.step })
      flight.tell()
      const deadline = startDeadline(service, options.timeoutMs, options.signal)
      try {
        await flight.answer
        await deadline.clear()
        const now = options.now()
        settled(flight.prepared, { kind: 'done', ms: now - clock })
        // The next step is at work already: a cancel that came too late for this one hits that one.
        cancelled = deadline.reason() !== undefined
        clock = now
        done++
      } catch (error) {
        await deadline.clear()
        await drain(flying)
        flight.books.undo()
        await session.simple('rollback').catch(() => undefined)
        const sentAs = { prefix: flight.prefix, before: flight.before, ms: options.now() - clock, stopped: deadline.reason() }
        // A cancel may hit `begin` itself: what it said is the reason, and the 25P02 behind it only the consequence.
        const outcome = describeFailure(service, flight.prepared, (await flight.refused) ?? error, sentAs)
        const stray = cancelled && outcome.kind === 'failed' && outcome.failure.sqlstate === '57014'
        settled(flight.prepared, outcome, stray)
        return done
      }
    }
    return done
  } finally {
    if (rows !== undefined) session.simple(rows.end).catch(() => undefined)
  }
}

/** Fewer steps do not repay the preparation. */
const shortestPrepared = 8

/** Prepares the rows' statements on the session; undefined where that is not worth it, or did not work: then each step brings its own. */
async function prepare(service: OpenService, steps: readonly PreparedStep[], options: RunOptions): Promise<PreparedRows | undefined> {
  if (steps.length < shortestPrepared) return undefined
  const rows = prepareRows(service, steps[0]?.step.direction ?? 'up', options)
  return service.session.simple(rows.begin).then(
    () => rows,
    () => undefined,
  )
}

interface Flight {
  prepared: PreparedStep
  books: Bookkeeping
  prefix: string
  /** Statements in the prefix. */
  before: number
  answer: Promise<unknown>
  /** Its turn has come: statements are told as they end. */
  tell(): void
  /** What the server said to its `begin`, when that failed. */
  refused: Promise<unknown>
}

function send(service: OpenService, prepared: PreparedStep, last: boolean, options: RunOptions, rows: PreparedRows | undefined): Flight {
  const prefix = `${last ? 'set local synchronous_commit = on;' : ''}${preamble(service)}`
  const books = bookkeeping(service, prepared, options, rows)
  // The newline ends a comment on the file's last line; the semicolon a last statement without one. Deferred constraints are checked before COMMIT:
  // a COMMIT that fails ends the transaction, and the messages behind it would find none that is failed.
  const refused = service.session.simple('begin').then(
    () => undefined,
    // Behind a step that failed every `begin` is refused, too, but then nobody asks.
    (error: unknown) => error,
  )
  const before = prefix.split(';').length - 1
  const ours = `set constraints all immediate;${books.sql}commit`
  if (isTimed(prepared, options)) {
    const { statements } = prepared.facts
    return {
      prepared,
      books,
      prefix,
      before,
      refused,
      ...sendTimed(service, prepared, { statements, origin: 0, prefix, before, tail: ours }, options),
    }
  }
  const answer = service.session.simple(`${prefix}${prepared.text}\n;${ours}`)
  answer.catch(() => undefined)
  return { prepared, books, prefix, before, answer, refused, tell: () => {} }
}

/** Waits for what is on the wire behind a failure (all of it answers 25P02) and takes it back from the tracked state, newest first. */
async function drain(flying: Flight[]): Promise<void> {
  for (const flight of [...flying].reverse()) flight.books.undo()
  for (const flight of flying) await flight.answer.catch(() => undefined)
  flying.length = 0
}

/** The texts of the batch, by parameters and before it: the messages of the chain carry hashes only. */
export async function storeBodies(service: OpenService, steps: readonly PreparedStep[]): Promise<void> {
  const bodies = new Map<string, string>()
  for (const { step, migration, hash, text } of steps) {
    if (step.direction !== 'up') continue
    if (hash !== null) bodies.set(hash, text)
    const down = keptDown(migration)
    if (down !== null) bodies.set(down.sha256(), down.text())
  }
  if (bodies.size > 0) await service.session.query(insertBodies(service.ledgerSchema), [[...bodies.keys()], [...bodies.values()]])
}
