import { Command } from 'commander'
import { type KnownCode, knownCodes } from '../../app/known.ts'
import { SkeinError } from '../../model/errors.ts'
import { nearest } from '../../util/nearest.ts'
import type { Context } from '../context.ts'
import { topicLines } from '../help/page.ts'
import type { Topic } from '../help/topic.ts'
import { topics } from '../help/topics/index.ts'
import { brief, type CommonOptions } from '../options.ts'
import { print } from '../output.ts'

/** The verb help: of the program, a verb, a topic, or a code of an error or a finding. Throws USAGE with the nearest of them. */
export function helpVerb(context: Context): Command {
  const help = brief(new Command('help'))
    .description('the program, a verb, a topic, or an error code')
    .argument('[word...]', 'a verb (up, embedded start), a topic, or a code (LOCK-TIMEOUT)')
    .action((words: string[], options: CommonOptions) => {
      const root = help.parent as Command
      const [word] = words
      if (word === undefined) return options.json === true ? print(context, options, overview(root), () => '') : root.outputHelp()
      const verb = verbNamed(root, words)
      const topic = topics.find(({ name }) => name === word.toLowerCase())
      if (verb !== undefined && options.json !== true) {
        verb.outputHelp()
        // Some topics are called like the verb that they are about.
        if (topic !== undefined) context.stdout.write('\n')
      }
      if (topic !== undefined) return print(context, options, topic, topicText)
      if (verb !== undefined)
        return options.json === true ? print(context, options, { ...named(verb), text: verb.helpInformation() }, () => '') : undefined
      const code = knownCodes().find((one) => one.code === word.toUpperCase())
      if (code !== undefined) return print(context, options, code, codeText)
      throw unknown(word, root)
    })
  return help
}

/** A verb by its name or another one, and what it has below it. */
function verbNamed(root: Command, words: readonly string[]): Command | undefined {
  let verb: Command | undefined = root
  for (const word of words) verb = verb?.commands.find((one) => one.name() === word || one.aliases().includes(word))
  return verb
}

/** What can be asked about, for programs. */
function overview(root: Command) {
  const isShown = new Set(root.createHelp().visibleCommands(root))
  return {
    verbs: root.commands.filter((one) => isShown.has(one)).map(named),
    topics: topics.map(({ name, about }) => ({ name, about })),
  }
}

function named(verb: Command) {
  return { name: verb.name(), about: verb.description() }
}

/** A topic as it is printed. */
export function topicText({ text, more }: Topic): string {
  return `${text}\n${more.length === 0 ? '' : `\nmore: ${more.map((page) => `docs/${page}`).join(', ')}\n`}`
}

function codeText({ code, means, exit, remedy }: KnownCode): string {
  if (exit === undefined) return `${code}: ${means}\n  a finding: skein validate says where, and what to do\n`
  return `${code}: ${means}\n  exit code ${exit}\n  what to do: ${remedy}\n`
}

function unknown(word: string, root: Command): SkeinError {
  const verbs = root.commands.flatMap((verb) => [verb.name(), ...verb.aliases()])
  const guess =
    nearest(word, [...verbs, ...topics.map(({ name }) => name)]) ??
    nearest(
      word.toUpperCase(),
      knownCodes().map(({ code }) => code),
    )
  return new SkeinError('USAGE', {
    message: `there is no verb, topic or code ${word}`,
    hint: guess === undefined ? `skein help lists them; the topics:\n${topicLines()}` : `did you mean ${guess}?`,
  })
}
