import { createInterface } from 'node:readline/promises'
import { Command, Option } from 'commander'
import { type BrokenState, type ChoiceName, choiceNames, chooseRepair, repair, type RepairReport } from '../../app/repair.ts'
import { SkeinError } from '../../model/errors.ts'
import { humanRepair, humanRepaired, humanState } from '../../report/human/repair.ts'
import { humanRun } from '../../report/human/run.ts'
import type { Style } from '../../report/style.ts'
import { canAsk } from '../confirm.ts'
import { portsOf, styleIn, type Context } from '../context.ts'
import { common, milliseconds, runRequestOf, type RunOptionsGiven } from '../options.ts'
import type { Outcome } from '../outcome.ts'
import { print } from '../output.ts'
import { displaying } from '../progress.ts'

interface Given extends RunOptionsGiven {
  choose?: ChoiceName
  because?: string
}

/** Shows what is broken, with evidence and the ways out; carries one out with --choose, or asks on a terminal. */
export function repairVerb(context: Context, outcome: Outcome): Command {
  return common(new Command('repair'))
    .description('what is broken, what is known of it, and the ways out')
    .usage('[options] [service...]\n       skein repair [options] [service] [version|index] [--choose <choice>]')
    .argument('[words...]', 'names, aliases or globs (none: all), or a service and a version or an index')
    .addOption(new Option('--choose <choice>', 'go this way without asking').choices(choiceNames))
    .option('--because <text>', 'why, for the ledger and the audit chain')
    .option('--no-wait', 'do not wait for locks: exit 6 at once')
    .option('--lock-timeout <duration>', 'the longest single wait for a lock on a table (3s)', milliseconds)
    .option('--dry-run', 'with --choose: print the SQL; lock and write nothing')
    .action(async (words: string[], options: Given) => {
      if (options.choose !== undefined) return choose(context, outcome, options, options.choose, words)
      const { services, subject } = subjectWords(words)
      const request = { ...runRequestOf(options, services, context.env), subject }
      const result = await repair(
        request,
        portsOf(context, () => {}),
      )
      if (result.exit !== 0 && options.json !== true && options.dryRun !== true && canAsk(context))
        return askEach(context, outcome, options, result.states)
      print(context, options, result, humanRepair)
      outcome.exit = result.exit
    })
}

async function choose(context: Context, outcome: Outcome, options: Given, choice: ChoiceName, words: readonly string[]): Promise<void> {
  if (words.length > 2)
    throw new SkeinError('USAGE', {
      message: `repair --choose takes a service and a version or an index, and here are ${words.length} words`,
      hint: 'one at a time: skein repair SERVICE VERSION --choose CHOICE',
    })
  const pair = parted(words)
  const alone = pair.length === 1 && /^(-?\d|none$)/.test(pair[0] ?? '')
  const [service, subject] = alone ? [undefined, pair[0]] : pair
  const report = await carryOut(context, options, choice, service === undefined ? [] : [service], subject, options.because)
  print(context, options, report, repaired)
  outcome.exit = report.exit
}

/** Behind the names one word may be a version or an index, as the commands have it that `repair` prints. */
function subjectWords(words: readonly string[]): { services: string[]; subject?: string } {
  const pair = parted(words)
  const last = pair.at(-1)
  const isSubject = last !== undefined && (/^-?\d/.test(last) || (pair.length === 2 && (pair.length > words.length || last.includes('.'))))
  return isSubject ? { services: pair.slice(0, -1), subject: last } : { services: [...words] }
}

/** SERVICE@VERSION as two words. */
function parted(words: readonly string[]): readonly string[] {
  return words.length === 1 ? words.flatMap((word) => /^([A-Za-z][^@]*)@(.+)$/.exec(word)?.slice(1) ?? word) : words
}

function carryOut(
  context: Context,
  options: Given,
  choice: ChoiceName,
  services: string[],
  subject: string | undefined,
  because: string | undefined,
): Promise<RepairReport> {
  const request = { ...runRequestOf(options, services, context.env), choose: choice, subject, because }
  return displaying(context, options, (emit) => chooseRepair(request, portsOf(context, emit)))
}

function repaired(report: RepairReport, style: Style): string {
  if (report.run !== undefined) return humanRun(report.run.run, report.run.notes, style)
  return humanRepaired(report, style)
}

/** One state after the other; an empty answer leaves it as it is. Exit 7 when something was left. */
async function askEach(context: Context, outcome: Outcome, options: Given, states: readonly BrokenState[]): Promise<void> {
  const style = styleIn(context, context.stderr)
  for (const state of states) {
    context.stderr.write(humanState(state, style))
    const answer = await ask(context, `${state.choices.map((one) => one.name).join(', ')}, or nothing to leave it: `)
    const choice = state.choices.find((one) => one.name === answer)
    if (choice === undefined) {
      if (answer !== '') context.stderr.write(`${answer} is none of them; it stays as it is\n`)
      outcome.exit = 7
      continue
    }
    const subject = choice.name === 'force' ? await ask(context, 'at which version (or none): ') : (state.subject ?? undefined)
    const because = choice.name === 'resume' ? undefined : await ask(context, 'because: ')
    if (because === '') throw new SkeinError('USAGE', { message: 'a reason is needed: it is kept in the ledger; nothing was done' })
    const report = await carryOut(context, options, choice.name, [state.service], subject, because)
    print(context, options, report, repaired)
    if (report.exit !== 0) outcome.exit = report.exit
  }
}

async function ask(context: Context, question: string): Promise<string> {
  const asking = createInterface({ input: context.stdin, output: process.stderr })
  const answer = await asking.question(question, { signal: context.signal }).finally(() => asking.close())
  return answer.trim()
}
