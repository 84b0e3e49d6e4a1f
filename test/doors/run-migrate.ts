import { type ChildProcess, spawn } from 'node:child_process'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface HowToRun {
  cwd: string
  stdin?: string
  env?: NodeJS.ProcessEnv
  onStart?: (child: ChildProcess) => void
}

/** Runs a program in a bare environment and waits for its end. */
export async function runMigrate(program: string, words: readonly string[], how: HowToRun): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: how.cwd, TZ: 'UTC', ...how.env }
  const child = spawn(program, words, { cwd: how.cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  child.stdin.on('error', () => {})
  child.stdin.end(how.stdin ?? '')
  how.onStart?.(child)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}
