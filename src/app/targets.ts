import { resolveConnection } from '../postgres/resolve-connection.ts'
import type { ConnectionSpec } from '../postgres/session.ts'
import type { Ports } from '../model/ports.ts'
import type { Service } from '../model/service.ts'
import { ensureDatabase } from '../scratch/ensure-database.ts'
import { startEmbedded } from '../scratch/embedded.ts'
import { databaseOf } from '../workspace/database.ts'
import type { Workspace } from '../workspace/workspace.ts'
import type { Request } from './request.ts'

/** The name of the embedded database when none is given: people type `skein embedded url`, and a service's own name is theirs to choose. */
export const defaultEmbeddedDatabase = 'skein'

/**
 * How each service's database is reached: a scratch database, --database, --embedded, the workspace file, the environment, in that order. Starts the workspace's
 * embedded server, and makes its database, where one of them says so, and never because nothing was said. Throws DATABASE-MISSING,
 * DATABASE-AMBIGUOUS, URL-INVALID, VARIABLE-UNSET, EMBEDDED-UNAVAILABLE, EMBEDDED-FAILED.
 */
export async function connectionOf(service: Service, workspace: Workspace, request: Request, ports: Ports): Promise<ConnectionSpec> {
  const common = { env: ports.env, applicationName: ports.program }
  if (request.scratch !== undefined)
    return resolveConnection({ env: {}, applicationName: ports.program, configured: await request.scratch(service.database) })
  if (request.database !== undefined) return resolveConnection({ ...common, given: request.database })
  const configured = request.embedded === true ? ({ kind: 'embedded' } as const) : databaseOf(service, ports.env)
  if (configured?.kind === 'embedded') {
    const url = await embeddedUrl(workspace.root, ('name' in configured ? configured.name : undefined) ?? defaultEmbeddedDatabase)
    return resolveConnection({ env: {}, applicationName: ports.program, configured: url })
  }
  return resolveConnection({ ...common, configured: configured?.url, configuredAt: service.databaseAt?.key })
}

/** URL of a database of the workspace's embedded server, both made when missing. The URL is a secret. */
export async function embeddedUrl(root: string, database: string): Promise<string> {
  const server = await startEmbedded(root)
  await ensureDatabase(server, database)
  return server.url(database)
}
