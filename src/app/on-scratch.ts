import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { connect } from '../postgres/connect.ts'
import { ident } from '../postgres/quote.ts'
import { resolveConnection } from '../postgres/resolve-connection.ts'
import type { ConnectionSpec } from '../postgres/session.ts'
import { withScratchServer } from '../scratch/scratch-server.ts'
import type { RunRequest } from './request.ts'
import { run } from './run.ts'

/** The service whose schema is wanted: `configured` is its `database:`, or undefined; `roles` those of its workspace. */
export interface Wanted {
  request: RunRequest
  configured: string | undefined
  ledgerSchema: string
  roles: readonly string[]
  /** False where it has no migrations yet: then the database is empty. */
  hasMigrations: boolean
}

/**
 * Does some work on a scratch database in which the one service that is meant stands at its newest version, with what it needs; of Skein's own record nothing
 * is left in it, so that a comparison finds nothing that is not the service's. No configured database is opened and no hook is run. Programs run with SKEIN_SCRATCH=1, upon which
 * code migrations take DATABASE_URL for their connection whatever their program says. `SKEIN_SCRATCH_URL` names a server; without it an embedded one is
 * started for this. Throws SCRATCH-FAILED where a migration fails there, EMBEDDED-UNAVAILABLE, and what a run throws before it starts.
 */
export async function onScratch<T>(wanted: Wanted, ports: Ports, work: (spec: ConnectionSpec, ports: Ports) => Promise<T>): Promise<T> {
  // What an environment forbids or wants approved is about its databases, and these are nobody's.
  const { SKEIN_ENV: _, ...env } = ports.env
  const there: Ports = { ...ports, env: { ...env, SKEIN_SCRATCH: '1' }, emit: () => {} }
  const server = ports.env['SKEIN_SCRATCH_URL'] || undefined
  return withScratchServer({ server, roles: wanted.roles }, async (made) => {
    const urls = new Map<string, Promise<string>>()
    const scratch = (configured: string | undefined) => {
      const key = configured ?? ''
      const url = urls.get(key) ?? made.database()
      urls.set(key, url)
      return url
    }
    const spec = resolveConnection({ env: {}, applicationName: ports.program, configured: await scratch(wanted.configured) })
    if (wanted.hasMigrations) await toHead({ ...wanted.request, database: undefined, scratch }, there)
    const session = await connect(spec)
    try {
      await session.simple(`drop schema if exists ${ident(wanted.ledgerSchema)} cascade`)
    } finally {
      await session.end()
    }
    return work(spec, there)
  })
}

/** Everything of the service, and of what it needs. */
async function toHead(request: RunRequest, ports: Ports): Promise<void> {
  const report = await run({ ...request, verb: 'up', withNeeds: true, hooks: false }, ports)
  const failed = report.run?.steps.find((one) => one.error !== undefined && one.outcome !== 'skipped')
  if (failed?.error === undefined && report.exit === 0) return
  throw new SkeinError('SCRATCH-FAILED', {
    message: `the scratch database cannot be brought to the newest version: ${failed?.error?.message ?? report.notes.join('; ')}`,
    hint:
      failed?.error?.hint ??
      'where a migration wants what the embedded server has not, name a server that has it: SKEIN_SCRATCH_URL=postgres://…',
    place: failed?.error?.place,
    sqlstate: failed?.error?.sqlstate,
  })
}
