import { columns } from '../columns.ts'
import type { Style } from '../style.ts'

interface LocksView {
  locks: {
    service: string
    database: string
    whose: string
    key: string
    holders: { pid: number; user: string | null; application: string | null; state: string | null; transactionAge: number | null }[]
  }[]
}

/** `locks` for people: who holds what; with `all` also the keys that nobody holds. */
export function humanLocks(view: LocksView, style: Style, all: boolean): string {
  const held = view.locks.filter((one) => one.holders.length > 0)
  const rows = (all ? view.locks : held).map((one) => [
    style.bold(one.service),
    one.whose,
    style.dim(one.key),
    one.holders.length === 0
      ? style.green('free')
      : style.yellow(
          one.holders
            .map(
              (holder) =>
                `pid ${holder.pid}${holder.user === null ? '' : ` ${holder.user}`}${holder.application === null ? '' : ` (${holder.application})`}`,
            )
            .join(', '),
        ),
    style.dim(one.database),
  ])
  const keys = `${view.locks.length} keys of ${new Set(view.locks.map((one) => one.service)).size} services`
  const head = held.length === 0 ? `nobody holds any of ${keys}` : `${held.length} of ${keys} held`
  return `${[head, ...(rows.length === 0 ? [] : [columns(rows, '', style.width)])].join('\n')}\n`
}
