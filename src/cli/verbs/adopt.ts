import type { Command } from 'commander'
import { adopt, type AdoptEvidence, adoptEvidence, type AdoptReport } from '../../app/adopt.ts'
import { SkeinError } from '../../model/errors.ts'
import { humanAdopt } from '../../report/human/adopt.ts'
import { humanEdit } from '../../report/human/edit.ts'
import { styleOf } from '../../report/style.ts'
import { canAsk, isConfirmed } from '../confirm.ts'
import { hasColour, portsOf, type Context } from '../context.ts'
import { runRequestOf, type RunOptionsGiven } from '../options.ts'
import type { Outcome } from '../outcome.ts'
import { print } from '../output.ts'
import { displaying } from '../progress.ts'

interface Given extends RunOptionsGiven {
  because?: string
}

/**
 * The verb that takes over what the tools' tables say. Shows for each service what was read and what speaks for it, and asks for each on a terminal;
 * without one the word itself is the yes. `command`: with the options of all verbs that change what is recorded. Throws CONFIRM-NEEDED when every answer was no.
 */
export function adoptVerb(context: Context, outcome: Outcome, command: Command): Command {
  return command
    .description('take over what the tools’ own tables say into the ledger')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .action(async (services: string[], options: Given) => {
      const request = { ...runRequestOf(options, services, context.env), because: options.because }
      const shown: AdoptEvidence[] = []
      if (options.yes !== true && options.dryRun !== true && options.json !== true && canAsk(context)) {
        shown.push(
          ...(await adoptEvidence(
            request,
            portsOf(context, () => {}),
          )),
        )
        request.services = await confirmed(context, shown)
      }
      const report = await displaying(context, options, (emit) => adopt(request, portsOf(context, emit)))
      if (shown.length === 0 && options.json !== true && options.quiet !== true)
        show(
          context,
          report.evidence.filter((one) => options.verbose === true || saysSomething(one)),
        )
      print<AdoptReport>(context, options, report, humanEdit)
      outcome.exit = report.exit
    })
}

/** The services that somebody at the terminal says yes to, one after another; those with nothing to record are shown only. */
async function confirmed(context: Context, evidence: readonly AdoptEvidence[]): Promise<string[]> {
  const agreed: string[] = []
  let asked = false
  for (const one of evidence) {
    show(context, [one])
    if (one.add.length + one.remove.length === 0) continue
    asked = true
    if (await isConfirmed(context, `adopt ${one.service}`)) agreed.push(one.service)
  }
  if (asked && agreed.length === 0) throw new SkeinError('CONFIRM-NEEDED', { message: 'not confirmed; nothing was done' })
  return asked ? agreed : evidence.map((one) => one.service)
}

/** A script that adopts again and again hears of it only when there is something to hear. */
function saysSomething({ add, remove, doubts }: AdoptEvidence): boolean {
  return add.length + remove.length + doubts.length > 0
}

function show(context: Context, evidence: readonly AdoptEvidence[]): void {
  context.stderr.write(humanAdopt(evidence, styleOf(hasColour(context, context.stderr))))
}
