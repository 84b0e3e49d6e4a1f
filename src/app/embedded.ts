import { basename, dirname } from 'node:path'
import type { Ports } from '../model/ports.ts'
import { embeddedStatus, removeEmbedded, startEmbedded, stopEmbedded } from '../scratch/embedded.ts'
import { ensureDatabase } from '../scratch/ensure-database.ts'
import { findFile } from '../workspace/find.ts'
import type { Request } from './request.ts'
import { defaultEmbeddedDatabase } from './targets.ts'

export interface EmbeddedResult {
  root: string
  state: 'running' | 'stopped' | 'absent'
  version: string | null
  pid: number | null
  port: number | null
  socketDir: string | null
  dataDir: string | null
  /** Only for the action `url`: a secret. */
  url?: string
}

/** Start, stop, look at, remove the workspace's embedded server, or give the URL of one of its databases (made when missing). Throws EMBEDDED-UNAVAILABLE, EMBEDDED-FAILED. */
export async function embedded(
  request: Request & { action: 'start' | 'stop' | 'status' | 'url' | 'remove'; name?: string },
  ports: Ports,
): Promise<EmbeddedResult> {
  const file = findFile(ports.cwd, request.file)
  const root = file === undefined ? ports.cwd : dirname(file)
  if (request.action === 'stop') await stopEmbedded(root)
  if (request.action === 'remove') await removeEmbedded(root)
  if (request.action === 'start') await startEmbedded(root)
  if (request.action === 'url') {
    const server = await startEmbedded(root)
    const name = request.name ?? defaultEmbeddedDatabase
    await ensureDatabase(server, name)
    return { ...(await describe(root)), url: server.url(name) }
  }
  return describe(root)
}

async function describe(root: string): Promise<EmbeddedResult> {
  const status = await embeddedStatus(root)
  const server = status.state === 'running' ? status.server : undefined
  return {
    root: basename(root),
    state: status.state,
    version: server?.version ?? null,
    pid: server?.pid ?? null,
    port: server?.port ?? null,
    socketDir: server?.socketDir ?? null,
    dataDir: server?.dataDir ?? null,
  }
}
