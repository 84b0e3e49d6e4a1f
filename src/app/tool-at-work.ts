import { SkeinError } from '../model/errors.ts'
import type { Blocker } from '../model/run.ts'
import { holders } from '../postgres/advisory.ts'
import { describeBlocker } from '../postgres/blocker-rows.ts'
import { connect } from '../postgres/connect.ts'
import type { Looked } from './look.ts'
import { lockKeysOf } from './service-run.ts'
import type { Survey } from './survey.ts'

/**
 * A row that says "dirty" while its tool holds its own lock is a migration under way, not one that broke off. Gives LOCK-HELD (`data.holders`) in place
 * of a DIRTY error when that is so, else the error itself. To be asked before our own run holds those keys. One connection for each dirty service.
 */
export async function toolAtWork(error: unknown, found: Survey): Promise<unknown> {
  if (!(error instanceof SkeinError) || error.code !== 'DIRTY') return error
  for (const [name, reconciled] of found.reconciled) {
    const looked = found.looked.get(name)
    if (looked === undefined || !reconciled.problems.some((one) => one.code === 'DIRTY')) continue
    const busy = await holdersOf(looked)
    if (busy.length === 0) continue
    return new SkeinError('LOCK-HELD', {
      message: `${name}: ${looked.loaded.service.tool} is at work: ${busy.map(describeBlocker).join('; ')}`,
      hint: 'wait for it to end; skein locks shows who holds what',
      service: name,
      data: { holders: busy, what: looked.loaded.service.tool },
      cause: error,
    })
  }
  return error
}

/** A server that went away meanwhile tells nothing. */
async function holdersOf(looked: Looked): Promise<Blocker[]> {
  const session = await connect(looked.spec, { readOnly: true }).catch(() => undefined)
  if (session === undefined) return []
  try {
    return await holders(session, lockKeysOf(looked))
  } finally {
    await session.end()
  }
}
