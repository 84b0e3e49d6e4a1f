/** Every block of code in README and docs/ says whether it is run, and what says so runs: shell line by line, YAML as a workspace file, TypeScript through the compiler. */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Problem } from '../../src/workspace/problems.ts'
import { readConfig } from '../../src/workspace/read-config.ts'
import { copyOf } from '../platforms/examples.ts'
import { temporaryFolder } from '../server.ts'
import { type Block, blocksOf, isCode, pages, root } from './blocks.ts'
import { commandsOf, shell } from './shell.ts'

const all = pages().flatMap(blocksOf).filter(isCode)
const started: string[] = []

afterEach(async () => {
  for (const folder of started.splice(0)) await shell('skein embedded remove', folder)
})

describe('the blocks of code in the docs', () => {
  it('are tagged: run, or not-run-here', () => {
    const untagged = all
      .filter(({ tag }) => tag !== 'run' && tag !== 'not-run-here')
      .map(({ page, line, language }) => `${page}:${line} ${language}`)
    expect(untagged).toEqual([])
    const run = all.filter(({ tag }) => tag === 'run')
    console.log(`blocks of code in README and docs/: ${run.length} run, ${all.length - run.length} not run here`)
  })

  const shellPages = new Map<string, Block[]>()
  for (const block of all.filter(({ tag, language }) => tag === 'run' && (language === 'sh' || language === 'bash')))
    shellPages.set(block.page, [...(shellPages.get(block.page) ?? []), block])

  it.each([...shellPages])('%s: its lines of shell, in their order', { timeout: 240_000 }, async (page, blocks) => {
    let at = { folder: '', cwd: '' }
    const ran: string[] = []
    for (const { folder, text, line: from } of blocks) {
      expect(folder, `${page}:${from}: <!-- folder: … --> says where it runs`).toBeDefined()
      if (at.folder !== folder) at = { folder: folder as string, cwd: prepare(folder as string) }
      for (const { line, exit } of commandsOf(text)) {
        const { code, output } = await shell(line, at.cwd)
        ran.push(`$ ${line}\n${output}`)
        expect(code, `${page}: ${line}\n${ran.join('\n')}`).toBe(exit)
      }
    }
  })

  const files = all.filter(({ tag, language }) => tag === 'run' && !['sh', 'bash', 'ts'].includes(language))
  it.each(files.map((block) => [`${block.page}:${block.line}`, block] as const))('%s is what it says it is', async (_, block) => {
    if (block.language === 'yaml') expect(await problemsOf(block.text)).toEqual([])
    else if (block.language === 'json') JSON.parse(block.text)
    else throw new Error(`nobody knows how to run a block of ${block.language} by itself`)
  })

  it('TypeScript compiles', { timeout: 120_000 }, () => {
    const programs = all.filter(({ tag, language }) => tag === 'run' && language === 'ts')
    expect(programs.length).toBeGreaterThan(0)
    expect(compiled(programs.map(({ text }) => text))).toBe('')
  })
})

/** `examples/link`, `examples/link without skein.yaml`, or `empty`: a copy to work in, with an embedded server of its own. */
function prepare(folder: string): string {
  if (folder === 'empty') {
    const cwd = temporaryFolder()
    started.push(cwd)
    return cwd
  }
  const [, example, without] = /^examples(?:\/(\S+))?(?: without (.+))?$/.exec(folder) ?? []
  const cwd = copyOf(example ?? '.')
  for (const name of without?.split(', ') ?? []) rmSync(join(cwd, name), { recursive: true })
  started.push(cwd)
  return cwd
}

/** What the compiler says of programs that import the library. */
function compiled(texts: readonly string[]): string {
  const folder = temporaryFolder()
  const files = texts.map((_, at) => `program${at}.mts`)
  for (const [at, text] of texts.entries()) writeFileSync(join(folder, files[at] as string), text)
  const paths = { 'skein-migrate': [join(root, 'src/index.ts')] }
  const compilerOptions = { noEmit: true, paths, typeRoots: [join(root, 'node_modules/@types')] }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }),
  )
  return spawnSync(process.execPath, [join(root, 'node_modules/typescript-native/bin/tsc'), '-p', folder], { encoding: 'utf8' }).stdout
}

/** What is wrong with it as a workspace file; variables that it names may be unset here. */
async function problemsOf(text: string): Promise<unknown[]> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'skein.yaml'), text)
  const problems: Problem[] = []
  await readConfig(join(folder, 'skein.yaml'), folder, {}, problems)
  return problems.filter(({ code }) => code !== 'VARIABLE-UNSET')
}
