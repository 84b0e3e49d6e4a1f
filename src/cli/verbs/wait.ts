import { Command } from 'commander'
import { wait } from '../../app/wait.ts'
import { portsOf, type Context } from '../context.ts'
import { collect, common, milliseconds, requestOf, type CommonOptions } from '../options.ts'
import { print } from '../output.ts'
import { displaying } from '../progress.ts'

/** The verb wait: for servers, for the schema that these files need, for one version. */
export function waitVerb(context: Context): Command {
  return common(new Command('wait'))
    .description('wait until every database takes connections, or has the schema')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('--for <what>', 'server (default), schema: the versions of this checkout, or SERVICE@VERSION; repeatable', collect)
    .option('--timeout <duration>', 'how long (60s)', milliseconds)
    .action(async (services: string[], options: CommonOptions & { for?: string[]; timeout?: number }) => {
      const request = { ...requestOf(options, services), waitMs: options.timeout ?? 60_000, waitFor: options.for }
      const result = await displaying(context, { ...options, timeout: undefined }, (emit) => wait(request, portsOf(context, emit)))
      print(context, options, result, (one) =>
        [
          ...one.databases.map(({ database }) => `${database} is there\n`),
          ...one.services.map(({ service, version }) => `${service} is there${version === null ? '' : ` at ${version}`}\n`),
        ].join(''),
      )
    })
}
