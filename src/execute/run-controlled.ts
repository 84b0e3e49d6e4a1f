import { closeJournal, markError, openJournal, type JournalKey } from '../ledger/journal.ts'
import { bookkeeping } from './bookkeeping.ts'
import { startDeadline } from './deadline.ts'
import { describeFailure, notOfFile } from './failure.ts'
import { markCommand } from './halfway.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import { storeBodies } from './run-chain.ts'
import type { OpenService } from './service-run.ts'
import { asFilesRun, asOurselves, takeBack } from './session-identity.ts'
import { unmark } from './unmark.ts'

/**
 * Runs a file that begins and ends transactions of its own, in the way its tool does: announced (journal, and the tool's busy mark where it has
 * one), sent whole as one simple query, recorded afterwards. It is not atomic, and no lock is retried: part of it may be committed. When it fails
 * before its first COMMIT, nothing is left and the marks go; later, the journal and the mark stay and a person has to say.
 */
export async function runControlled(service: OpenService, prepared: PreparedStep, options: RunOptions): Promise<Outcome> {
  const key: JournalKey = { history: service.ledgerId, version: prepared.migration.version, direction: prepared.step.direction }
  const { session } = service
  const total = prepared.facts.statements.length
  await storeBodies(service, [prepared])
  options.emit({ kind: 'step-started', step: prepared.step })
  const mark =
    service.history.mark?.(service.table, service.state, { migration: prepared.migration, direction: prepared.step.direction }) ?? ''
  await session.simple(
    `begin;set local synchronous_commit = on;${openJournal(service.ledgerSchema, key, options.run, prepared.hash, total)}${mark}commit`,
  )
  const started = options.now()
  const deadline = startDeadline(service, options.timeoutMs, options.signal)
  try {
    await session.simple(
      `set lock_timeout = '${options.lockTimeoutMs}ms';set synchronous_commit = on;${asFilesRun(service, { local: false })}`,
    )
    await session.simple(prepared.text)
  } catch (error) {
    await deadline.clear()
    await session.simple('rollback').catch(() => undefined)
    await session.simple(asOurselves).catch(() => undefined)
    const outcome = describeFailure(service, prepared, error, { ms: options.now() - started, stopped: deadline.reason() })
    return outcome.kind === 'lost' ? outcome : await settle(service, prepared, key, outcome)
  } finally {
    await deadline.clear()
  }
  await record(service, prepared, key, options)
  return { kind: 'done', ms: options.now() - started }
}

async function record(service: OpenService, prepared: PreparedStep, key: JournalKey, options: RunOptions): Promise<void> {
  // A transaction that the file left open is ended first: COMMIT without one is only a warning.
  await service.session.simple('commit')
  await takeBack(service, options)
  const restore = unmark(service, prepared)
  const books = bookkeeping(service, prepared, options)
  const sql = `begin;set local synchronous_commit = on;${restore}${closeJournal(service.ledgerSchema, key)}${books.sql}commit`
  await service.session.simple(sql).catch((error: unknown) => {
    books.undo()
    return notOfFile(error)
  })
}

async function settle(
  service: OpenService,
  prepared: PreparedStep,
  key: JournalKey,
  outcome: Exclude<Outcome, { kind: 'done' }>,
): Promise<Outcome> {
  const failedAt = outcome.failure.statement?.index
  // `other` is COMMIT AND CHAIN or PREPARE TRANSACTION too: what they end stays.
  const ends = prepared.facts.statements.find((one) => one.control === 'commit' || one.control === 'other')
  const firstCommit = ends?.index ?? Number.POSITIVE_INFINITY
  if (failedAt !== undefined && failedAt <= firstCommit) {
    await service.session.simple(
      `begin;set local synchronous_commit = on;${unmark(service, prepared)}${closeJournal(service.ledgerSchema, key)}commit`,
    )
    return outcome
  }
  await service.session.simple(`begin;set local synchronous_commit = on;${markError(service.ledgerSchema, key, outcome.failure)}commit`)
  return {
    kind: 'partial',
    ms: outcome.ms,
    failure: {
      ...outcome.failure,
      message: `${outcome.failure.message.replace('; nothing of it is left', '')}. The file has transactions of its own: what it committed before the error stays`,
      hint: `see what is there, then say so: ${markCommand(prepared)}`,
    },
  }
}
