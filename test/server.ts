/**
 * Real servers for tests: `server()` and `freshDatabase()` share one per major version and run, `privateServer()` is for tests that stop
 * or kill theirs. All are removed when the run ends (global-setup.ts), so a test file has nothing to clean up but its connections.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import pg from 'pg'
import { clusterStatus, clusterUrl, type Cluster, startCluster, stopCluster } from '../src/scratch/cluster.ts'
import { type Binaries, findBinaries, readBinaries } from '../src/scratch/find-binaries.ts'
import { waitUntilGone } from '../src/scratch/postmaster.ts'

/** A running server that a test may connect to. */
export interface TestServer {
  major: number
  pid: number
  port: number
  socketDir: string
  /** The URL of one of its databases, as the superuser postgres. */
  url(database?: string): string
  /** A new connection to the database postgres; the caller ends it. */
  admin(): Promise<pg.Client>
}

export interface TestDatabase {
  url: string
  name: string
  server: TestServer
  /** Removes it, disconnecting everyone. Not needed: all goes when the run ends. */
  drop(): Promise<void>
}

/** A server of one test. `url` stays the same over restarts. */
export interface PrivateServer extends TestServer {
  start(): Promise<void>
  stop(mode?: 'fast' | 'immediate'): Promise<void>
  /** As a power cut: SIGKILL to the server; its backends end when they notice. */
  kill9(): Promise<void>
  restart(): Promise<void>
}

/** No sync to disk: nothing here has to survive the machine. Killing the server loses nothing even so. */
const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200', max_prepared_transactions: '20', max_wal_size: '256MB' }

const newest = 18
const installed = join(import.meta.dirname, 'servers', 'node_modules')
const platform = `${process.platform}-${process.arch}`

/**
 * The major versions that this run is to be tested on, oldest first: SKEIN_TEST_MAJORS, or 13, 15, 17 and 18. Those for which there are no
 * programs on this platform are left out (13 and 14 exist for linux-x64 only).
 */
export function majors(): number[] {
  const wanted = (process.env.SKEIN_TEST_MAJORS || '13,15,17,18').split(',').map(Number)
  return wanted.filter((major) => major === newest || major >= 15 || platform === 'linux-x64').sort((a, b) => a - b)
}

/** The shared server of a major version, started by whoever asks first. */
export async function server(major = newest): Promise<TestServer> {
  const options = { folder: join(runFolder(), `pg${major}`), shelf: shelf(), binaries: binaries(major), settings }
  return describe(major, await startCluster(options))
}

/** A new, empty database on the shared server. */
export async function freshDatabase(major = newest): Promise<TestDatabase> {
  const on = await server(major)
  const name = `t_${randomBytes(6).toString('hex')}`
  // template0: nobody can be connected to it, which would make this wait.
  await once(on, `create database ${name} template template0`)
  return { name, url: on.url(name), server: on, drop: () => once(on, `drop database if exists ${name} with (force)`) }
}

/**
 * A new server for one test. Each is made by initdb rather than copied: copies share their system identifier, by which Skein knows servers
 * from one another.
 */
export async function privateServer(major = newest, extra: Record<string, string> = {}): Promise<PrivateServer> {
  const folder = join(runFolder(), `private-${randomUUID().slice(0, 8)}`)
  const options = { folder, shelf: shelf(), binaries: binaries(major), settings: { ...settings, ...extra } }
  let cluster = await startCluster(options)
  const start = async () => {
    cluster = await startCluster({ ...options, port: cluster.port })
  }
  const stop = async (mode: 'fast' | 'immediate' = 'fast') => {
    await stopCluster(folder, mode)
  }
  const kill9 = async () => {
    const status = await clusterStatus(folder)
    if (status.state !== 'running') return
    process.kill(status.cluster.pid, 'SIGKILL')
    await waitUntilGone(status.cluster.pid, status.cluster.dataDir, 10_000)
  }
  const restart = async () => {
    await stop()
    await start()
  }
  return {
    major,
    socketDir: cluster.socketDir,
    get pid() {
      return cluster.pid
    },
    get port() {
      return cluster.port
    },
    url: (database) => clusterUrl(cluster, database),
    admin: () => connect(clusterUrl(cluster)),
    start,
    stop,
    kill9,
    restart,
  }
}

/** The programs of a major version: 18 is the embedded server's own, the others are in test/servers. */
export function binaries(major: number): Binaries {
  if (major === newest) return findBinaries()
  const folder = join(installed, `pg${major}-${platform}`)
  if (!existsSync(folder)) throw new Error(`PostgreSQL ${major} is not installed for the tests: npm ci --prefix test/servers`)
  return readBinaries(folder)
}

/** A connection that survives, as an object, the end of its server: without a listener that would end the process. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Where the programs are copied to: the same shelf as the embedded server's, since a version's copy is the same everywhere. */
export function shelf(): string {
  return join(dirname(runFolder()), basename(runFolder()).replace(/-test-\d+$/, '-bin'))
}

/** A new, empty folder, removed when the run ends. */
export function temporaryFolder(): string {
  mkdirSync(join(runFolder(), 'temporary'), { recursive: true })
  return realpathSync(mkdtempSync(join(runFolder(), 'temporary', 't-')))
}

/** The folder of this run's servers. */
export function runFolder(): string {
  const folder = process.env.SKEIN_TEST_SERVERS
  if (!folder) throw new Error('SKEIN_TEST_SERVERS is not set: tests run through vitest, whose global setup sets it')
  return folder
}

function describe(major: number, cluster: Cluster): TestServer {
  const { pid, port, socketDir } = cluster
  return { major, pid, port, socketDir, url: (database) => clusterUrl(cluster, database), admin: () => connect(clusterUrl(cluster)) }
}

async function once(on: TestServer, sql: string): Promise<void> {
  const client = await on.admin()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
