import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { processIdentity } from '../src/scratch/alive.ts'
import { removeCluster } from '../src/scratch/cluster.ts'

const base = '/var/tmp'
const prefix = `skein-${process.getuid?.() ?? 0}-test-`

/** A folder for the servers of this run, which the workers find in the environment; they start what they need (server.ts). */
export async function setup(): Promise<void> {
  await removeRunsThatDied()
  const folder = join(base, `${prefix}${process.pid}`)
  await mkdir(folder, { mode: 0o755 })
  await symlink(join(import.meta.dirname, '..', 'node_modules'), join(folder, 'node_modules')) // for other-process.ts
  process.env.SKEIN_TEST_SERVERS = folder
}

export async function teardown(): Promise<void> {
  await removeRun(join(base, `${prefix}${process.pid}`))
}

async function removeRunsThatDied(): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.startsWith(prefix)) continue
    const pid = Number(name.slice(prefix.length))
    if (pid === process.pid || processIdentity(pid) === undefined) await removeRun(join(base, name))
  }
}

async function removeRun(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const clusters = entries.filter((entry) => entry.isDirectory())
  // Another run may remove the same one at the same time.
  await Promise.all(clusters.map(({ name }) => removeCluster(join(folder, name)).catch(unlessGone)))
  await rm(folder, { recursive: true, force: true }).catch(unlessGone)
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTEMPTY') throw error
}
