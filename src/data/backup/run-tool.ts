import { spawn } from 'node:child_process'
import { SkeinError } from '../../model/errors.ts'

/** How much of what a program says is kept, in characters. */
const kept = 4000

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
): Promise<void> {
  if (signal.aborted) throw interrupted(code)
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-kept)))
  const stop = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    } catch {
      // ESRCH: it has just ended.
    }
  }
  signal.addEventListener('abort', stop, { once: true })
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new SkeinError(code, { message: `${command} cannot be started: ${cause.message}`, cause }))
    })
    child.once('close', resolve)
  }).finally(() => signal.removeEventListener('abort', stop))
  if (signal.aborted) throw interrupted(code)
  if (exit !== 0) throw new SkeinError(code, { message: `${command} ended with ${exit ?? 'a signal'}: ${said.trim()}` })
}

function interrupted(code: 'BACKUP-FAILED' | 'RESTORE-FAILED'): SkeinError {
  const left = code === 'BACKUP-FAILED' ? 'the backup was stopped; no file is left' : 'the restore was stopped; the database is as it was'
  return new SkeinError('INTERRUPTED', { message: left })
}
