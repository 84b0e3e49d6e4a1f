import { setTimeout as pause } from 'node:timers/promises'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'

/** Milliseconds between two tries; a server in recovery answers as soon as it is ready. */
export const pauseMs = 500

/** True for what mends itself while containers start, with time left for another try: no connection yet, or a table that a running migration has locked. */
export function worthWaiting(error: unknown, leftMs: number): error is SkeinError {
  if (!(error instanceof SkeinError) || leftMs <= pauseMs) return false
  return error.code === 'LOCK-HELD' || (error.exit === 3 && error.code !== 'AUTH-FAILED')
}

/** The pause between two tries. Throws INTERRUPTED as soon as a signal comes. */
export async function pauseUnlessStopped(ports: Ports): Promise<void> {
  await pause(pauseMs, undefined, { signal: ports.signal }).catch(() => {
    throw new SkeinError('INTERRUPTED', { message: 'stopped while waiting' })
  })
}
