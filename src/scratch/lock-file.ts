import { randomUUID } from 'node:crypto'
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SkeinError } from '../model/errors.ts'
import { processIdentity } from './alive.ts'

/**
 * Does something while no other process does it in this folder; the lock of a process that died is taken over. Throws EMBEDDED-FAILED when
 * a living process keeps it longer than `patience` milliseconds.
 *
 * Node has no flock(2), and a single lock file cannot be taken over safely: two processes that see the same dead holder both remove it, the
 * slower one removing the faster one's new lock. So the lock is a row of numbered files. The highest number holds; who finds it dead or done
 * makes the next number, which link(2) grants to one process only. The highest file is never removed, so numbers only grow.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>, patience = 120_000): Promise<T> {
  const mine = await takeLock(folder, Date.now() + patience)
  try {
    return await work()
  } finally {
    await replace(mine, 'done')
  }
}

async function takeLock(folder: string, deadline: number): Promise<string> {
  const claim = join(folder, `claim-${randomUUID()}`)
  await writeFile(claim, processIdentity(process.pid) ?? '', { mode: 0o600 })
  try {
    for (;;) {
      const highest = Math.max(0, ...(await lockNumbers(folder)))
      const holder = await readHolder(lockPath(folder, highest))
      if (isFree(holder)) {
        const mine = await takeNumber(folder, claim, highest + 1)
        if (mine) return mine
        continue
      }
      if (Date.now() > deadline) {
        throw new SkeinError('EMBEDDED-FAILED', {
          message: `process ${holder.split(':')[0]} is starting or stopping the server and does not finish`,
          hint: `look at that process; the lock is ${lockPath(folder, highest)}`,
        })
      }
      await sleep(10 + Math.random() * 20)
    }
  } finally {
    await rm(claim, { force: true })
  }
}

async function takeNumber(folder: string, claim: string, number: number): Promise<string | undefined> {
  const mine = lockPath(folder, number)
  try {
    await link(claim, mine)
  } catch {
    return undefined // someone else was faster
  }
  const others = await lockNumbers(folder)
  if (others.some((other) => other > number)) {
    // We looked long ago: our number had been held, done with and removed meanwhile.
    await rm(mine, { force: true })
    return undefined
  }
  // The one just below us stays, for whoever has listed the folder but not yet read it.
  for (const old of others) if (old < number - 1) await rm(lockPath(folder, old), { force: true })
  return mine
}

function isFree(holder: string): boolean {
  return holder === 'done' || holder === '' || processIdentity(Number(holder.split(':')[0])) !== holder
}

async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  return names.filter((name) => /^lock-\d+$/.test(name)).map((name) => Number(name.slice(5)))
}

async function readHolder(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '')
}

/** Atomically, so that nobody reads half of it. */
async function replace(path: string, text: string): Promise<void> {
  const next = `${path}.${randomUUID()}`
  await writeFile(next, text, { mode: 0o600 })
  await rename(next, path)
}

const lockPath = (folder: string, number: number) => join(folder, `lock-${number}`)
