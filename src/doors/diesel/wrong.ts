import { styled } from './help.ts'
import type { Option, Spec } from './options.ts'
import { similar } from './similar.ts'

/** A command line that diesel refuses: what it prints, with exit code 2. */
export class Wrong extends Error {}

const more = "For more information, try '--help'.\n"

/** A refusal as clap 4.5 says it; `usage`: the words behind the command in its usage line, none for a message without one. */
function wrong(message: string, spec?: Spec, usage = spec?.usage): Wrong {
  return new Wrong(`error: ${message}\n\n${spec === undefined ? '' : `Usage: ${spec.path} ${usage}\n\n`}${more}`)
}

/** A word that starts with a dash and is no option here, or a word too many. `used`: the options typed before it. */
export function unexpected(word: string, spec: Spec, used: readonly Option[]): Wrong {
  const said = `unexpected argument '${word}' found`
  const name = word.startsWith('--') ? similar(word.slice(2), [...spec.options.map(({ long }) => long), 'help']).at(-1) : undefined
  if (name !== undefined) {
    const meant = spec.options.find(({ long }) => long === name)
    return wrong(
      `${said}\n\n  tip: a similar argument exists: '--${name}'`,
      spec,
      usageWith(spec, [...used, ...(meant === undefined ? [] : [meant])]),
    )
  }
  if (spec.positionals === undefined || !word.startsWith('-')) return wrong(said, spec)
  return wrong(
    `${said}\n\n  tip: to pass '${word}' as a value, use '-- ${word}'`,
    spec,
    used.length === 0 ? spec.usage : usageWith(spec, used),
  )
}

/** A word where a command is looked for. */
export function unknownCommand(word: string, spec: Spec, tips = true): Wrong {
  const names = tips ? similar(word, Object.keys(spec.commands ?? {})) : []
  const quoted = names.map((name) => `'${name}'`).join(', ')
  const tip =
    names.length === 0
      ? ''
      : `\n\n  tip: ${names.length === 1 ? 'a similar subcommand exists' : 'some similar subcommands exist'}: ${quoted}`
  return wrong(`unrecognized subcommand '${word}'${tip}`, spec)
}

/** A word behind `--` where a command is looked for. */
export function behindDashes(word: string, spec: Spec): Wrong {
  const exists = Object.hasOwn(spec.commands ?? {}, word)
  const tip = exists ? `\n\n  tip: subcommand '${word}' exists; to use it, remove the '--' before it` : ''
  return wrong(`unexpected argument '${word}' found${tip}`, spec)
}

/** Options, and no command behind them. */
export function noCommand(spec: Spec): Wrong {
  const names = Object.keys(spec.commands ?? {}).flatMap((name) => (name === 'database' ? ['database', 'db'] : [name]))
  return wrong(`'${spec.path}' requires a subcommand but one was not provided\n  [subcommands: ${names.join(', ')}]`, spec)
}

export function twice(option: Option, spec: Spec): Wrong {
  return wrong(`the argument '${styled(option)}' cannot be used multiple times`, spec)
}

export function valueMissing(option: Option): Wrong {
  const values = option.notes?.find((note) => note.startsWith('possible'))
  return wrong(`a value is required for '${styled(option)}' but none was supplied${values === undefined ? '' : `\n  [${values}]`}`)
}

export function valueTooMany(option: Option, value: string, spec: Spec): Wrong {
  return wrong(`unexpected value '${value}' for '${styled(option)}' found; no more were expected`, spec, usageWith(spec, [option]))
}

/** Two options of which one excludes the other; `first` was typed first. */
export function conflict(first: Option, second: Option, spec: Spec, used: readonly Option[]): Wrong {
  const others = used.filter((one) => one !== second)
  return wrong(`the argument '${styled(first)}' cannot be used with '${styled(second)}'`, spec, usageWith(spec, others))
}

export function positionalMissing(spec: Spec): Wrong {
  return wrong('the following required arguments were not provided:\n  <MIGRATION_NAME>', spec, '<MIGRATION_NAME> [table-name]...')
}

/** A number that is none, in the words of Rust's u64. */
export function notNumber(option: Option, value: string): Wrong {
  const why =
    value === ''
      ? 'cannot parse integer from empty string'
      : /^\+?[0-9]+$/.test(value)
        ? 'number too large to fit in target type'
        : 'invalid digit found in string'
  return wrong(`invalid value '${value}' for '${styled(option)}': ${why}`)
}

export function notPossible(option: Option, value: string): Wrong {
  return wrong(`invalid value '${value}' for '${styled(option)}'\n  [${option.notes?.at(-1)}]`)
}

function usageWith(spec: Spec, used: readonly Option[]): string {
  const rest =
    spec.commands !== undefined
      ? ['<COMMAND>']
      : (spec.positionals ?? []).map(({ name }) => (name === 'table-name' ? '[table-name]...' : `<${name}>`))
  return [...new Set(used.map(styled)), ...rest].join(' ')
}
