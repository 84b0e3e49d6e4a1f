import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { runFolder } from './server.ts'

const root = dirname(import.meta.dirname)

/**
 * Makes a program out of a few lines of TypeScript that may import from `./src/…`, for tests of what happens between processes. Node 20
 * runs no TypeScript, so it is bundled, to where it finds node_modules (global-setup.ts makes a link). Returns its path; run it with process.execPath.
 */
export async function program(lines: string): Promise<string> {
  const folder = join(runFolder(), 'programs')
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, `${process.pid}-${Math.random().toString(36).slice(2)}.mjs`)
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile } as const
  await build({ ...options, stdin: { contents: lines, resolveDir: root, loader: 'ts' } })
  return outfile
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a program with Node and waits for its end; `onStart` gets the process. */
export async function run(path: string, args: string[] = [], onStart?: (child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  onStart?.(child)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}
