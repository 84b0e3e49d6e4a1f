import { setTimeout as sleep } from 'node:timers/promises'
import { SkeinError } from '../../model/errors.ts'
import type { Blocker } from '../../model/run.ts'
import { blockerColumns, blockerOf, type BlockerRow, describeBlocker } from '../../postgres/blocker-rows.ts'
import { ident } from '../../postgres/quote.ts'
import { isServerError } from '../../postgres/server-error.ts'
import type { Session } from '../../postgres/session.ts'

export interface Swap {
  /** The database that is replaced, by its oid too: another restore may have been quicker. */
  name: string
  oid: string
  /** What it is called afterwards. */
  before: string
  /** The one that takes its name. */
  filled: string
}

/** What a session of another role is, only pg_read_all_stats may see; that it is somebody's, everyone. */
const isClient = `coalesce(a.backend_type, 'client backend') in ('client backend', 'walsender') and a.usesysid is not null`

/** Who is just leaving is waited for so often, a tenth of a second each time: a server process goes a moment after its client. */
const tries = 10

/** Who is connected to a database and stays, apart from `except` and the server's own workers. Locks nothing; takes up to a second. */
export async function sessionsIn(session: Session, oid: string, except: readonly number[] = []): Promise<Blocker[]> {
  for (let left = tries; ; left--) {
    const rows = await session.query<BlockerRow>(
      `select ${blockerColumns('null::text', 'null::text')} from pg_stat_activity a
       where a.datid = $1::oid and a.pid <> all ($2::int[]) and ${isClient} order by a.pid`,
      [oid, except],
    )
    if (rows.length === 0 || left === 0) return rows.map(blockerOf)
    await sleep(100)
  }
}

/** Throws DATABASE-IN-USE that names them, where there are some. */
export function refuseSessions(name: string, sessions: readonly Blocker[]): void {
  if (sessions.length === 0) return
  throw new SkeinError('DATABASE-IN-USE', {
    message: `${sessions.length} other ${sessions.length === 1 ? 'session is' : 'sessions are'} connected to ${name}: ${sessions.slice(0, 10).map(describeBlocker).join('; ')}`,
    hint: 'end them, or add --disconnect; the database is as it was',
    data: { sessions },
  })
}

/**
 * Gives both databases their new names in one transaction, so that there is no moment without the one or with half of it done. Takes ACCESS EXCLUSIVE on
 * both: who connects meanwhile waits, and is then in the new one. PostgreSQL waits 5 s for those that are connected; with `disconnecting`, a second session,
 * they are ended in that time. `locked` is called when the first statement is on its way, to leave the old database. Throws DATABASE-IN-USE, PERMISSION-DENIED,
 * RESTORE-FAILED.
 * Source: src/backend/commands/dbcommands.c, RenameDatabase; procarray.c, CountOtherDBBackends.
 */
export async function swap(session: Session, names: Swap, locked: () => Promise<void>, disconnecting?: Session): Promise<void> {
  const over = new AbortController()
  try {
    await session.simple('begin')
    const first = session.simple(`alter database ${ident(names.name)} rename to ${ident(names.before)}`).finally(() => over.abort())
    first.catch(() => {})
    await locked()
    if (disconnecting !== undefined) await endSessions(disconnecting, names.oid, over.signal)
    await first
    const [row] = await session.query<{ oid: string }>('select oid::text as oid from pg_database where datname = $1', [names.before])
    if (row?.oid !== names.oid)
      throw new SkeinError('RESTORE-FAILED', { message: `${names.name} is another database than it was: somebody replaced it` })
    await session.simple(`alter database ${ident(names.filled)} rename to ${ident(names.name)}`)
    await session.simple('commit')
  } catch (error) {
    await session.simple('rollback').catch(() => {})
    // object_in_use
    if (isServerError(error) && error.code === '55006') refuseSessions(names.name, await sessionsIn(session, names.oid))
    if (error instanceof SkeinError) throw error
    const denied = isServerError(error) && error.code === '42501'
    throw new SkeinError(denied ? 'PERMISSION-DENIED' : 'RESTORE-FAILED', {
      message:
        `the databases could not change names: ${(error as Error).message}${isServerError(error) ? ` ${error.detail ?? ''}` : ''}`.trim(),
      hint: 'the database is as it was',
      cause: error,
    })
  }
}

async function endSessions(session: Session, oid: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await session.query(`select pg_terminate_backend(pid) from pg_stat_activity a where a.datid = $1::oid and ${isClient}`, [oid])
    await sleep(100, undefined, { signal }).catch(() => {})
  }
}
