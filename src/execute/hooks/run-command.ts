import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { readLines } from '../../runtimes/lines.ts'

/** How a command ended: undefined when it ended well, else why not, in words. */
export type CommandEnd = { why: string; stopped: boolean } | undefined

export interface CommandSpec {
  /** A text for /bin/sh, or a program with its arguments. */
  run: string | readonly string[]
  cwd: string
  env: NodeJS.ProcessEnv
  /** Aborted when the command is to end. */
  signal: AbortSignal
  onLine: (line: string) => void
}

/** How long a command may take to end after SIGTERM, in milliseconds. */
const graceMs = 5_000
/** How long what a command left behind may hold its output open, in milliseconds. */
const leftoversMs = 200
/** Longer lines come in pieces; in characters. */
const longestLine = 65_536

/**
 * Runs a command in a process group of its own, without stdin, and waits for its end. When `signal` is aborted the whole group gets SIGTERM, and SIGKILL
 * after 5 s; it gets SIGKILL too when this process exits meanwhile. What the command left in the background after an end of its own goes on, unheard. Throws nothing.
 */
export async function runCommand({ run, cwd, env, signal, onLine }: CommandSpec): Promise<CommandEnd> {
  const [program, ...args] = typeof run === 'string' ? ['/bin/sh', '-c', run] : (run as readonly [string, ...string[]])
  let child: ChildProcess
  try {
    // Throws by itself where the environment or the command is longer than the system takes (E2BIG).
    child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    await once(child, 'spawn')
  } catch (cause) {
    // The code alone: Node's own words may quote the command.
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    const why = code === 'ENOENT' ? 'there is no such program' : code === 'E2BIG' ? 'command and environment are too long (E2BIG)' : code
    return { why: `it could not be started: ${why}`, stopped: false }
  }
  const atExit = () => void signalGroup(child, 'SIGKILL')
  process.once('exit', atExit)
  try {
    return await ended(child, signal, onLine)
  } finally {
    process.off('exit', atExit)
  }
}

async function ended(child: ChildProcess, signal: AbortSignal, onLine: (line: string) => void): Promise<CommandEnd> {
  let last = ''
  const hear = (line: string) => {
    if (line.trim() !== '') last = line.trim()
    onLine(line)
  }
  readLines(child.stdout as Socket, hear, longestLine)
  readLines(child.stderr as Socket, hear, longestLine)
  child.on('error', () => {})
  const closed = once(child, 'close')
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= stopGroup(child, exited)
  }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const [code, by] = await exited
  signal.removeEventListener('abort', stop)
  await stopping
  await Promise.race([closed, sleep(leftoversMs, undefined, { ref: false })])
  for (const stream of child.stdio) stream?.destroy()
  if (stopping !== undefined) return { why: 'it was stopped', stopped: true }
  if (code === 0) return undefined
  const how = by === null ? `exit code ${code}` : `it was ended by ${by}`
  return { why: last === '' ? how : `${how}: ${last.slice(0, 200)}`, stopped: false }
}

/** SIGTERM to all of the group; SIGKILL to those who are still there when the time is over. */
async function stopGroup(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  signalGroup(child, 'SIGTERM')
  const until = performance.now() + graceMs
  await Promise.race([exited, sleep(graceMs, undefined, { ref: false })])
  while (performance.now() < until && signalGroup(child, 0)) await sleep(50)
  signalGroup(child, 'SIGKILL')
}

/** False: nobody of the group is left. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    // A negative number is the group.
    return process.kill(-(child.pid as number), signal)
  } catch {
    return false
  }
}
