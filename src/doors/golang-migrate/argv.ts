import { type GoFlags, parseGoFlags } from '../../util/go-flags.ts'
import { commandFlags, commandHelp, commands, defaultTimeFormat, mainFlags, usage } from './usage.ts'

/** What stands before the command. */
export interface Options {
  /** `file://…`; empty where nothing was said. */
  source: string
  database: string
  verbose: boolean
  /** Only where it was typed: the tool itself waits for the lock without end when it opens the database. */
  lockTimeoutSeconds?: number
}

export interface CreateCommand {
  name: 'create'
  title: string
  ext: string
  dir: string
  format: string
  tz: string
  seq: boolean
  digits: number
}

/** A command as it was typed. `refused` is one whose own words are wrong, which the tool says only after it has opened source and database. */
export type Command =
  | CreateCommand
  | { name: 'goto'; version: string }
  | { name: 'up'; limit?: number }
  | { name: 'down'; limit?: number; ask: boolean }
  | { name: 'drop'; ask: boolean }
  | { name: 'force'; version: string }
  | { name: 'version' }
  | { name: 'refused'; message: string }

export type Request =
  /** Nothing is opened: help, version, usage, wrong flags. */
  { kind: 'say'; text: string; exit: 0 | 1 | 2 } | { kind: 'version' } | { kind: 'run'; options: Options; command: Command }

/**
 * The words of golang-migrate's command line as a request. Pure. Flags stand before the command, a command's own before its arguments.
 * Source: golang-migrate v4.19.1 internal/cli/main.go.
 */
export function parseArgv(words: readonly string[]): Request {
  const parsed = parseGoFlags(mainFlags, words)
  if (parsed.kind === 'help') return say(usage, 0)
  if (parsed.kind === 'wrong') return say(`${parsed.message}\n${usage}`, 2)
  const { values, rest } = parsed
  if (values['version'] === 'true') return { kind: 'version' }
  if (values['help'] === 'true') return say(usage, 0)
  const path = values['path'] ?? ''
  const options: Options = {
    source: values['source'] || (path === '' ? '' : `file://${path}`),
    database: values['database'] ?? '',
    verbose: values['verbose'] === 'true',
    lockTimeoutSeconds: values['lock-timeout'] === undefined ? undefined : Number(values['lock-timeout']),
  }
  const [name, ...more] = rest
  if (name === 'version') return { kind: 'run', options, command: { name } }
  if (name === undefined || !isCommand(name)) return say(usage, 2)
  return parseCommand(name, more, options)
}

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name)
}

function parseCommand(name: keyof typeof commands, words: readonly string[], options: Options): Request {
  const parsed = parseGoFlags(commands[name].flags satisfies GoFlags, words)
  if (parsed.kind === 'help') return say(commandFlags(name), 0)
  if (parsed.kind === 'wrong') return say(`${parsed.message}\n${commandFlags(name)}`, 2)
  const { values, rest } = parsed
  if (values['help'] === 'true') return say(commandHelp(name), 0)
  if (name === 'create') return create(values, rest, options)
  const command = name === 'down' ? down(values['all'] === 'true', rest) : withArgument(name, values, rest[0])
  return { kind: 'run', options, command }
}

function withArgument(name: 'goto' | 'up' | 'drop' | 'force', values: Readonly<Record<string, string>>, word: string | undefined): Command {
  if (name === 'drop') return { name, ask: values['f'] !== 'true' }
  if (name === 'up') {
    if (word === undefined) return { name }
    const limit = unsigned(word)
    return limit === undefined ? refused("error: can't read limit argument N") : { name, limit: Number(limit) }
  }
  if (word === undefined) return refused('error: please specify version argument V')
  if (name === 'goto') {
    const version = unsigned(word)
    return version === undefined ? refused("error: can't read version argument V") : { name, version: String(version) }
  }
  if (!/^[+-]?[0-9]+$/.test(word) || !fitsSigned(BigInt(word.replace(/^\+/, '')))) return refused("error: can't read version argument V")
  const version = BigInt(word.replace(/^\+/, ''))
  return version < -1n ? refused('error: argument V must be >= -1') : { name, version: String(version) }
}

function down(all: boolean, words: readonly string[]): Command {
  if (all) return words.length > 0 ? refused('error: -all cannot be used with other arguments') : { name: 'down', ask: false }
  if (words.length > 1) return refused('error: too many arguments')
  const [word] = words
  if (word === undefined) return { name: 'down', ask: true }
  const limit = unsigned(word)
  return limit === undefined ? refused("error: can't read limit argument N") : { name: 'down', limit: Number(limit), ask: false }
}

function create(values: Readonly<Record<string, string>>, words: readonly string[], options: Options): Request {
  const [title] = words
  if (title === undefined) return say('error: please specify name\n', 1)
  const ext = values['ext'] ?? ''
  if (ext === '') return say('error: -ext flag must be specified\n', 1)
  const command: CreateCommand = {
    name: 'create',
    title,
    ext,
    dir: values['dir'] ?? '',
    format: values['format'] ?? defaultTimeFormat,
    tz: values['tz'] ?? 'UTC',
    seq: values['seq'] === 'true',
    digits: Number(values['digits'] ?? '6'),
  }
  return { kind: 'run', options, command }
}

/** Go's strconv.ParseUint(word, 10, 64). */
function unsigned(word: string): bigint | undefined {
  if (!/^[0-9]+$/.test(word)) return undefined
  const value = BigInt(word)
  return value < 2n ** 64n ? value : undefined
}

function fitsSigned(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 63n
}

function refused(message: string): Command {
  return { name: 'refused', message }
}

function say(text: string, exit: 0 | 1 | 2): Request {
  return { kind: 'say', text, exit }
}
