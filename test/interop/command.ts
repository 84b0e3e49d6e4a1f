import { type ChildProcess, spawn } from 'node:child_process'

export interface Ended {
  code: number | null
  /** What it wrote to stdout and stderr, in the order in which it came. */
  said: string
}

export interface HowToRun {
  cwd: string
  env?: NodeJS.ProcessEnv
  onStart?: (child: ChildProcess) => void
}

/** Runs a program to its end. Of this process's environment it gets PATH and HOME, so that no PG* variable of the machine can lead it elsewhere. */
export function command(program: string, args: readonly string[], { cwd, env, onStart }: HowToRun): Promise<Ended> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  onStart?.(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, said }))
  })
}

/** As {@link command}; fails with what was said unless it ends with 0. */
export async function must(program: string, args: readonly string[], how: HowToRun): Promise<string> {
  const { code, said } = await command(program, args, how)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${said}`)
  return said
}
