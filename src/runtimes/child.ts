import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SkeinError } from '../model/errors.ts'
import { readLines } from './lines.ts'

export interface ChildSpec {
  /** Name of the service, for messages. */
  service: string
  command: string
  args: readonly string[]
  cwd: string
  /** The whole environment of the child. */
  env: Readonly<Record<string, string | undefined>>
  /** A line that the user's code printed. */
  onOutput(line: string, stream: 'stdout' | 'stderr'): void
  /** What the child tells by itself, `{ event, params }`: that it is connected, say. */
  onEvent?(event: string, params: unknown): void
}

/** How a child ended, and the last lines of its stderr. */
export interface ChildEnd {
  code: number | null
  signal: NodeJS.Signals | null
  /** At most 40 lines. */
  stderr: string
}

/** A child ended, by itself or by `kill`, with a question unanswered. */
export class ChildEnded extends Error {
  readonly end: ChildEnd

  constructor(end: ChildEnd) {
    super(`the child process ended with ${end.signal ?? `exit code ${end.code}`}`)
    this.name = 'ChildEnded'
    this.end = end
  }
}

/** The child answered `{ id, error }`; `error` is that value as it came. */
export class ChildRefused extends Error {
  readonly error: unknown

  constructor(error: unknown) {
    super('the child process answered with an error')
    this.name = 'ChildRefused'
    this.error = error
  }
}

/** A process that is asked questions over its file descriptor 3. */
export interface Child {
  readonly pid: number
  /** Settles when the process has ended and all that it said has been read. Never rejects. */
  readonly ended: Promise<ChildEnd>
  /** Sends `{ id, method, params }`; gives `result` of the answer. Throws ChildRefused and ChildEnded. */
  call(method: string, params?: unknown): Promise<unknown>
  /** Ends the whole process group at once. */
  kill(): Promise<void>
  /** Closes the pipe, upon which the child ends by itself; it is killed when it does not within 5 s. */
  end(): Promise<void>
}

/** How long a child may take to end after its pipe was closed, in milliseconds. */
const patience = 5000
/** Longer lines of output come in pieces; in characters. */
const longest = 65_536
/** How many lines of stderr are kept for the message of a crash. */
const keptLines = 40
/** What the child left running may hold its output open; how long that is waited for, in milliseconds. */
const leftovers = 500

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

/**
 * Starts a program in a process group of its own (Ctrl-C at the terminal is the parent's alone), with a socket as file descriptor 3 on which
 * one JSON object a line goes both ways. stdin is empty; stdout and stderr belong to the user's code. When this process dies, whatever the
 * reason, the socket closes, and the child has to end itself at once. Throws RUNTIME-MISSING when the program cannot be started.
 */
export async function startChild(spec: ChildSpec): Promise<Child> {
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: { ...spec.env },
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  try {
    await once(child, 'spawn')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SkeinError('RUNTIME-MISSING', {
      message: `${spec.service}: ${spec.command} cannot be started in ${spec.cwd}: ${why}`,
      service: spec.service,
      cause,
    })
  }
  return talk(child, child.stdio[3] as Socket, spec)
}

function talk(child: ChildProcess, pipe: Socket, spec: ChildSpec): Child {
  const pid = child.pid as number
  const waiting = new Map<number, Waiting>()
  const said: string[] = []
  let last = 0
  let gone: ChildEnd | undefined

  child.on('error', () => {})
  readLines(child.stdout as Socket, (line) => spec.onOutput(line, 'stdout'), longest)
  readLines(
    child.stderr as Socket,
    (line) => {
      said.push(line)
      if (said.length > keptLines) said.shift()
      spec.onOutput(line, 'stderr')
    },
    longest,
  )
  readLines(pipe, (line) => {
    const message = parse(line)
    // Not ours: the user's code wrote to descriptor 3. What it says from here on cannot be trusted.
    if (!message) return killGroup(child, pid)
    if (typeof message.event === 'string') return spec.onEvent?.(message.event, message.params)
    const asked = waiting.get(Number(message.id))
    waiting.delete(Number(message.id))
    if ('error' in message) asked?.reject(new ChildRefused(message.error))
    else asked?.resolve(message.result)
  })

  const ended = waitForEnd(child, pid).then(({ code, signal }) => {
    gone = { code, signal, stderr: said.join('\n') }
    for (const asked of waiting.values()) asked.reject(new ChildEnded(gone))
    waiting.clear()
    return gone
  })

  return {
    pid,
    ended,
    call(method, params) {
      if (gone) return Promise.reject(new ChildEnded(gone))
      const id = ++last
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        pipe.write(`${JSON.stringify({ id, method, params })}\n`)
      })
    },
    async kill() {
      if (!gone) killGroup(child, pid)
      await ended
    },
    async end() {
      pipe.end()
      const timer = setTimeout(() => killGroup(child, pid), patience)
      await ended
      clearTimeout(timer)
    },
  }
}

async function waitForEnd(child: ChildProcess, pid: number): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const closed = once(child, 'close')
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  // What it started and left behind would go on without us.
  killGroup(child, pid)
  await Promise.race([closed, sleep(leftovers, undefined, { ref: false })])
  for (const stream of child.stdio) stream?.destroy()
  return { code, signal }
}

function killGroup(child: ChildProcess, pid: number): void {
  try {
    // A negative number is the group. Windows has none.
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-pid, 'SIGKILL')
  } catch {
    // ESRCH: nobody is left.
  }
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(line)
    return typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
