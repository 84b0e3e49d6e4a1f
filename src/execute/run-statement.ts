import { markInDoubt, type JournalKey } from '../ledger/journal.ts'
import { SkeinError } from '../model/errors.ts'
import { acquire, release } from '../postgres/advisory.ts'
import type { Statement } from '../sql/facts.ts'
import { buildIndex } from './build-index.ts'
import { startDeadline } from './deadline.ts'
import { describeFailure } from './failure.ts'
import { historyText, keepLocks } from './keep-locks.ts'
import { leftBehind } from './left-behind.ts'
import { keyPatience, lendKeys, tableChanged } from './lend-keys.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import { probeStatement } from './probe-statement.ts'
import type { OpenService } from './service-run.ts'
import { asFilesRun, asOurselves, takeBack } from './session-identity.ts'
import { autocommitSettings } from './session-settings.ts'

/**
 * Runs one statement that cannot be in a transaction: a synchronous in-doubt mark, the keys of all tools of this database released (a waiter that blocks in
 * pg_advisory_lock would be killed by, or kill, a concurrent index build: its snapshot is what the build waits for), no lock_timeout (it would
 * fire on unrelated old snapshots and leave an INVALID index), then the keys again and the tool's table compared with what it was. `inDoubt`
 * says that an earlier run was executing exactly this statement when its record ends: then the catalogue is asked first.
 */
export async function runStatement(
  service: OpenService,
  prepared: PreparedStep,
  statement: Statement,
  key: JournalKey,
  inDoubt: boolean,
  options: RunOptions,
): Promise<Outcome> {
  const { session } = service
  const started = options.now()
  const text = prepared.text.slice(statement.start, statement.end)
  const about = {
    step: prepared.step,
    index: statement.index,
    of: prepared.facts.statements.length,
    text: text.split('\n', 1)[0] as string,
  }
  options.emit({ kind: 'statement', ...about })
  const deadline = startDeadline(service, options.timeoutMs, options.signal)
  try {
    const probed = inDoubt ? await probeStatement(service, statement, text) : 'unknown'
    if (probed === 'done') return { kind: 'done', ms: options.now() - started }
    if (probed !== 'unknown' && probed !== 'not-done') return await execute(probed.instead)
    return await execute(text)
  } catch (error) {
    await deadline.clear()
    const outcome = describeFailure(service, prepared, error, {
      start: statement.start,
      first: statement.index,
      ms: options.now() - started,
      stopped: deadline.reason(),
    })
    if (outcome.kind === 'lost') return outcome
    // The cancel may have hit the mark or the probe of the lock, which are transactions: a failed one answers no question.
    await session.simple('rollback')
    // Whether something of it is left decides between "failed" and "partial".
    const left = await leftBehind(service, prepared, statement, text)
    if (left === undefined) return outcome
    const message = `${outcome.failure.message.replace('; nothing of it is left', '')}; ${left.what}`
    const failure = { ...outcome.failure, message, hint: left.hint ?? outcome.failure.hint }
    return outcome.kind === 'deferred' || outcome.kind === 'interrupted'
      ? { ...outcome, left: true, failure }
      : { kind: 'partial', ms: outcome.ms, failure }
  } finally {
    await deadline.clear()
  }

  async function execute(sql: string): Promise<Outcome> {
    const rows = await historyText(service)
    const same = async () => (await historyText(service)) === rows
    await session.simple(`begin;set local synchronous_commit = on;${markInDoubt(service.ledgerSchema, key, statement.index)}commit`)
    await orThrow(keepLocks(service, options, same))
    await release(session, service.toolKeys)
    const lent = await lendKeys(service.neighbours)
    let failed: { error: unknown } | undefined
    const began = options.now()
    try {
      await session.simple(`${autocommitSettings(session.version)};${asFilesRun(service, { local: false })}`)
      if (statement.indexFacts !== undefined) await buildIndex(service, prepared, statement, sql, inDoubt, options)
      else await session.simple(sql)
    } catch (error) {
      failed = { error }
    }
    const ended = options.now()
    if (failed !== undefined && session.closed) throw failed.error
    await deadline.clear()
    // What the statement itself said comes first, whatever happens on the way back.
    const back = await comeBack(failed === undefined, same, lent).catch((error: unknown) => ({ error }))
    if (failed !== undefined) throw failed.error
    if (back !== undefined) throw back.error
    options.emit({ kind: 'statement-done', ...about, ms: ended - began })
    return { kind: 'done', ms: options.now() - started }
  }

  /** The session is ours again, and every lock: ours is gone if the statement was DISCARD ALL, the tool's were released by us. */
  async function comeBack(done: boolean, same: () => Promise<boolean>, lent: (options: RunOptions) => Promise<void>): Promise<undefined> {
    if (done) await takeBack(service, options)
    else await session.simple(asOurselves)
    if (service.toolKeys.length > 0) await acquire(session, service.toolKeys, keyPatience(options))
    await orThrow(keepLocks(service, options, same))
    if (!(await same())) throw tableChanged(service)
    await lent(options)
  }
}

async function orThrow(failure: ReturnType<typeof keepLocks>): Promise<void> {
  const lost = await failure
  if (lost !== undefined) throw new SkeinError(lost.code, { message: lost.message, hint: lost.hint })
}
