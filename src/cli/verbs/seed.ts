import { Command } from 'commander'
import { seed } from '../../app/seed.ts'
import { humanSeed } from '../../report/human/seed.ts'
import { portsOf, type Context } from '../context.ts'
import { common, runRequestOf, type RunOptionsGiven } from '../options.ts'
import type { Outcome } from '../outcome.ts'
import { print } from '../output.ts'
import { displaying } from '../progress.ts'

interface Given extends RunOptionsGiven {
  set?: string
  force?: boolean
}

/** Puts the seeds of services into their tables. */
export function seedVerb(context: Context, outcome: Outcome): Command {
  return common(new Command('seed'))
    .description('run the seeds of services: base files, and those of the environment')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('--set <name>', 'also the files of this sub-folder of seeds')
    .option('--force', 'unchanged files too')
    .option('--no-wait', 'do not wait for locks: exit 6 at once')
    .option('--dry-run', 'show files, tables and rows; lock and write nothing')
    .action(async (services: string[], options: Given) => {
      const request = { ...runRequestOf(options, services, context.env), set: options.set, force: options.force }
      const report = await displaying(context, options, (emit) => seed(request, portsOf(context, emit)))
      print(context, options, report, humanSeed)
      outcome.exit = report.exit
    })
}
