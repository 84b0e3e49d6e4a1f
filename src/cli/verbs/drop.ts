import { Command } from 'commander'
import { drop, type DropRequest } from '../../app/drop.ts'
import { SkeinError } from '../../model/errors.ts'
import { humanDrop, humanDropping } from '../../report/human/drop.ts'
import { styleOf } from '../../report/style.ts'
import { canAsk, confirm } from '../confirm.ts'
import { hasColour, portsOf, type Context } from '../context.ts'
import { backingUp, common, milliseconds, runRequestOf, type RunOptionsGiven } from '../options.ts'
import type { Outcome } from '../outcome.ts'
import { print } from '../output.ts'
import { displaying } from '../progress.ts'

interface Given extends RunOptionsGiven {
  because?: string
  cascade?: boolean
  tables?: string[]
  schema?: string
}

/** Drops what services made. Shows it first and asks; without a terminal --yes is needed. */
export function dropVerb(context: Context, outcome: Outcome): Command {
  return backingUp(common(new Command('drop')))
    .description('drop what the applied migrations of services made, and record that nothing is applied')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('--with-dependants', 'what needs them is dropped too, first')
    .option('--cascade', 'what others have that uses something of them goes too')
    .option('--tables <list>', 'exactly these tables of one service, with commas between them', (text) =>
      text.split(',').map((one) => one.trim()),
    )
    .option('--schema <name>', 'everything in this schema, for one service')
    .option('--because <text>', 'why, for the ledger and the audit chain')
    .option('--no-wait', 'do not wait for locks: exit 6 at once')
    .option('--lock-timeout <duration>', 'the longest single wait for a lock on a table (3s)', milliseconds)
    .option('--dry-run', 'print the SQL; lock and write nothing')
    .option('-y, --yes', 'do not ask')
    .action(async (services: string[], options: Given) => {
      if (options.tables !== undefined && options.schema !== undefined)
        throw new SkeinError('USAGE', { message: '--tables and --schema say two different things', hint: 'give one of them' })
      const request: DropRequest = {
        ...runRequestOf(options, services, context.env),
        because: options.because,
        cascade: options.cascade,
        tables: options.tables,
        schema: options.schema,
      }
      if (options.dryRun !== true) await confirmed(context, options, request)
      const report = await displaying(context, options, (emit) => drop(request, portsOf(context, emit)))
      print(context, options, report, humanDrop)
      outcome.exit = report.exit
    })
}

/** Shows on a terminal what would go, and asks. */
async function confirmed(context: Context, options: Given, request: DropRequest): Promise<void> {
  const what = `drop everything of ${request.services.length === 0 ? 'every service' : request.services.join(', ')}`
  if (options.yes !== true && canAsk(context)) {
    const shown = await drop(
      { ...request, dryRun: true },
      portsOf(context, () => {}),
    )
    context.stderr.write(humanDropping(shown, styleOf(hasColour(context, context.stderr))))
  }
  await confirm(context, options.yes, what)
}
