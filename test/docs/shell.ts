import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { commands } from '../under-test.ts'

/** The commands of a block of shell, one for each line; `# exit N` behind one says that it is meant to end with that code. A line that ends with a backslash goes on. */
export function commandsOf(block: string): { line: string; exit: number }[] {
  const lines = block
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return lines.map((line) => ({ line, exit: Number(/# exit (\d+)$/.exec(line)?.[1] ?? 0) }))
}

/** As a reader would run it: skein and migrate are on the PATH, no terminal, no variable that names a database but those given. */
export async function shell(line: string, cwd: string, more: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; output: string }> {
  const kept = ['HOME', 'PATH', 'TMPDIR', 'LANG', 'USER'].map((name) => [name, process.env[name]] as const)
  const env = {
    ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)),
    PATH: `${commands}${delimiter}${process.env.PATH}`,
    ...more,
  }
  const child = spawn('/bin/sh', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  // 'exit', not 'close': the embedded server goes on and must not keep us.
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { code, output }
}
