import { Command } from 'commander'
import { config } from '../../app/config.ts'
import { humanConfig } from '../../report/human/config.ts'
import { portsOf, type Context } from '../context.ts'
import { common, milliseconds, positive, runRequestOf, type RunOptionsGiven } from '../options.ts'
import { print } from '../output.ts'

/** The verb config: it takes the options whose values it shows. */
export function configVerb(context: Context): Command {
  return common(new Command('config'))
    .description('what is in force for each service, and where each value came from')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('--timeout <duration>', 'as `up` takes it', milliseconds)
    .option('--lock-timeout <duration>', 'as `up` takes it', milliseconds)
    .option('--lock-wait <duration>', 'as `up` takes it', milliseconds)
    .option('--statement-timeout <duration>', 'as `up` takes it', milliseconds)
    .option('--jobs <n>', 'as `up` takes it', positive)
    .action(async (services: string[], options: RunOptionsGiven) => {
      const timeoutBy = options.timeout === undefined ? 'MIGRATION_TIMEOUT' : '--timeout'
      const request = { ...runRequestOf(options, services, context.env), timeoutBy } as const
      const result = await config(
        request,
        portsOf(context, () => {}),
      )
      print(context, options, result, (one, style) => humanConfig(one, style, options.verbose === true))
    })
}
