import { connect } from '../postgres/connect.ts'
import type { Session } from '../postgres/session.ts'
import type { OpenService } from './service-run.ts'

/**
 * Follows a running CREATE INDEX or REINDEX in pg_stat_progress_create_index over a connection of its own, twice a second
 * (https://www.postgresql.org/docs/current/progress-reporting.html). `done` and `total` are blocks, or tuples in the phases that count those.
 */
export function watchBuild(
  service: Pick<OpenService, 'spec' | 'session'>,
  seen: (phase: string, done: number, total: number, waitingFor?: number) => void,
): { stop: () => void } {
  let stopped = false
  let watcher: Session | undefined
  let timer = setTimeout(() => void look(), 300)

  async function look(): Promise<void> {
    try {
      watcher ??= await connect({ ...service.spec, applicationName: 'skein watcher' })
      if (stopped) return
      const [row] = await watcher.query<{ phase: string; done: string; total: string; locker: string | null }>(
        `select phase, greatest(blocks_done, tuples_done)::text as done, greatest(blocks_total, tuples_total)::text as total,
           nullif(current_locker_pid, 0)::text as locker from pg_stat_progress_create_index where pid = $1`,
        [service.session.pid],
      )
      if (row !== undefined && !stopped)
        seen(row.phase, Number(row.done), Number(row.total), row.locker === null ? undefined : Number(row.locker))
    } catch {
      // Progress is a courtesy; the build goes on without it.
    } finally {
      if (stopped) void watcher?.end()
      else timer = setTimeout(() => void look(), 500)
    }
  }
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
      void watcher?.end()
    },
  }
}
