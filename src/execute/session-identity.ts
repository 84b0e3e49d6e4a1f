import { ident, literal } from '../postgres/quote.ts'
import type { RunOptions } from './options.ts'
import { firstLockTimeoutMs } from './lock-schedule.ts'
import type { Identity, OpenService } from './service-run.ts'
import { sessionSettings } from './session-settings.ts'

/**
 * SQL that makes the session what files run as: what an earlier file of the service left behind (the tools keep one session, so the next file
 * finds it there), else the service's `role`. Empty when that is the login role. `local`: until the end of the transaction.
 */
export function asFilesRun(service: Pick<OpenService, 'role' | 'left'>, { local }: { local: boolean }): string {
  const { authorization, role } = { role: service.role, ...service.left }
  const set = local ? 'set local' : 'set'
  return (
    (authorization === undefined ? '' : `${set} session authorization ${ident(authorization)};`) +
    (role === undefined ? '' : `${set} role ${ident(role)};`)
  )
}

/**
 * SQL that makes the open transaction's writer the login role again, whatever the file did; the file's own setting comes back at COMMIT
 * (https://www.postgresql.org/docs/current/sql-set.html: "the effects of SET LOCAL last only till the end of the current transaction").
 * `to default` and not `none`: a login role may have a role of its own by ALTER ROLE … SET role.
 */
export const asOurselvesLocally = 'set local session authorization default;set local role to default;'

/** The same for the session. */
export const asOurselves = 'reset session authorization;reset role;'

const whoAmI = `select current_setting('role') as role, session_user::text as login, (select source from pg_settings where name = 'search_path') as path_source;`

/**
 * After a file that may have touched the session: takes the session back for ourselves, remembers as whom the file left it, and gives back what
 * is ours to decide: the timeouts, and the service's search_path where the file reset it (RESET ALL, DISCARD ALL). What a file SET stays set.
 */
export async function takeBack(service: OpenService, options: RunOptions): Promise<void> {
  const { session } = service
  const settings = sessionSettings(session.version, options, Math.min(firstLockTimeoutMs, options.lockTimeoutMs))
  const answers = await session.simple(`${whoAmI}${asOurselves}${whoAmI}${settings}`)
  const [left, ours] = answers.flatMap((answer) => answer.rows) as { role: string; login: string; path_source: string }[]
  if (left === undefined || ours === undefined) return
  service.left = difference(left, ours, service.role)
  const path = service.schema ?? service.spec.searchPath
  if (path !== undefined && ours.path_source !== 'session')
    await session.simple(`select set_config('search_path', ${literal(path)}, false)`)
}

function difference(
  left: { role: string; login: string },
  ours: { role: string; login: string },
  wanted: string | undefined,
): Identity | undefined {
  const authorization = left.login === ours.login ? undefined : left.login
  const role = left.role === ours.role || left.role === wanted ? undefined : left.role
  return authorization === undefined && role === undefined ? undefined : { ...(authorization && { authorization }), ...(role && { role }) }
}
