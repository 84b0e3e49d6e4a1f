import { spawn } from 'node:child_process'

/** A tool's own command line, run in its own program, with those commands taken out of it that write to a history. */
export interface OwnCommand {
  program: string
  args: readonly string[]
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  /** What it says, as it says it. */
  say: (text: string, stream: 'stdout' | 'stderr') => void
  signal: AbortSignal
}

/** How it ended, and what it was asked for where that is ours to do. */
export interface OwnCommandEnd {
  exit: number
  asked: unknown
}

/**
 * Runs it to its end. One JSON text on descriptor 3 says that a command of ours was asked for; without one the command line is done with. A signal that
 * comes meanwhile is passed on. Throws what spawn throws.
 */
export async function runOwnCommand({ program, args, cwd, env, say, signal }: OwnCommand): Promise<OwnCommandEnd> {
  const child = spawn(program, args, { cwd, env: { ...env } as NodeJS.ProcessEnv, stdio: ['inherit', 'pipe', 'pipe', 'pipe'] })
  const stop = () => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  let asked = ''
  for (const stream of ['stdout', 'stderr'] as const) child[stream]?.setEncoding('utf8').on('data', (text: string) => say(text, stream))
  child.stdio[3]?.on('data', (bytes: Buffer) => (asked += bytes.toString('utf8')))
  try {
    const exit = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code ?? 1))
    })
    return { exit, asked: asked === '' ? undefined : (JSON.parse(asked) as unknown) }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
