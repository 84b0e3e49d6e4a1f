import { createHash } from 'node:crypto'
import { closeJournal, markDone, markError, openJournal, type JournalKey } from '../ledger/journal.ts'
import type { JournalRow } from '../ledger/read.ts'
import { SkeinError } from '../model/errors.ts'
import { sendingOf } from '../model/sending.ts'
import { isRetryable } from '../postgres/server-error.ts'
import { segments, type Segment } from '../sql/segments.ts'
import { bookkeeping, preamble } from './bookkeeping.ts'
import { startDeadline } from './deadline.ts'
import { describeFailure, notOfFile } from './failure.ts'
import { markCommand } from './halfway.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import { retryLocks } from './retry-locks.ts'
import { storeBodies } from './run-chain.ts'
import { replaySettings } from './replay-settings.ts'
import { runStatement } from './run-statement.ts'
import { isTimed, sendTimed } from './send-timed.ts'
import type { OpenService } from './service-run.ts'
import { asOurselves, asOurselvesLocally, takeBack } from './session-identity.ts'
import { unmark, unmarkAnyhow } from './unmark.ts'

/**
 * Runs a step in which some statement cannot be in a transaction. The statements between such ones form one transaction each, with their journal
 * row in it; a statement that stands alone is announced in the journal by a synchronous commit before, and looked for in the catalogue after. So
 * nothing is ever repeated, and a step that stopped goes on where it stopped, if what was done still stands in the file as it was done.
 */
export async function runSplit(
  service: OpenService,
  prepared: PreparedStep,
  resumed: JournalRow | undefined,
  options: RunOptions,
): Promise<Outcome> {
  const started = options.now()
  const key: JournalKey = { history: service.ledgerId, version: prepared.migration.version, direction: prepared.step.direction }
  const each = sendingOf(prepared.migration, prepared.step.direction) === 'each'
  const pieces = segments(prepared.facts, prepared.text, service.session.version, prepared.file ?? undefined, each)
  const hashes = prepared.facts.statements.map((one) => hashOf(prepared.text.slice(one.start, one.end)))
  const total = hashes.length
  await storeBodies(service, [prepared])
  options.emit({ kind: 'step-started', step: prepared.step })
  let done = resumed === undefined ? 0 : checkedDone(prepared, resumed, hashes)
  let inDoubt = resumed?.inDoubt ?? null
  await begin(service, prepared, key, options, total, resumed !== undefined)
  await replaySettings(service, prepared, done, options)
  for (const piece of pieces) {
    const last = piece.to
    if (last <= done) continue
    const outcome =
      piece.kind === 'transaction'
        ? await runTransaction(service, prepared, { ...piece, from: Math.max(piece.from, done + 1) }, key, hashes, options)
        : await runStatement(service, prepared, piece.statement, key, inDoubt === piece.statement.index, options)
    if (outcome.kind !== 'done') return stoppedAt(service, prepared, key, done, outcome, options.now() - started)
    done = last
    inDoubt = null
    if (piece.kind === 'autocommit') await record(service, prepared, key, done, hashes, options, done === total)
  }
  return { kind: 'done', ms: options.now() - started }
}

/** Journal row and the tool's own busy mark, committed synchronously before anything runs. */
async function begin(
  service: OpenService,
  prepared: PreparedStep,
  key: JournalKey,
  options: RunOptions,
  total: number,
  resumed: boolean,
): Promise<void> {
  const mark =
    service.history.mark?.(service.table, service.state, { migration: prepared.migration, direction: prepared.step.direction }) ?? ''
  // A resumed step finds its mark there already; the tracked state is the one before it.
  const clean = resumed ? unmarkAnyhow(service) : ''
  const open = openJournal(service.ledgerSchema, key, options.run, prepared.hash, total)
  await service.session.simple(`begin;set local synchronous_commit = on;${open}${clean}${mark}commit`)
}

async function runTransaction(
  service: OpenService,
  prepared: PreparedStep,
  piece: Extract<Segment, { kind: 'transaction' }>,
  key: JournalKey,
  hashes: readonly string[],
  options: RunOptions,
): Promise<Outcome> {
  const { statements } = prepared.facts
  const first = statements[piece.from - 1]
  const final = statements[piece.to - 1]
  if (first === undefined || final === undefined) throw new Error('a segment without statements')
  const text = prepared.text.slice(first.start, final.end)
  return retryLocks(service, prepared, options, async (lockTimeoutMs, timeLeftMs) => {
    const started = options.now()
    const deadline = startDeadline(service, timeLeftMs, options.signal)
    try {
      await service.session
        .simple(
          `begin;set local synchronous_commit = on;set local lock_timeout = '${lockTimeoutMs}ms';${preamble(service, { local: false })}`,
        )
        .catch(notOfFile)
      await sendPiece(service, prepared, piece, text, options)
      await finish(service, prepared, key, piece.to, hashes, options, piece.to === statements.length).catch(notOfFile)
      await takeBack(service, options)
      return { kind: 'done', ms: options.now() - started }
    } catch (error) {
      await deadline.clear()
      await service.session.simple('rollback').catch(() => undefined)
      await service.session.simple(asOurselves).catch(() => undefined)
      const outcome = describeFailure(service, prepared, error, {
        start: first.start,
        first: piece.from,
        ms: options.now() - started,
        stopped: deadline.reason(),
      })
      return { ...outcome, retryable: deadline.reason() === undefined && isRetryable(error) }
    } finally {
      await deadline.clear()
    }
  })
}

/** The statements of one transaction as one message, or one by one where their times are wanted. */
async function sendPiece(
  service: OpenService,
  prepared: PreparedStep,
  piece: { from: number; to: number },
  text: string,
  options: RunOptions,
): Promise<void> {
  if (!isTimed(prepared, options)) return void (await service.session.simple(text))
  const statements = prepared.facts.statements.slice(piece.from - 1, piece.to)
  const sent = sendTimed(service, prepared, { statements, origin: statements[0]?.start ?? 0 }, options)
  sent.tell()
  await sent.answer
}

async function record(
  service: OpenService,
  prepared: PreparedStep,
  key: JournalKey,
  done: number,
  hashes: readonly string[],
  options: RunOptions,
  whole: boolean,
): Promise<void> {
  await service.session.simple('begin;set local synchronous_commit = on')
  await finish(service, prepared, key, done, hashes, options, whole)
}

/** The journal moved on, or, after the last statement, taken away and the step recorded, in the open transaction; then COMMIT. */
async function finish(
  service: OpenService,
  prepared: PreparedStep,
  key: JournalKey,
  done: number,
  hashes: readonly string[],
  options: RunOptions,
  whole: boolean,
): Promise<void> {
  if (!whole) {
    await service.session.simple(`${asOurselvesLocally}${markDone(service.ledgerSchema, key, done, hashes.slice(0, done))}commit`)
    return
  }
  const restore = unmark(service, prepared)
  const books = bookkeeping(service, prepared, options)
  try {
    await service.session.simple(`${asOurselvesLocally}${restore}${closeJournal(service.ledgerSchema, key)}${books.sql}commit`)
  } catch (error) {
    books.undo()
    throw error
  }
}

/** When not even the first piece stands, nothing is left and the marks go; otherwise the journal keeps what is done, with the reason it stopped. */
async function stoppedAt(
  service: OpenService,
  prepared: PreparedStep,
  key: JournalKey,
  done: number,
  outcome: Exclude<Outcome, { kind: 'done' }>,
  ms: number,
): Promise<Outcome> {
  if (outcome.kind === 'lost') return { ...outcome, ms }
  const left = outcome.kind === 'partial' || ('left' in outcome && outcome.left === true)
  if (done === 0 && !left) {
    await service.session.simple(
      `begin;set local synchronous_commit = on;${unmark(service, prepared)}${closeJournal(service.ledgerSchema, key)}commit`,
    )
    return { ...outcome, ms }
  }
  await service.session
    .simple(`begin;set local synchronous_commit = on;${markError(service.ledgerSchema, key, outcome.failure, { settled: !left })}commit`)
    .catch(() => undefined)
  const of = prepared.facts.statements.length
  const kind = outcome.kind === 'interrupted' || outcome.kind === 'deferred' ? outcome.kind : 'partial'
  const message = `${outcome.failure.message.replace('; nothing of it is left', '')}; ${done} of ${of} statements are done and stay done`
  return {
    kind,
    ms,
    failure: {
      ...outcome.failure,
      message,
      hint: outcome.failure.hint?.replace('; nothing of this migration is left', '; it goes on behind what is done'),
    },
  }
}

/** How many statements a stopped run has committed; refused when one of them says something else in today's file. */
function checkedDone(prepared: PreparedStep, resumed: JournalRow, hashes: readonly string[]): number {
  const changed = resumed.doneHashes.findIndex((hash, at) => hash !== hashes[at])
  if (changed === -1) return resumed.done
  throw new SkeinError('CHANGED', {
    message: `${prepared.step.id} stopped after statement ${resumed.done} of ${resumed.statements}, and statement ${changed + 1}, which is done, was changed since`,
    hint: `put statement ${changed + 1} back as it was, or say what the database is: ${markCommand(prepared)}`,
    place: prepared.file === null ? undefined : { file: prepared.file },
  })
}

function hashOf(statement: string): string {
  return createHash('sha256').update(statement).digest('hex')
}
