import { parseLedger, selectLedger } from '../ledger/read.ts'
import { SkeinError } from '../model/errors.ts'
import { openService } from './open-services.ts'
import type { RunOptions } from './options.ts'
import type { OpenService } from './service-run.ts'
import { sleep } from './sleep.ts'

/** A server that crashed needs a moment to recover; a minute is patience enough. */
const patienceMs = 60_000

/**
 * After a connection was lost: connects again, takes the service's locks again (the old backend may still hold them for a moment), and reads from
 * the ledger what is applied. Replaces the service's session. Returns undefined when the server does not come back, or not with our lock: then nobody knows.
 */
export async function recoverTruth(service: OpenService, options: RunOptions): Promise<ReadonlySet<string> | undefined> {
  const until = options.now() + patienceMs
  while (options.now() < until && !options.signal.aborted) {
    // Also one that was opened here and failed: its locks would be in our own way.
    await service.session.end().catch(() => undefined)
    try {
      const again = await openService(service, { ...options, lockBudgetMs: Math.max(1_000, until - options.now()), noWait: false })
      service.session = again.session
      const [row] = await again.session.query(selectLedger(service.ledgerSchema, [service.key]))
      const history = parseLedger(row as Record<string, unknown>).histories.find((one) => one.id === service.ledgerId)
      return new Set(history?.applied.map((one) => one.version))
    } catch (error) {
      // What broke once may break again on the way back; only an answer that will stay the same ends the waiting.
      if (error instanceof SkeinError && error.exit !== 3 && error.code !== 'SERVER-LOST') return undefined
      await sleep(500, options.signal)
    }
  }
  return undefined
}
