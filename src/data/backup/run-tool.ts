import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SkeinError } from '../../model/errors.ts'

/** How much of what a program says is kept, in characters. */
const kept = 4000

/** What flows through a program. */
export interface Flow {
  /** What it reads; else nothing. */
  from?: readonly [Readable, ...NodeJS.ReadWriteStream[]]
  /** Where what it writes goes; else nowhere. */
  to?: readonly [...NodeJS.ReadWriteStream[], Writable]
}

/**
 * Runs one of PostgreSQL's programs to its end, in a process group of its own, which is ended when the signal aborts. The password is in `env`, never among
 * the arguments. Throws `code` with what it said last, INTERRUPTED.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  code: 'BACKUP-FAILED' | 'RESTORE-FAILED' = 'BACKUP-FAILED',
  { from, to }: Flow = {},
): Promise<void> {
  if (signal.aborted) throw interrupted(code)
  const child = spawn(command, args, {
    env,
    detached: true,
    stdio: [from === undefined ? 'ignore' : 'pipe', to === undefined ? 'ignore' : 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-kept)))
  const stop = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    } catch {
      // ESRCH: it has just ended.
    }
  }
  signal.addEventListener('abort', stop, { once: true })
  const broken: Error[] = []
  // A stream that breaks ends the program; one that breaks because the program ended says less than the program.
  const flows: Promise<void>[] = []
  const broke = (cause: Error) => {
    broken.push(cause)
    stop()
  }
  if (from !== undefined && child.stdin !== null) flows.push(pipeline([...from, child.stdin]).catch(broke))
  if (to !== undefined && child.stdout !== null) flows.push(pipeline([child.stdout, ...to]).catch(broke))
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new SkeinError(code, { message: `${command} cannot be started: ${cause.message}`, cause }))
    })
    child.once('close', resolve)
  }).finally(() => signal.removeEventListener('abort', stop))
  await Promise.all(flows)
  if (signal.aborted) throw interrupted(code)
  if (exit !== null && exit !== 0) throw new SkeinError(code, { message: `${command} ended with ${exit}: ${said.trim()}` })
  const [cause] = broken
  if (cause !== undefined) throw new SkeinError(code, { message: `what ${command} reads or writes broke off: ${cause.message}`, cause })
  if (exit !== 0) throw new SkeinError(code, { message: `${command} ended with a signal: ${said.trim()}` })
}

function interrupted(code: 'BACKUP-FAILED' | 'RESTORE-FAILED'): SkeinError {
  const left = code === 'BACKUP-FAILED' ? 'the backup was stopped; no file is left' : 'the restore was stopped; the database is as it was'
  return new SkeinError('INTERRUPTED', { message: left })
}
