import { markError, openJournal } from '../ledger/journal.ts'
import { isRetryable } from '../postgres/server-error.ts'
import { wrappedParts } from '../sql/wrapped.ts'
import { bookkeeping, preamble } from './bookkeeping.ts'
import { startDeadline } from './deadline.ts'
import { describeFailure, notOfFile } from './failure.ts'
import { markCommand } from './halfway.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import { retryLocks } from './retry-locks.ts'
import { storeBodies } from './run-chain.ts'
import { isTimed, sendTimed } from './send-timed.ts'
import type { OpenService } from './service-run.ts'
import { asFilesRun, asOurselves } from './session-identity.ts'

/**
 * Runs one transactional step by itself: `begin` + settings, the file as one simple query as its tool sends it, then the rows and COMMIT. A file
 * that is wholly wrapped in BEGIN … COMMIT keeps its own transaction, and our rows go in before its COMMIT. Tried again as a whole while locks
 * are missing. The commit is synchronous. A file that could not be parsed may end the transaction it is given: when it succeeds it is recorded
 * behind that, when it fails then, it is `partial`.
 */
export async function runAlone(service: OpenService, prepared: PreparedStep, options: RunOptions): Promise<Outcome> {
  await storeBodies(service, [prepared])
  options.emit({ kind: 'step-started', step: prepared.step })
  return retryLocks(service, prepared, options, async (lockTimeoutMs, timeLeftMs) => {
    const started = options.now()
    const deadline = startDeadline(service, timeLeftMs, options.signal)
    const given: { transaction?: string } = {}
    try {
      if (prepared.mode === 'wrapped') await wrapped(service, prepared, options, lockTimeoutMs)
      else await plain(service, prepared, options, lockTimeoutMs, given)
      return { kind: 'done', ms: options.now() - started }
    } catch (error) {
      await deadline.clear()
      await service.session.simple('rollback').catch(() => undefined)
      await service.session.simple(asOurselves).catch(() => undefined)
      const outcome = describeFailure(service, prepared, error, {
        length: prepared.mode === 'wrapped' ? wrappedParts(prepared.facts, prepared.text)[0].length : undefined,
        ms: options.now() - started,
        stopped: deadline.reason(),
      })
      if (outcome.kind !== 'lost' && (await wasCommitted(service, given.transaction))) return brokeOff(service, prepared, outcome, options)
      return { ...outcome, retryable: deadline.reason() === undefined && isRetryable(error) }
    } finally {
      await deadline.clear()
    }
  })
}

async function plain(
  service: OpenService,
  prepared: PreparedStep,
  options: RunOptions,
  lockTimeoutMs: number,
  given: { transaction?: string },
): Promise<void> {
  const { session } = service
  await session
    .simple(`begin;set local synchronous_commit = on;set local lock_timeout = '${lockTimeoutMs}ms';${preamble(service, { local: false })}`)
    .catch(notOfFile)
  if (!prepared.facts.parsed) given.transaction = await transactionId(service)
  await sendFile(service, prepared, options)
  if (given.transaction !== undefined && given.transaction !== (await transactionId(service).catch(notOfFile))) {
    // It ended the transaction that it was given, so the rows cannot join it any more. COMMIT without a transaction is only a warning.
    await session.simple('commit').catch(notOfFile)
    await session.simple('begin;set local synchronous_commit = on').catch(notOfFile)
  }
  const books = bookkeeping(service, prepared, options)
  await session.simple(`${books.sql}commit`).catch((error: unknown) => {
    books.undo()
    return notOfFile(error)
  })
}

async function sendFile(service: OpenService, prepared: PreparedStep, options: RunOptions): Promise<void> {
  if (!isTimed(prepared, options)) return void (await service.session.simple(prepared.text))
  const sent = sendTimed(service, prepared, { statements: prepared.facts.statements, origin: 0 }, options)
  sent.tell()
  await sent.answer
}

async function wrapped(service: OpenService, prepared: PreparedStep, options: RunOptions, lockTimeoutMs: number): Promise<void> {
  const { session } = service
  const [head, tail] = wrappedParts(prepared.facts, prepared.text)
  // SET LOCAL would need to come after the file's own BEGIN, which may have to be the first statement (SET TRANSACTION).
  await session
    .simple(`set lock_timeout = '${lockTimeoutMs}ms';set synchronous_commit = on;${asFilesRun(service, { local: false })}`)
    .catch(notOfFile)
  const books = bookkeeping(service, prepared, options)
  await session.simple(`${head}\n;${books.sql}${tail}`).catch((error: unknown) => {
    books.undo()
    throw error
  })
}

async function transactionId(service: OpenService): Promise<string> {
  const [row] = await service.session.query<{ id: string }>('select txid_current()::text as id')
  return row?.id ?? ''
}

/** Whether a transaction that should have been rolled back was committed: by the file itself. */
async function wasCommitted(service: OpenService, transaction: string | undefined): Promise<boolean> {
  if (transaction === undefined || service.session.closed) return false
  const [row] = await service.session.query<{ status: string }>('select txid_status($1::bigint) as status', [transaction])
  return row?.status === 'committed'
}

/** What it committed stays: noted as half-done, in the journal and, where the tool has a mark, in its table. */
async function brokeOff(
  service: OpenService,
  prepared: PreparedStep,
  outcome: Exclude<Outcome, { kind: 'done' }>,
  options: RunOptions,
): Promise<Outcome> {
  const { history, ledgerSchema, ledgerId } = service
  const step = { migration: prepared.migration, direction: prepared.step.direction }
  const key = { history: ledgerId, version: prepared.migration.version, direction: prepared.step.direction }
  const failure = {
    ...outcome.failure,
    message: `${outcome.failure.message.replace('; nothing of it is left', '')}. The file ended its transaction: what it committed before the error stays`,
    hint: `see what is there, then say so: ${markCommand(prepared)}`,
  }
  const journal = `${openJournal(ledgerSchema, key, options.run, prepared.hash, 0)}${markError(ledgerSchema, key, failure)}`
  const mark = history.mark?.(service.table, service.state, step) ?? ''
  await service.session.simple(`begin;set local synchronous_commit = on;${journal}${mark}commit`)
  return { kind: 'partial', ms: outcome.ms, failure }
}
