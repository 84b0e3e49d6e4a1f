import { Command } from 'commander'
import { clean, type CleanRequest } from '../../app/clean.ts'
import { humanClean } from '../../report/human/clean.ts'
import { styleOf } from '../../report/style.ts'
import { canAsk, confirm } from '../confirm.ts'
import { hasColour, portsOf, type Context } from '../context.ts'
import { backingUp, common, runRequestOf, type RunOptionsGiven } from '../options.ts'
import type { Outcome } from '../outcome.ts'
import { print } from '../output.ts'
import { displaying } from '../progress.ts'

interface Given extends RunOptionsGiven {
  because?: string
}

/** Deletes all data of services. Shows it first and asks; without a terminal --yes is needed. */
export function cleanVerb(context: Context, outcome: Outcome): Command {
  return backingUp(common(new Command('clean')))
    .description('delete all rows of the tables that services made; the tables and what is recorded stay')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('--because <text>', 'why, for the audit chain')
    .option('--no-wait', 'do not wait for locks: exit 6 at once')
    .option('--dry-run', 'count the rows that would go; lock and write nothing')
    .option('-y, --yes', 'do not ask')
    .action(async (services: string[], options: Given) => {
      const request: CleanRequest = { ...runRequestOf(options, services, context.env), because: options.because }
      if (options.dryRun !== true) await confirmed(context, options, request)
      const report = await displaying(context, options, (emit) => clean(request, portsOf(context, emit)))
      print(context, options, report, humanClean)
      outcome.exit = report.exit
    })
}

async function confirmed(context: Context, options: Given, request: CleanRequest): Promise<void> {
  if (options.yes !== true && canAsk(context)) {
    const shown = await clean(
      { ...request, dryRun: true },
      portsOf(context, () => {}),
    )
    context.stderr.write(humanClean(shown, styleOf(hasColour(context, context.stderr))))
  }
  const whose = request.services.length === 0 ? 'every service' : request.services.join(', ')
  await confirm(context, options.yes, `delete all data of ${whose}`)
}
