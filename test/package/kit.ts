/** For tests of what is shipped: the packed tarball, and projects that have it from a package manager. */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../server.ts'
import { tool } from '../tools.ts'

export const root = join(import.meta.dirname, '..', '..')

/** What `npm pack --json` says of a tarball; sizes in bytes. */
export interface Packed {
  path: string
  unpackedSize: number
  files: { path: string; size: number }[]
}

/** Packs as `npm publish` would, scripts and all, in a copy of what that takes, so that nobody's dist/ is touched. */
export function pack(): Packed {
  const stage = temporaryFolder()
  const sources = ['src', 'scripts', 'tsconfig.json', 'tsconfig.types.json']
  for (const name of ['package.json', 'README.md', 'LICENSE', 'bin', 'docs', 'make', ...sources])
    cpSync(join(root, name), join(stage, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(stage, 'node_modules'), 'dir')
  const out = must('npm', ['pack', '--json', '--loglevel=error'], stage)
  const [{ filename, ...said }] = JSON.parse(out) as [Omit<Packed, 'path'> & { filename: string }]
  return { ...said, path: join(stage, filename) }
}

/** A tool of test/tools/package, by the name of its script. */
export function toolScript(name: 'pnpm' | 'publint' | 'attw'): string {
  const folders = { pnpm: 'pnpm', publint: 'publint', attw: '@arethetypeswrong/cli' }
  const folder = join(tool('package'), 'node_modules', folders[name])
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: Record<string, string> | string }
  return join(folder, typeof bin === 'string' ? bin : (bin[name] as string))
}

/** Runs a program to its end with all of this environment; gives its stdout, throws with all that it said when it fails. */
export function must(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  const ran = spawnSync(program, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${ran.status ?? ran.signal}\n${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

/** As {@link must}, but this process goes on, and nothing is thrown: exit code, stdout and stderr. */
export async function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, stdout, stderr }
}

/** An empty folder with a name of its own in a new one, so that nothing above it is anybody's project. */
export function emptyProject(): string {
  const folder = join(temporaryFolder(), 'project')
  mkdirSync(folder)
  return folder
}
