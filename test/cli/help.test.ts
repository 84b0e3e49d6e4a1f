import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../src/cli/context.ts'
import { examples } from '../../src/cli/help/examples.ts'
import { topics } from '../../src/cli/help/topics/index.ts'
import { program } from '../../src/cli/program.ts'
import { splitLine } from '../../src/cli/completion/split-line.ts'
import { errorCodes } from '../../src/model/errors.ts'
import { inProcess } from './in-process.ts'
import { folderOf } from './kit.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { tools } from '../../src/workspace/tools.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = folderOf({})
const help = async (...words: string[]) => {
  const ran = await inProcess(folder, words)
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  return ran.stdout
}
const quiet = { stdout: { write: () => {} }, stderr: { write: () => {} }, env: {}, version: '0.0.0' } as unknown as Context
const verbs = program(quiet, { exit: 0 }).commands.filter((verb) => !['standing', 'complete'].includes(verb.name()))

describe('help', () => {
  it('of the program: every verb in one list, topics, exit codes, in 80 columns', async () => {
    const text = await help('help')
    for (const verb of verbs) expect(text).toMatch(new RegExp(`^  ${verb.name()} +\\S`, 'm'))
    for (const { name, about } of topics) expect(text).toContain(`  ${name.padEnd(12)}  ${about}\n`)
    expect(text).toMatch(/Exit codes:\n {2}0 done · 1 a step failed · [^]* 130\/143 interrupted\n/)
    expect(text).not.toMatch(/^ {2}(standing|complete) /m)
    expect(tooLong(text)).toEqual([])
    expect(await help('--help')).toBe(text)
  })

  it.each(verbs.map((verb) => [verb.name(), verb] as const))(
    'of %s: its own options first, examples that can be typed, 80 columns',
    async (name) => {
      const text = await help(name, '--help')
      // A topic of the same name stands below it.
      expect((await help('help', name)).startsWith(text)).toBe(true)
      expect(text, `examples of ${name}: src/cli/help/examples.ts`).toMatch(/\nExamples:\n {2}\S/)
      expect(text.indexOf('Everywhere:')).toBeGreaterThan(text.lastIndexOf('\nOptions:'))
      expect(tooLong(text)).toEqual([])
      for (const [command] of examples[name] ?? []) expect(unread(command), command).toEqual([])
    },
  )

  it('of what stands below a verb, and of another name of one', async () => {
    expect(await help('help', 'embedded', 'url')).toMatch(/^Usage: skein embedded url \[options\] \[database\]\n/)
    expect(await help('help', 'rollback')).toMatch(/^Usage: skein down [^]*\nAlso called: rollback, revert, undo, downgrade\n/)
  })

  it.each(topics.map((topic) => [topic.name, topic] as const))(
    'topic %s: short lines, a page that is there, names that are real',
    async (name, topic) => {
      const text = await help('help', name)
      expect(text).toContain(topic.text)
      expect(topic.text.split('\n').filter((line) => line.length > 80)).toEqual([])
      for (const page of topic.more) expect(existsSync(join(root, 'docs', page)), page).toBe(true)
      for (const [, command = ''] of topic.text.matchAll(/^ +(skein [^\n]*?)(?: {2,}|$)/gm)) expect(unread(command), command).toEqual([])
      for (const [code] of topic.text.matchAll(/\b[A-Z]+-[A-Z]+(?:-[A-Z]+)*\b/g)) expect(Object.keys(errorCodes)).toContain(code)
    },
  )

  it('the topic of tools has every tool; that of errors every code', async () => {
    const text = await help('help', 'tools')
    for (const name of tools.keys()) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'))
    const errors = await help('help', 'errors')
    for (const code of Object.keys(errorCodes)) expect(errors).toMatch(new RegExp(`(^|\\s)${code}(\\s|$)`, 'm'))
  })

  it('a code of an error, in any case, and a rule of a finding', async () => {
    expect(await help('help', 'lock-timeout')).toMatch(
      /^LOCK-TIMEOUT: a lock on a table was not obtained .*\n {2}exit code 6\n {2}what to do: /,
    )
    expect(await help('help', 'SOURCE-GAP')).toMatch(/^SOURCE-GAP: a number is left out/)
    expect(JSON.parse(await help('help', 'DIRTY', '--json'))).toMatchObject({
      code: 'DIRTY',
      exit: 7,
      remedy: expect.stringContaining('skein repair'),
    })
  })

  it('as JSON, of everything that can be asked about', async () => {
    const all = JSON.parse(await help('help', '--json')) as Record<'verbs' | 'topics', { name: string; about: string }[]>
    expect(all.verbs.map(({ name }) => name)).toEqual(expect.arrayContaining(['up', 'repair', 'help']))
    expect(all.verbs.map(({ name }) => name)).not.toContain('standing')
    expect(all.topics.map(({ name }) => name)).toEqual(topics.map(({ name }) => name))
    expect(JSON.parse(await help('help', 'up', '--json'))).toMatchObject({ name: 'up', text: expect.stringContaining('Usage: skein up') })
  })

  it.each([
    ['conections', 'did you mean connections?'],
    ['statsu', 'did you mean status?'],
    ['LOCK-TIMOUT', 'did you mean LOCK-TIMEOUT?'],
    ['xyzzy', 'skein help lists them'],
  ])('of %s: %s', async (word, hint) => {
    const ran = await inProcess(folder, ['help', word])
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(hint) })
  })

  it('every code says what to do, and a code ends without a full stop', () => {
    for (const [code, { remedy }] of Object.entries(errorCodes)) {
      expect(remedy.length, code).toBeGreaterThan(15)
      expect(remedy, code).not.toMatch(/\.$/)
    }
  })
})

describe('typos', () => {
  it.each([
    [['statsu'], /^USAGE: unknown command 'statsu'\n {2}Did you mean status\?\n {2}next: skein --help\n$/],
    [['up', '--jsn'], /^USAGE: unknown option '--jsn'\n {2}Did you mean --json\?\n {2}next: skein up --help\n$/],
    [['embedded', 'strat'], /^USAGE: unknown command 'strat'\n {2}Did you mean start\?\n {2}next: skein embedded --help\n$/],
    [['tables', '--format', 'markdwn'], /^USAGE: .*--format.* Allowed choices are human, json, markdown\./],
  ])('%j', async (words, says) => {
    const ran = await inProcess(folder, words)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toMatch(says)
  })
})

function tooLong(text: string): string[] {
  return text.split('\n').filter((line) => line.length > 80 && !line.startsWith('Usage: '))
}

/** Words of an example that the real verb does not know; what comes before `skein` and behind `>` is the shell's. */
function unread(example: string): string[] {
  const inner = /\bskein( [^>)]*)?/.exec(example.replace(/^echo .*?skein/, 'skein'))?.[0] ?? ''
  const words = splitLine(inner)
    .slice(1)
    .filter((word) => word !== '' && word !== '…')
  const [name, ...rest] = words
  if (name === undefined || name.startsWith('-') || /^[A-Z]+$/.test(name) || name === 'alone') return []
  const verb = program(quiet, { exit: 0 }).commands.find((one) => one.name() === name) as Command | undefined
  if (verb === undefined) return [name]
  if (name === 'as') return []
  const ours = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  return verb.parseOptions(ours).unknown
}
