import { Command } from 'commander'
import { standing } from '../../app/standing.ts'
import { humanStanding } from '../../report/human/standing.ts'
import { portsOf, type Context } from '../context.ts'
import { common, requestOf, type CommonOptions } from '../options.ts'
import { print } from '../output.ts'

/** `skein` without a verb: where one stands and what comes next. Always exit 0: it is an answer, not a check. */
export function standingVerb(context: Context): Command {
  return common(new Command('standing'))
    .description('where one stands, and what to type next')
    .action(async (options: CommonOptions) => {
      const ports = portsOf(context, () => {})
      print(context, options, await standing(requestOf(options, []), ports), humanStanding)
    })
}
