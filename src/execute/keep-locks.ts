import { holds, ownLockKey, release, tryLock } from '../postgres/advisory.ts'
import type { Failure } from '../model/run.ts'
import type { RunOptions } from './options.ts'
import type { OpenService } from './service-run.ts'

/**
 * Makes sure that the session still has the service's advisory locks: a file may have said DISCARD ALL or pg_advisory_unlock_all(), and a pooler
 * may have given us another server process. A lock that is gone is taken again by one try; when that succeeds and `unchanged` finds the tool's
 * table as we left it, nobody was there in between and the run goes on, with a warning. Otherwise the failure LOCK-LOST. One round trip when all is well.
 */
export async function keepLocks(
  service: OpenService,
  options: Pick<RunOptions, 'emit'>,
  unchanged: () => Promise<boolean> = () => isAsTracked(service),
): Promise<Failure | undefined> {
  const { session } = service
  const exclusive = [service.ownKey, ...service.toolKeys]
  const shared = service.sharedKeys.map(ownLockKey)
  if (session.closed || (await holds(session, [...exclusive, ...shared]))) return undefined
  // What is held still is let go first: session-level locks are counted, and each is to be held once.
  await release(session, exclusive)
  await release(session, shared, { shared: true })
  const obtained = [...(await tryLock(session, exclusive)), ...(await tryLock(session, shared, { shared: true }))]
  if (!obtained.every(Boolean) || !(await holds(session, [...exclusive, ...shared])) || !(await unchanged())) return lockLost(service)
  options.emit({
    kind: 'warning',
    service: service.name,
    message: `${service.name}: a migration gave our advisory locks back (DISCARD ALL, pg_advisory_unlock_all()); they were taken again, and nobody wrote in between`,
  })
  return undefined
}

/** The tool's table says what this run has made of it. */
async function isAsTracked(service: OpenService): Promise<boolean> {
  const { history, state } = service
  const rows = history.parse(await historyText(service))
  if (history.keeps !== 'every-version') return JSON.stringify(rows) === JSON.stringify(state.rows)
  const { applied, unknown } = history.applied({ exists: true, rows }, service.migrations)
  const there = new Set([...applied.keys(), ...unknown])
  return there.size === state.applied.size && [...there].every((version) => state.applied.has(version))
}

/** The tool's rows as one text: what is compared to see whether somebody else wrote. Takes ACCESS SHARE. */
export async function historyText(service: OpenService): Promise<string> {
  const [row] = await service.session.query<{ rows: unknown }>(service.history.select(service.table))
  const rows = row?.rows ?? []
  return typeof rows === 'string' ? rows : JSON.stringify(rows)
}

function lockLost(service: OpenService): Failure {
  return {
    code: 'LOCK-LOST',
    message: `our advisory lock on ${service.name} is gone, and somebody else was or is at work: a migration released it, or a pooler changed the connection under us`,
    hint: 'take DISCARD ALL and pg_advisory_unlock_all() out of migrations, connect to the server directly and not through a transaction pooler, then run the same command again',
  }
}
