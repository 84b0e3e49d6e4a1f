import { spawn } from 'node:child_process'
import { SkeinError } from '../../model/errors.ts'

/** How much of what a program says is kept, in characters. */
const kept = 4000

/**
 * Runs one of PostgreSQL's programs to its end, in a process group of its own, which is ended when the signal aborts. The password is in `env`, never among
 * the arguments. Throws BACKUP-FAILED with what it said, INTERRUPTED.
 */
export async function runTool(command: string, args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw interrupted()
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
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new SkeinError('BACKUP-FAILED', { message: `${command} cannot be started: ${cause.message}`, cause }))
    })
    child.once('close', resolve)
  }).finally(() => signal.removeEventListener('abort', stop))
  if (signal.aborted) throw interrupted()
  if (code !== 0) throw new SkeinError('BACKUP-FAILED', { message: `${command} ended with ${code ?? 'a signal'}: ${said.trim()}` })
}

function interrupted(): SkeinError {
  return new SkeinError('INTERRUPTED', { message: 'the backup was stopped; no file is left' })
}
