import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { binaries, connect, runFolder, shelf } from '../../test/server.ts'
import { processIdentity } from './alive.ts'
import { type Cluster, type ClusterOptions, clusterStatus, clusterUrl, startCluster, stopCluster } from './cluster.ts'
import { giveToServer, serverUser } from './server-user.ts'

let options: ClusterOptions
let made: Cluster

beforeAll(async () => {
  options = { folder: join(runFolder(), 'stale'), binaries: binaries(18), shelf: shelf() }
  made = await startCluster(options)
})

afterAll(async () => {
  await stopCluster(options.folder, 'immediate')
})

describe('a postmaster.pid that is left over', () => {
  it('of a process that is gone is not believed', async () => {
    await stopCluster(options.folder)
    await writePidFile(4_194_303) // pid_max of Linux is at most 2^22, and this is its last number
    expect(await clusterStatus(options.folder)).toEqual({ state: 'stopped', major: 18 })
    await startsAgain()
  })

  it('whose number a stranger has now neither signals the stranger nor hinders the start', async () => {
    await stopCluster(options.folder)
    // The worst stranger: one of the server's own user, at whose sight PostgreSQL itself refuses to start.
    const stranger = spawn('sleep', ['600'], { ...serverUser(), stdio: 'ignore', cwd: '/' })
    try {
      await writePidFile(stranger.pid ?? 0)
      expect(await clusterStatus(options.folder)).toEqual({ state: 'stopped', major: 18 })
      expect(await stopCluster(options.folder)).toBe(false)
      await startsAgain()
      expect(processIdentity(stranger.pid ?? 0)).toBeDefined()
    } finally {
      stranger.kill('SIGKILL')
    }
  })

  it('that was cut short is not believed', async () => {
    await stopCluster(options.folder)
    writeFileSync(join(made.dataDir, 'postmaster.pid'), '\n')
    expect(await clusterStatus(options.folder)).toEqual({ state: 'stopped', major: 18 })
    rmSync(join(made.dataDir, 'postmaster.pid'))
    await startsAgain()
  })
})

it('waits for a server that is still stopping, and starts the next one', async () => {
  const running = await startCluster(options)
  process.kill(running.pid, 'SIGINT')
  // Until it has taken notice nobody can tell it from one that goes on.
  while (!pidFile().includes('stopping')) await sleep(1)
  const next = await startCluster(options)
  expect(next.pid).not.toBe(running.pid)
})

/** What the server says of itself; one that has gone has stopped. */
function pidFile(): string {
  try {
    return readFileSync(join(made.dataDir, 'postmaster.pid'), 'utf8')
  } catch {
    return 'stopping'
  }
}

async function writePidFile(pid: number): Promise<void> {
  const lines = [pid, made.dataDir, 1_700_000_000, made.port, made.socketDir, '127.0.0.1', '  1234  5678', 'ready   ']
  writeFileSync(join(made.dataDir, 'postmaster.pid'), `${lines.join('\n')}\n`, { mode: 0o600 })
  await giveToServer(join(made.dataDir, 'postmaster.pid'))
}

async function startsAgain(): Promise<void> {
  const client = await connect(clusterUrl(await startCluster(options)))
  await client.end()
}
