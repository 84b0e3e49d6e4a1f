import { cancelStatement } from '../postgres/cancel.ts'
import type { OpenService } from './service-run.ts'

export type StopReason = 'timeout' | 'signal'

export interface Deadline {
  /** Why the statement was cancelled, when it was we who did it. */
  reason(): StopReason | undefined
  /** Milliseconds left, or undefined without a limit. */
  left(): number | undefined
  /** Resolves when a cancel that is under way has been delivered: the next statement must not be its victim. */
  clear(): Promise<void>
}

/**
 * Cancels whatever the service's session is executing when the time for a migration is up or a signal arrives: over a second connection, the way
 * psql's Ctrl-C does (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS). Call `clear` when the step is over.
 */
export function startDeadline(service: Pick<OpenService, 'session'>, timeoutMs: number | undefined, signal: AbortSignal): Deadline {
  const started = performance.now()
  let why: StopReason | undefined
  let delivered: Promise<unknown> = Promise.resolve()
  const stop = (reason: StopReason) => {
    if (why !== undefined) return
    why = reason
    delivered = cancelStatement(service.session)
  }
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop('timeout'), timeoutMs)
  const onAbort = () => stop('signal')
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) stop('signal')
  return {
    reason: () => why,
    left: () => (timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - (performance.now() - started))),
    clear: async () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      await delivered
    },
  }
}
