import type { Command, Option } from 'commander'
import { collect } from '../options.ts'
import { positionOf } from './position.ts'
import type { AskNames, Candidate, Completion } from './candidate.ts'
import { valueCandidates } from './values.ts'
import { wordCandidates } from './words.ts'

/**
 * What could stand where the last of `words` stands (it may be empty or half a word), after those before it: verbs, options and their values, services,
 * versions. `words` are those behind the program's name. Asks for the names of the workspace only where they can stand.
 */
export async function complete(words: readonly string[], root: Command, names: AskNames): Promise<Completion> {
  const at = positionOf(words, root)
  const found = await candidates()
  return found === 'files' ? found : found.filter(({ value }) => value.startsWith(at.current))

  async function candidates(): Promise<Completion> {
    // Behind -- stands another program's command line, and so it does behind the name of a tool.
    if (at.foreign) return 'files'
    if (at.option !== undefined) return valueCandidates(at.option, at.current, names)
    const equals = /^(--[^=]+)=/.exec(at.current)
    if (equals !== null) return behindEquals(equals[1] as string)
    if (at.current.startsWith('-')) return options(at.verb, at.before)
    if (at.verb === root) return at.operands.length > 0 ? [] : verbs(root, at.current !== '')
    return at.verb.commands.length > 0 ? verbs(at.verb, false) : wordCandidates(at, root, names)
  }

  async function behindEquals(name: string): Promise<Completion> {
    const option = at.verb.options.find(({ long }) => long === name)
    const values = option === undefined ? [] : await valueCandidates(option, at.current.slice(name.length + 1), names)
    // Shells complete a file behind = by themselves, or not at all.
    return values === 'files' ? values : values.map((one) => ({ ...one, value: `${name}=${one.value}` }))
  }
}

/** Other names of verbs are for those who begin to type one: the first list is long enough. */
function verbs(above: Command, withAliases: boolean): Candidate[] {
  const shown = above.createHelp().visibleCommands(above)
  return shown.flatMap((verb) =>
    [verb.name(), ...(withAliases ? verb.aliases() : [])].map((value) => ({ value, about: verb.description() })),
  )
}

/** Long names of the options that are not there yet. */
function options(verb: Command, before: readonly string[]): Candidate[] {
  const repeatable = (option: Option) => option.parseArg === collect || option.long === '--env-file'
  return verb
    .createHelp()
    .visibleOptions(verb)
    .filter((option) => option.long !== undefined && (repeatable(option) || !before.includes(option.long)))
    .map((option) => ({ value: option.long as string, about: option.description }))
}
