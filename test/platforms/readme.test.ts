import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { commandsOf, shell } from '../docs/shell.ts'
import { copyOf, exampleFolders, examples } from './examples.ts'

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
    const commands = blocks(readFileSync(join(examples, folder, 'README.md'), 'utf8')).flatMap(commandsOf)
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

/** The blocks ```sh of a page. */
function blocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block)
}
