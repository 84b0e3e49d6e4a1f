import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity, ps } from './alive.ts'
import { isCode } from './private-folder.ts'

/** The running server of a data folder. */
export interface Postmaster {
  pid: number
  port: number
  socketDir: string
  startedAt: Date
  status: 'starting' | 'ready' | 'stopping' | 'standby'
}

/**
 * The server that runs on a data folder, or undefined. What postmaster.pid says is believed only when that process is a server of this very
 * folder: after a crash or a reboot the file stays and its number soon belongs to someone else, whom we must not signal.
 */
export async function readPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const file = await readPidFile(dataDir)
  return file && (await isServerOf(file.pid, dataDir)) ? file : undefined
}

/** Whether this process is a server of that data folder. */
export async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  if (processIdentity(pid) === undefined) return false
  const folder = await realpath(dataDir).catch(() => dataDir)
  try {
    // The server makes its data folder its working directory (ChangeToDataDir in miscinit.c).
    return (await readlink(`/proc/${pid}/cwd`)) === folder
  } catch (error) {
    if (process.platform === 'linux') return false // gone, or another user's
    if (!isCode(error, 'ENOENT')) throw error
  }
  try {
    return ps(pid, 'command=').includes(`postgres -D ${dataDir} `)
  } catch {
    return false
  }
}

/** Waits until the server of a data folder is gone; false when `milliseconds` were not enough. */
export async function waitUntilGone(pid: number, dataDir: string, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  while (await isServerOf(pid, dataDir)) {
    if (Date.now() > deadline) return false
    await sleep(10)
  }
  return true
}

/**
 * Removes a postmaster.pid whose number a stranger has now. PostgreSQL refuses to start when that stranger runs as the same user ("lock file
 * already exists"). It recognises a number that nobody has by itself, so that is left to it.
 */
export async function removeStalePidFile(dataDir: string, socketDir: string): Promise<void> {
  const file = await readPidFile(dataDir)
  if (!file || processIdentity(file.pid) === undefined || (await isServerOf(file.pid, dataDir))) return
  await rm(join(dataDir, 'postmaster.pid'), { force: true })
  await rm(join(socketDir, `.s.PGSQL.${file.port}.lock`), { force: true })
}

/** The lines are pid, data folder, start time, port, socket folder, address, shared memory key, status: pidfile.h, the same from 10 to 18. */
async function readPidFile(dataDir: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , started, port, socketDir, , , status] = text.split('\n').map((line) => line.trim())
  if (!pid || !/^\d+$/.test(pid)) return undefined
  return {
    pid: Number(pid),
    port: Number(port),
    socketDir: socketDir ?? '',
    startedAt: new Date(Number(started) * 1000),
    status: (status || 'starting') as Postmaster['status'],
  }
}
