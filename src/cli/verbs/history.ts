import { Command } from 'commander'
import { baseline } from '../../app/baseline.ts'
import type { EditReport } from '../../app/edit-history.ts'
import { force } from '../../app/force.ts'
import { mark } from '../../app/mark.ts'
import { SkeinError } from '../../model/errors.ts'
import { humanEdit } from '../../report/human/edit.ts'
import { portsOf, type Context } from '../context.ts'
import { confirm } from '../confirm.ts'
import { common, milliseconds, runRequestOf, versionWords, type RunOptionsGiven } from '../options.ts'
import { print } from '../output.ts'
import type { Outcome } from '../outcome.ts'
import { displaying } from '../progress.ts'
import { adoptVerb } from './adopt.ts'

interface Given extends RunOptionsGiven {
  because?: string
}

/** Verbs that change what is recorded, and run nothing: force, mark, baseline, adopt. */
export function historyVerbs(context: Context, outcome: Outcome): Command[] {
  return [
    forceVerb(context, outcome),
    markVerb(context, outcome),
    baselineVerb(context, outcome),
    adoptVerb(context, outcome, editing(new Command('adopt'))),
  ]
}

function editing(command: Command): Command {
  return common(command)
    .option('--because <text>', 'why, for the ledger and the audit chain')
    .option('--no-wait', 'do not wait for locks: exit 6 at once')
    .option('--lock-timeout <duration>', 'the longest single wait for a lock on a table (3s)', milliseconds)
    .option('--dry-run', 'print the SQL; lock and write nothing')
    .option('-y, --yes', 'do not ask')
}

function forceVerb(context: Context, outcome: Outcome): Command {
  return editing(new Command('force'))
    .description('say where a service stands, without running anything')
    .usage('[options] <service> <version>')
    .argument('<words...>', 'the service, which may be left out where there is but one, and the version, or `none`')
    .action(async (words: string[], options: Given) => {
      const { services, version } = versionWords(words, 'force')
      if (options.dryRun !== true) await confirm(context, options.yes, `record ${told(services)} as standing at ${version ?? 'nothing'}`)
      await edit(context, outcome, options, (ports) =>
        force({ ...runRequestOf(options, services, context.env), version, because: options.because }, ports),
      )
    })
}

function markVerb(context: Context, outcome: Outcome): Command {
  return editing(new Command('mark'))
    .description('say of one migration that it is applied, or that it is not')
    .usage('[options] <service> <version>')
    .argument('<words...>', 'the service, which may be left out where there is but one, and the version')
    .option('--applied', 'it is applied')
    .option('--not-applied', 'it is not')
    .action(async (words: string[], options: Given & { applied?: boolean; notApplied?: boolean }) => {
      const { services, version } = oneVersion(words, 'mark')
      if ((options.applied === true) === (options.notApplied === true))
        throw new SkeinError('USAGE', {
          message: 'mark needs --applied or --not-applied',
          hint: `skein mark ${[...services, version].join(' ')} --applied --because '…'`,
        })
      if (options.because === undefined)
        throw new SkeinError('USAGE', { message: 'mark needs a reason', hint: "add --because '…': it is kept in the ledger" })
      await edit(context, outcome, options, (ports) =>
        mark(
          {
            ...runRequestOf(options, services, context.env),
            version,
            as: options.applied === true ? 'applied' : 'not-applied',
            because: options.because,
          },
          ports,
        ),
      )
    })
}

function baselineVerb(context: Context, outcome: Outcome): Command {
  return editing(new Command('baseline'))
    .description('take a database that was made otherwise as standing at a version')
    .usage('[options] <service> <version>')
    .argument('<words...>', 'the service, which may be left out where there is but one, and the version')
    .action(async (words: string[], options: Given) => {
      const { services, version } = oneVersion(words, 'baseline')
      if (options.dryRun !== true) await confirm(context, options.yes, `record everything of ${told(services)} up to ${version} as applied`)
      await edit(context, outcome, options, (ports) =>
        baseline({ ...runRequestOf(options, services, context.env), version, because: options.because }, ports),
      )
    })
}

/** Here `none` is no version. Throws USAGE. */
function oneVersion(words: readonly string[], verb: string): { services: string[]; version: string } {
  const { services, version } = versionWords(words, verb)
  if (version === null)
    throw new SkeinError('USAGE', { message: `${verb} needs a version`, hint: 'skein force SERVICE none records that nothing is applied' })
  return { services, version }
}

function told(services: readonly string[]): string {
  return services.join(', ') || 'the service'
}

async function edit(
  context: Context,
  outcome: Outcome,
  options: Given,
  work: (ports: ReturnType<typeof portsOf>) => Promise<EditReport>,
): Promise<void> {
  const report = await displaying(context, options, (emit) => work(portsOf(context, emit)))
  print(context, options, report, humanEdit)
  outcome.exit = report.exit
}
