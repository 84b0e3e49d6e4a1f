import { Command } from 'commander'
import { doors } from '../../doors/index.ts'
import { SkeinError } from '../../model/errors.ts'
import { columns } from '../../report/columns.ts'
import type { Context } from '../context.ts'
import type { Outcome } from '../outcome.ts'

/** The verb as: hands every word behind the tool's name to that tool's door, untouched, and its exit code back. Throws USAGE for a tool without a door. */
export function asVerb(context: Context, outcome: Outcome): Command {
  const names = columns(
    Object.entries(doors).map(([name, { about }]) => [name, about]),
    '  ',
    80,
  )
  return new Command('as')
    .description('stand in for another tool: its words, its output, its exit codes')
    .usage('<tool> [word...]')
    .argument('<tool>', 'the tool whose command line follows')
    .argument('[word...]', 'what that tool would be given')
    .passThroughOptions()
    .addHelpText('after', `\nTools:\n${names}`)
    .action(async (tool: string, words: string[]) => {
      const listed = Object.hasOwn(doors, tool) ? doors[tool] : undefined
      if (listed === undefined)
        throw new SkeinError('USAGE', {
          message: `there is no door for ${tool}; these tools have one: ${Object.keys(doors).join(', ')}`,
          hint: 'skein as --help tells more',
        })
      const door = await listed.load()
      outcome.exit = await door(words, context)
    })
}
