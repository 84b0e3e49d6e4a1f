import { SkeinError } from '../model/errors.ts'
import { acquire, type AcquireOptions, release } from '../postgres/advisory.ts'
import { historyText } from './keep-locks.ts'
import type { RunOptions } from './options.ts'
import type { OpenService } from './service-run.ts'

/**
 * Lets the tools' keys of idle services go while a neighbour's statement runs outside a transaction, and returns how to get them back. A session
 * that blocks in pg_advisory_lock for such a key has a snapshot that a concurrent index build waits for, while it waits for us: neither would ever
 * end, and since the session that holds the key is idle, no deadlock is detected. Their tables must be as they were: else MIXED, from the way back.
 */
export async function lendKeys(services: readonly OpenService[]): Promise<(options: RunOptions) => Promise<void>> {
  const lent = services.filter((one) => one.toolKeys.length > 0 && !one.session.closed)
  const rows = await Promise.all(lent.map(historyText))
  await Promise.all(lent.map((one) => release(one.session, one.toolKeys)))
  return async (options) => {
    for (const [at, one] of lent.entries()) {
      if (one.session.closed) continue
      await acquire(one.session, one.toolKeys, keyPatience(options))
      if ((await historyText(one)) !== rows[at]) throw tableChanged(one)
    }
  }
}

/** How long a key is waited for that we had before. After a signal not long, but long enough for those who only look and let go. */
export function keyPatience({ signal, lockBudgetMs }: Pick<RunOptions, 'signal' | 'lockBudgetMs'>): AcquireOptions {
  return signal.aborted ? { deadlineMs: 3_000 } : { deadlineMs: lockBudgetMs, signal }
}

/** Somebody else wrote a tool's table while its keys were free. */
export function tableChanged(service: OpenService): SkeinError {
  return new SkeinError('MIXED', {
    message: `${service.table.schema}.${service.table.table} was changed by somebody else while a statement ran outside a transaction`,
    hint: 'see `skein status`; then run the same command again',
  })
}
