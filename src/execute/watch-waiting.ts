import type { Blocker } from '../model/run.ts'
import { blockersOf } from '../postgres/blockers.ts'
import { connect } from '../postgres/connect.ts'
import type { Session } from '../postgres/session.ts'
import type { ServiceRun } from './service-run.ts'

/** A wait shorter than this is nobody's business. */
const patienceMs = 150
/** Often enough that an attempt of 100 ms is seen. */
const everyMs = 40

export interface WaitingWatch {
  /** An attempt at locks begins: from now on the session is looked at. With a connection at hand already where there is reason to expect a wait. */
  begin: (expectWait: boolean) => Promise<void>
  /** The attempt is over. */
  end: () => void
  /** Ends the connection. */
  close: () => void
}

/**
 * Watches, over one connection of its own for all attempts, whether the session is waiting for somebody, and says for whom. For an attempt that is
 * not expected to wait the connection is opened only when it has not come back after a moment; for one that is, before it begins, so that also a
 * short attempt on a distant server finds out. Reads pg_locks and pg_stat_activity; takes no lock anybody could wait for. Never throws.
 */
export function watchWaiting(
  service: Pick<ServiceRun, 'spec'> & { session: Session },
  seen: (blockers: Blocker[], ms: number) => void,
): WaitingWatch {
  let connection: Promise<Session | undefined> | undefined
  let attempt = 0
  let timer: NodeJS.Timeout | undefined

  // Watching is a courtesy: without a connection the wait is the same, only silent.
  const open = () => (connection ??= connect({ ...service.spec, applicationName: 'skein watcher' }).catch(() => undefined))

  async function look(current: number, started: number): Promise<void> {
    const watcher = await open()
    if (watcher === undefined || current !== attempt) return
    const blockers = await blockersOf(watcher, service.session.pid).catch(() => [])
    // Also when the attempt has ended meanwhile: the answer is of the time before.
    if (blockers.length > 0) seen(blockers, performance.now() - started)
    if (current === attempt) timer = setTimeout(() => void look(current, started), everyMs)
  }

  const end = () => {
    attempt++
    clearTimeout(timer)
  }
  return {
    begin: async (expectWait) => {
      if (expectWait) await open()
      const current = ++attempt
      const started = performance.now()
      timer = setTimeout(() => void look(current, started), expectWait ? 1 : patienceMs)
    },
    end,
    close: () => {
      end()
      void connection?.then((watcher) => watcher?.end())
    },
  }
}
