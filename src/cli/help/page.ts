import { type Command, Help, type Option } from 'commander'
import { exitCodes } from '../../model/exit-codes.ts'
import { columns } from '../../report/columns.ts'
import { styleOf } from '../../report/style.ts'
import { hasColour, type Context } from '../context.ts'
import { examples } from './examples.ts'
import { topics } from './topics/index.ts'

/** The heading of the options that every verb has: they come last. */
export const everywhere = 'Everywhere:'

/** How help is set: a verb's own options first, its other names, examples; for the program itself the topics and the exit codes. */
export function helpPages(context: Context): Partial<Help> {
  const style = styleOf(hasColour(context, context.stdout))
  const bold = (text: string) => style.bold(text)
  return {
    subcommandTerm: (verb) => verb.name(),
    // All names but the first are told below, where they do not look like something to type.
    commandUsage: (verb) => `${path(verb)} ${verb.usage()}`,
    styleTitle: bold,
    groupItems<Item extends Command | Option>(all: Item[], shown: Item[], groupOf: (item: Item) => string): Map<string, Item[]> {
      const groups = new Help().groupItems(all, shown, groupOf)
      const last = groups.get(everywhere)
      if (last === undefined) return groups
      groups.delete(everywhere)
      return groups.set(everywhere, last)
    },
    formatHelp(verb, help) {
      const page = Help.prototype.formatHelp.call(this, verb, help).trimEnd()
      const parts = verb.parent === null ? [program(bold, help.helpWidth ?? 80)] : [alsoCalled(verb), exampleLines(verb, bold)]
      return `${[page, ...parts].filter((part) => part !== '').join('\n\n')}\n`
    },
  }
}

/** Names of topics with what they are about, as lines. */
export function topicLines(): string {
  return columns(
    topics.map(({ name, about }) => [name, about]),
    '  ',
  )
}

function program(bold: (text: string) => string, width: number): string {
  const codes = wrapped(
    Object.entries(exitCodes).map(([code, means]) => `${code} ${means}`),
    width,
  )
  return [
    bold('Topics:') + ` skein help TOPIC\n${topicLines()}`,
    `${bold('Exit codes:')}\n${codes}`,
    'skein alone says where you stand and what comes next.\nskein help VERB has options and examples; skein help CODE explains an error.',
  ].join('\n\n')
}

function alsoCalled(verb: Command): string {
  return verb.aliases().length === 0 ? '' : `Also called: ${verb.aliases().join(', ')}`
}

function exampleLines(verb: Command, bold: (text: string) => string): string {
  const found = verb.parent?.parent === null ? (examples[verb.name()] ?? []) : []
  if (found.length === 0) return ''
  // What is longer than a line can be has its words above it.
  const beside = columns(found, '  ')
  const lines = beside.split('\n').every((line) => line.length <= 80)
    ? beside
    : found.map(([command, about]) => `  # ${about}\n  ${command}`).join('\n')
  return `${bold('Examples:')}\n${lines}`
}

/** `skein embedded start`. */
function path(verb: Command): string {
  return verb.parent === null ? verb.name() : `${path(verb.parent)} ${verb.name()}`
}

/** Parts with dots between them, in lines of at most `width`. */
function wrapped(parts: readonly string[], width: number): string {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last === undefined || last.length + part.length + 3 > width - 2) lines.push(`  ${part}`)
    else lines[lines.length - 1] = `${last} · ${part}`
  }
  return lines.join('\n')
}
