import { helpOf } from './help.ts'
import { commands, migration, type Option, root, type Spec } from './options.ts'
import {
  behindDashes,
  conflict,
  noCommand,
  notNumber,
  notPossible,
  positionalMissing,
  twice,
  unexpected,
  unknownCommand,
  valueMissing,
  valueTooMany,
  Wrong,
} from './wrong.ts'

/** What stands anywhere on the line. */
export interface Options {
  databaseUrl?: string
  migrationDir?: string
  configFile?: string
  lockedSchema: boolean
}

export interface GenerateCommand {
  name: 'generate'
  title: string
  version?: string
  down: boolean
  /** `--diff-schema`, which this door does not do. */
  diff: boolean
}

/** A command as it was typed. */
export type Command = { name: 'run' | 'list' | 'pending' } | { name: 'revert' | 'redo'; count: number | 'all' } | GenerateCommand

export type Request =
  /** Nothing is opened: help, version, usage. */
  | { kind: 'say'; text: string; on: 'stdout' | 'stderr'; exit: 0 | 2 }
  /** A command of the tool that this door does not have. */
  | { kind: 'refused'; command: string }
  | { kind: 'run'; options: Options; command: Command }

interface Level {
  given: Map<string, string>
  used: Option[]
  words: string[]
  /** The first word that is no option, and what stands behind it: only where a command is looked for. */
  command?: string
  rest: readonly string[]
}

/** What ends the reading: help or version was asked for. */
class Said extends Error {}

/** The words of diesel's command line as a request. Pure. Source: diesel_cli 2.2.12 src/cli.rs, clap 4.5. */
export function parseArgv(words: readonly string[]): Request {
  try {
    return parse(words)
  } catch (error) {
    if (error instanceof Said) return { kind: 'say', text: error.message, on: 'stdout', exit: 0 }
    if (error instanceof Wrong) return { kind: 'say', text: error.message, on: 'stderr', exit: 2 }
    throw error
  }
}

function parse(words: readonly string[]): Request {
  if (words.length === 0) throw new Wrong(helpOf(root, false))
  const first = level(root, words)
  const command = first.command === 'db' ? 'database' : first.command
  if (command === undefined) throw noCommand(root)
  if (command === 'help') throw new Said(helpFor(root, first.rest))
  if (!Object.hasOwn(root.commands ?? {}, command)) throw unknownCommand(command, root)
  if (command !== 'migration')
    return { kind: 'refused', command: [command, ...first.rest.filter((word) => /^[a-z]+$/.test(word)).slice(0, 1)].join(' ') }
  if (first.rest.length === 0) throw new Wrong(helpOf(migration, false))
  const second = level(migration, first.rest)
  if (second.command === undefined) throw noCommand(migration)
  if (second.command === 'help') throw new Said(helpFor(migration, second.rest))
  if (!isCommand(second.command)) throw unknownCommand(second.command, migration)
  const third = level(commands[second.command], second.rest)
  const given = new Map([...first.given, ...second.given, ...third.given])
  const options = {
    databaseUrl: given.get('database-url'),
    migrationDir: given.get('migration-dir'),
    configFile: given.get('config-file'),
    lockedSchema: given.has('locked-schema'),
  }
  return { kind: 'run', options, command: commandOf(second.command, third) }
}

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name)
}

function helpFor(spec: Spec, words: readonly string[]): string {
  const [word, ...more] = words
  if (word === undefined) return helpOf(spec, true)
  if (spec === root && word === 'migration') return helpFor(migration, more)
  if (spec === migration && isCommand(word)) return helpOf(commands[word], true)
  throw unknownCommand(word, spec, false)
}

function commandOf(name: keyof typeof commands, { given, used, words }: Level): Command {
  const spec = commands[name]
  if (name === 'run' || name === 'list' || name === 'pending') return { name }
  if (name === 'generate') {
    const [title] = words
    if (title === undefined) throw positionalMissing(spec)
    return { name, title, version: given.get('version'), down: !given.has('no-down'), diff: given.has('diff-schema') }
  }
  const [one, other] = used.filter(({ long }) => long === 'all' || long === 'number')
  if (one !== undefined && other !== undefined) throw conflict(one, other, spec, used)
  return { name, count: given.has('all') ? 'all' : Number(given.get('number') ?? '1') }
}

/** Reads the options of one command, and its words up to the command under it. */
function level(spec: Spec, words: readonly string[]): Level {
  const read: Level = { given: new Map(), used: [], words: [], rest: [] }
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (word === '--') {
      for (const one of words.slice(at + 1)) positional(one)
      return checked(read)
    }
    if (word.startsWith('--')) at = long(word, at)
    else if (word.startsWith('-') && word !== '-') at = short(word, at)
    else if (spec.commands !== undefined) return checked({ ...read, command: word, rest: words.slice(at + 1) })
    else positional(word)
  }
  return checked(read)

  function positional(word: string): void {
    if (spec.positionals === undefined) throw spec.commands === undefined ? unexpected(word, spec, read.used) : behindDashes(word, spec)
    read.words.push(word)
  }

  function long(word: string, at: number): number {
    const equals = word.indexOf('=')
    const name = word.slice(2, equals < 0 ? undefined : equals)
    if (name === 'help') throw new Said(helpOf(spec, true))
    if (name === 'version' && spec === root) throw new Said('diesel \n Version: 2.2.12\n Supported Backends: postgres\n')
    const option = spec.options.find((one) => one.long === name)
    if (option === undefined) throw unexpected(equals < 0 ? word : word.slice(0, equals), spec, read.used)
    return take(option, equals < 0 ? undefined : word.slice(equals + 1), at)
  }

  /** `-a`, `-n 3`, `-n3`, `-n=3`, `-un`. */
  function short(word: string, at: number): number {
    for (let letter = 1; letter < word.length; letter++) {
      const name = word[letter] as string
      if (name === 'h') throw new Said(helpOf(spec, false))
      if (name === 'V' && spec === root) throw new Said('diesel 2.2.12\n')
      const option = spec.options.find((one) => one.short === name)
      if (option === undefined) throw unexpected(`-${name}`, spec, read.used)
      if (option.value !== undefined) {
        const value = word.slice(letter + 1).replace(/^=/, '')
        return take(option, letter + 1 < word.length ? value : undefined, at)
      }
      take(option, undefined, at)
    }
    return at
  }

  /** Takes an option with its value, which may be the next word, and returns where the reading stands then. */
  function take(option: Option, value: string | undefined, at: number): number {
    let [text, end] = [value ?? '', at]
    if (option.value === undefined && value !== undefined) throw valueTooMany(option, value, spec)
    if (option.value !== undefined && option.afterEquals !== true && value === undefined) {
      const next = words[at + 1]
      if (next === undefined || next === '--' || isOption(next)) throw valueMissing(option)
      if (next.startsWith('-') && next !== '-') throw unexpected(next, spec, read.used)
      ;[text, end] = [next, at + 1]
    }
    if (read.given.has(option.long)) throw twice(option, spec)
    read.given.set(option.long, text)
    read.used.push(option)
    return end
  }

  function isOption(word: string): boolean {
    return /^(?:-h|--help)$/.test(word) || spec.options.some((one) => word === `--${one.long}` || word === `-${one.short}`)
  }
}

/** Values are looked at when the whole line is read. */
function checked(read: Level): Level {
  for (const option of read.used) {
    const value = read.given.get(option.long) ?? ''
    if (option.long === 'number' && (!/^\+?[0-9]+$/.test(value) || BigInt(value.replace('+', '')) >= 2n ** 64n))
      throw notNumber(option, value)
    if (option.long === 'format' && value !== 'sql') throw notPossible(option, value)
  }
  return read
}
