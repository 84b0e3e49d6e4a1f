import { SkeinError } from '../model/errors.ts'
import { isRetryable } from '../postgres/server-error.ts'
import type { IndexFacts } from '../sql/facts.ts'
import { named } from './named.ts'
import type { RunOptions } from './options.ts'
import type { PreparedStep } from './prepare-step.ts'
import { retryLocks } from './retry-locks.ts'
import type { OpenService } from './service-run.ts'

/**
 * Gets the lock a concurrent index statement will need, once and for a moment, on the schedule: afterwards the statement itself may wait without
 * a limit, because a waiting SHARE UPDATE EXCLUSIVE holds up neither readers nor writers. Throws LOCK-TIMEOUT when the budget is used up.
 */
export async function probeLock(service: OpenService, prepared: PreparedStep, facts: IndexFacts, options: RunOptions): Promise<void> {
  const table = facts.table === undefined ? await tableOfIndex(service, facts) : named(facts.tableSchema, facts.table)
  if (table === undefined) return
  const outcome = await retryLocks(service, prepared, options, async (lockTimeoutMs) => {
    try {
      await service.session.simple(
        `begin;set local lock_timeout = '${lockTimeoutMs}ms';lock table ${table} in share update exclusive mode;rollback`,
      )
    } catch (error) {
      await service.session.simple('rollback')
      // Cancelled while it waited: so is the statement that it waits for.
      if ((error as { code?: string }).code === '57014') throw error
      const failure = {
        code: 'LOCK-TIMEOUT' as const,
        message: `${prepared.step.id}: no lock on ${table}`,
        sqlstate: (error as { code?: string }).code,
      }
      // Anything but a missing lock (no such table, no right) is better said by the statement itself.
      return isRetryable(error) ? { kind: 'failed', ms: 0, failure, retryable: true } : { kind: 'done', ms: 0 }
    }
    return { kind: 'done', ms: 0 }
  })
  if (outcome.kind === 'done') return
  const { code, message, hint, sqlstate } = outcome.failure
  throw new SkeinError(code, {
    message: message.replace(`${prepared.step.id}: `, ''),
    hint,
    sqlstate,
    data: { blockers: outcome.failure.blockers },
  })
}

async function tableOfIndex(service: OpenService, facts: IndexFacts): Promise<string | undefined> {
  if (facts.name === undefined) return undefined
  const index = named(facts.schema, facts.name)
  const [row] = await service.session.query<{ name: string }>(
    'select indrelid::regclass::text as name from pg_index where indexrelid = to_regclass($1)',
    [index],
  )
  return row?.name
}
