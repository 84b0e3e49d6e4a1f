import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { copyOf, exampleFolders, examples } from './examples.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin')
const started: string[] = []

afterEach(async () => {
  for (const folder of started.splice(0)) {
    const { code, output } = await shell('skein embedded remove', folder)
    expect(code, output).toBe(0)
  }
})

describe('the commands of a README do what it says, in their order, on an embedded server of their own', () => {
  it.each([...exampleFolders(), '.'])('examples/%s', { timeout: 180_000 }, async (folder) => {
    const cwd = copyOf(folder)
    started.push(cwd)
    const commands = commandsOf(readFileSync(join(examples, folder, 'README.md'), 'utf8'))
    expect(commands.length).toBeGreaterThan(2)
    const ran: string[] = []
    for (const { line, exit } of commands) {
      const { code, output } = await shell(line, cwd)
      ran.push(`$ ${line}\n${output}`)
      expect(code, `examples/${folder}/README.md: ${line}\n${ran.join('\n')}`).toBe(exit)
    }
    // At the end everything is applied: a command that did nothing would have left something pending.
    const check = `skein embedded start && skein status --check${folder === 'user-service' ? ' --env development' : ''}`
    const { code, output } = await shell(check, cwd)
    expect(code, `examples/${folder}: ${output}\n${ran.join('\n')}`).toBe(0)
  })
})

/** Every line of the blocks ```sh; `# exit N` behind one says that it is meant to end with that code. */
function commandsOf(markdown: string): { line: string; exit: number }[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block)
  const lines = blocks.flatMap((block) => block.split('\n')).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return lines.map((line) => ({ line, exit: Number(/# exit (\d+)$/.exec(line)?.[1] ?? 0) }))
}

/** As a reader would run it: skein and migrate are on the PATH, no terminal, no variable that names a database. */
async function shell(line: string, cwd: string): Promise<{ code: number | null; output: string }> {
  const kept = ['HOME', 'PATH', 'TMPDIR', 'LANG', 'USER'].map((name) => [name, process.env[name]] as const)
  const env = { ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)), PATH: `${bin}${delimiter}${process.env.PATH}` }
  const child = spawn('/bin/sh', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  // 'exit', not 'close': the embedded server goes on and must not keep us.
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { code, output }
}
