import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SkeinError } from '../model/errors.ts'
import { type Binaries, majorOf, postgresVersion } from './find-binaries.ts'
import { freePort } from './free-port.ts'
import { hasData, initdb } from './initdb.ts'
import { withLock } from './lock-file.ts'
import { type Postmaster, readPostmaster, removeStalePidFile, waitUntilGone } from './postmaster.ts'
import { checkPrivate, privateFolder } from './private-folder.ts'
import { giveToServer } from './server-user.ts'
import { stageBinaries } from './stage-binaries.ts'
import { startPostgres, waitUntilReady } from './start-postgres.ts'

export interface ClusterOptions {
  /** Everything of the cluster is in here: data, socket, log, lock, password. Its parent must exist and be reachable for the server's user. */
  folder: string
  binaries: Binaries
  /** Where the programs are copied to; shared by clusters. */
  shelf: string
  /** The superuser's password, used when the cluster is made; a random one otherwise. */
  password?: string
  /** Wanted, not promised. */
  port?: number
  /** For postgresql.conf, by command line: they last until the server stops. */
  settings?: Record<string, string>
}

/** A running server. */
export interface Cluster {
  folder: string
  dataDir: string
  socketDir: string
  log: string
  pid: number
  port: number
  /** As PostgreSQL writes it: 18.4. */
  version: string
  password: string
}

export type ClusterStatus = { state: 'absent' } | { state: 'stopped'; major: number } | { state: 'running'; cluster: Cluster }

/**
 * The server of this folder, made and started when it is not there or does not run. Any number of processes may call it at once: one of them
 * starts, all get the same server. Throws EMBEDDED-FAILED.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  await privateFolder(options.folder, 0o711) // the server's user passes through, and reads nothing here
  const folder = await realpath(options.folder)
  return await withLock(folder, async () => {
    const { dataDir, socketDir, log } = paths(folder)
    const running = await settled(dataDir, log)
    if (running) return await describe(folder, running)
    const programs = await stageBinaries(options.binaries, options.shelf)
    await makeCluster(folder, programs, options)
    await writeAtomically(join(folder, 'version'), postgresVersion(options.binaries.version))
    await removeStalePidFile(dataDir, socketDir)
    const settings = options.settings ?? {}
    const started = await retrying(async () => {
      const port = await freePort(options.port)
      return await startPostgres({ programs, dataDir, socketDir, port, log, settings })
    })
    return await describe(folder, started)
  })
}

/** How to end a server. `fast` disconnects clients and writes everything down; `immediate` is an orderly crash. */
export type StopMode = 'fast' | 'immediate'

/** Stops the server of a folder and waits for its end; false when none ran. Throws EMBEDDED-FAILED when it does not end within a minute. */
export async function stopCluster(path: string, mode: StopMode = 'fast'): Promise<boolean> {
  const folder = await realpath(path).catch(() => undefined)
  if (!folder) return false
  await checkPrivate(folder)
  return await withLock(folder, async () => {
    const { dataDir, log } = paths(folder)
    const running = await readPostmaster(dataDir)
    if (!running) return false
    process.kill(running.pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    if (await waitUntilGone(running.pid, dataDir, 60_000)) return true
    throw new SkeinError('EMBEDDED-FAILED', { message: `the server (pid ${running.pid}) does not stop`, hint: `see ${log}` })
  })
}

/** Stops the server of a folder and removes all of it. */
export async function removeCluster(folder: string): Promise<void> {
  await stopCluster(folder, 'immediate')
  await rm(folder, { recursive: true, force: true })
}

/** What is in a folder, without changing anything. Throws EMBEDDED-FAILED when the folder is not ours. */
export async function clusterStatus(path: string): Promise<ClusterStatus> {
  const folder = await realpath(path).catch(() => undefined)
  if (!folder) return { state: 'absent' }
  await checkPrivate(folder)
  if (!(await hasData(folder))) return { state: 'absent' }
  const running = await readPostmaster(paths(folder).dataDir)
  if (!running) return { state: 'stopped', major: await dataMajor(folder) }
  return { state: 'running', cluster: await describe(folder, running) }
}

/** The URL of a database of a running server, for every tool: some insist on TLS unless told otherwise, and the server has none. */
export function clusterUrl({ port, password }: Pick<Cluster, 'port' | 'password'>, database = 'postgres'): string {
  return `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodePath(database)}?sslmode=disable`
}

/** Encodes no more than it must: the parser of `pg` uses decodeURI, which leaves these as they are. (`/`, `?` and `#` are beyond it.) */
function encodePath(name: string): string {
  return encodeURIComponent(name).replace(/%(?:3B|2C|3A|40|26|3D|2B|24)/g, decodeURIComponent)
}

/** The server as it is once it neither starts nor stops: running, or undefined. */
async function settled(dataDir: string, log: string): Promise<Postmaster | undefined> {
  const running = await readPostmaster(dataDir)
  if (running?.status !== 'stopping') return running && (await waitUntilReady(running, dataDir, log))
  await waitUntilGone(running.pid, dataDir, 60_000)
}

async function makeCluster(folder: string, programs: string, options: ClusterOptions): Promise<void> {
  const { socketDir } = paths(folder)
  checkSocketLength(socketDir)
  await mkdir(socketDir, { mode: 0o755 }).then(
    () => giveToServer(socketDir),
    () => undefined, // there already
  )
  if (!(await hasData(folder))) {
    const password = options.password ?? randomBytes(18).toString('base64url')
    await writeAtomically(join(folder, 'password'), password)
    await initdb(programs, folder, password)
  }
  const [made, offered] = [await dataMajor(folder), postgresVersion(options.binaries.version)]
  if (made === majorOf(offered)) return
  throw new SkeinError('EMBEDDED-FAILED', {
    message: `the data in ${folder} was made by PostgreSQL ${made}, and the installed server is ${offered}`,
    hint: `install the server of version ${made} again, or start empty: rm -rf '${folder}'`,
    data: { made, offered },
  })
}

/** sockaddr_un.sun_path is 108 bytes on Linux and 104 on macOS, the ending NUL included. */
function checkSocketLength(socketDir: string): void {
  const longest = process.platform === 'linux' ? 107 : 103
  const length = Buffer.byteLength(join(socketDir, '.s.PGSQL.65535.lock'))
  if (length <= longest) return
  throw new SkeinError('EMBEDDED-FAILED', {
    message: `the path of the server's socket would have ${length} bytes, and the system allows ${longest}: ${socketDir}`,
  })
}

/** Someone else may bind the port between our look and the server's, and the children of a killed server need a moment to notice. */
async function retrying<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start()
    } catch (error) {
      const passing = /Address already in use|could not create any TCP\/IP sockets|pre-existing shared memory block/
      if (attempt === 20 || !passing.test((error as Error).message)) throw error
      await sleep(100)
    }
  }
}

async function describe(folder: string, running: Postmaster): Promise<Cluster> {
  const { dataDir, socketDir, log } = paths(folder)
  const read = async (name: string) => (await readFile(join(folder, name), 'utf8').catch(() => '')).trim()
  const [version, password] = [await read('version'), await read('password')]
  return { folder, dataDir, socketDir, log, pid: running.pid, port: running.port, version, password }
}

function paths(folder: string) {
  return { dataDir: join(folder, 'data'), socketDir: join(folder, 'socket'), log: join(folder, 'server.log') }
}

async function dataMajor(folder: string): Promise<number> {
  return majorOf(await readFile(join(folder, 'data', 'PG_VERSION'), 'utf8'))
}

/** Writes a file of ours that only we may read; it is never seen half-written. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const next = join(dirname(path), `.${randomUUID()}`)
  await writeFile(next, text, { mode: 0o600, flag: 'wx' })
  await rename(next, path)
}
