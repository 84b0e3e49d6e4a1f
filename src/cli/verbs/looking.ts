import { Command, Option } from 'commander'
import { logs } from '../../app/logs.ts'
import { locks } from '../../app/locks.ts'
import { plan } from '../../app/plan.ts'
import { status } from '../../app/status.ts'
import { validate } from '../../app/validate.ts'
import { verify } from '../../app/verify.ts'
import { humanLocks } from '../../report/human/locks.ts'
import { humanLogs } from '../../report/human/logs.ts'
import { humanPlan } from '../../report/human/plan.ts'
import { humanStatus } from '../../report/human/status.ts'
import { humanValidate } from '../../report/human/validate.ts'
import { humanVerify } from '../../report/human/verify.ts'
import { portsOf, type Context } from '../context.ts'
import {
  collect,
  common,
  countedWords,
  positive,
  requestOf,
  running,
  runRequestOf,
  type CommonOptions,
  type RunOptionsGiven,
} from '../options.ts'
import { print } from '../output.ts'
import type { Outcome } from '../outcome.ts'

const quiet = () => {}

/** Verbs that read: status, plan, validate, verify, locks, logs. */
export function lookingVerbs(context: Context, outcome: Outcome): Command[] {
  return [
    statusVerb(context, outcome),
    planVerb(context, outcome),
    validateVerb(context, outcome),
    verifyVerb(context, outcome),
    locksVerb(context),
    logsVerb(context),
  ]
}

function statusVerb(context: Context, outcome: Outcome): Command {
  return common(new Command('status'))
    .aliases(['info', 'show', 'list'])
    .description('what is applied where')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('--check', 'exit 9 when something is pending, 7 when something is wrong')
    .action(async (services: string[], options: CommonOptions & { check?: boolean }) => {
      const result = await status(requestOf(options, services), portsOf(context, quiet))
      print(context, options, result, (one, style) => humanStatus(one, style, options.verbose === true || one.services.length === 1))
      const unreachable = result.services.some((one) => one.state === 'unreachable')
      if (unreachable) outcome.exit = 3
      else if (options.check === true)
        outcome.exit = result.services.some((one) => one.problems.length > 0) ? 7 : result.services.some((one) => one.pending > 0) ? 9 : 0
    })
}

function planVerb(context: Context, outcome: Outcome): Command {
  return running(new Command('plan'))
    .description('what `up` would do, in which order and why')
    .argument('[service...]', 'names, aliases or globs, and how many migrations of each')
    .option('--why', 'the reasons of each step')
    .option('--check', 'exit 9 when there is something to do')
    .option('--with-needs', 'needed services join the plan')
    .option('--down [n]', 'the plan of `down` instead: n steps of each, or all', (text) => (text === 'all' ? text : positive(text)))
    .option('--with-dependants', 'with --down: what stands on it is taken back first, whatever its service')
    .option('--allow-hollow <id>', 'with --down: a migration whose down says nothing may go back; `all` for any', collect)
    .option('--allow-unsafe-rollback', 'with --down: migrations that say rollback_safe: false may go back')
    .action(async (words: string[], options: RunOptionsGiven & { why?: boolean; check?: boolean; down?: number | 'all' | true }) => {
      const { services, count } = countedWords(words)
      const verb = options.down === undefined ? 'up' : 'down'
      const back = options.down === true ? undefined : options.down
      const result = await plan({ ...runRequestOf(options, services, context.env), verb, count: back ?? count }, portsOf(context, quiet))
      if (options.json === true)
        context.stdout.write(`${JSON.stringify({ ...result.plan, databases: result.databases, hooks: result.hooks }, null, 2)}\n`)
      else print(context, options, result, (one, style) => humanPlan(one.plan, one.databases, style, options.why === true, one.hooks))
      if (options.check === true && result.plan.steps.length > 0) outcome.exit = 9
    })
}

function validateVerb(context: Context, outcome: Outcome): Command {
  return common(new Command('validate'))
    .description('check files, names, syntax and the workspace, without a database')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .addOption(new Option('--only <what>', 'names: without a look into files; syntax: their content alone').choices(['names', 'syntax']))
    .option('--files <path...>', 'only what concerns these files, e.g. those that a commit hook names')
    .action(async (services: string[], options: CommonOptions & { only?: 'names' | 'syntax'; files?: string[] }) => {
      const result = await validate({ ...requestOf(options, services), only: options.only, files: options.files }, portsOf(context, quiet))
      print(context, options, result, (one, style) => humanValidate(one, style, options.verbose === true))
      outcome.exit = result.exit
    })
}

function verifyVerb(context: Context, outcome: Outcome): Command {
  return common(new Command('verify'))
    .description('every applied migration against its file, with the difference')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .action(async (services: string[], options: CommonOptions) => {
      const result = await verify(requestOf(options, services), portsOf(context, quiet))
      print(context, options, result, (one, style) => humanVerify(one, style, options.verbose === true))
      outcome.exit = result.exit
    })
}

function locksVerb(context: Context): Command {
  return common(new Command('locks'))
    .description('the advisory keys of each service, and who holds them')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .action(async (services: string[], options: CommonOptions) => {
      print(context, options, await locks(requestOf(options, services), portsOf(context, quiet)), (one, style) =>
        humanLocks(one, style, options.verbose === true),
      )
    })
}

function logsVerb(context: Context): Command {
  return common(new Command('logs'))
    .description('past runs, from the ledger')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('-n, --limit <n>', 'how many runs (20)', positive)
    .action(async (services: string[], options: CommonOptions & { limit?: number }) => {
      const result = await logs({ ...requestOf(options, services), limit: options.limit }, portsOf(context, quiet))
      print(context, options, result, (one, style) => humanLogs(one, style, options.verbose === true))
    })
}
