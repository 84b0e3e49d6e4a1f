import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { plan, type PlanningRequest } from '../../app/plan.ts'
import { run, type RunReport } from '../../app/run.ts'
import { wait } from '../../app/wait.ts'
import { SkeinError } from '../../model/errors.ts'
import { humanDry } from '../../report/human/dry.ts'
import { humanPlan } from '../../report/human/plan.ts'
import { humanRun } from '../../report/human/run.ts'
import { count as counted } from '../../report/duration.ts'
import { portsOf, styleIn, type Context } from '../context.ts'
import { canAsk, confirm } from '../confirm.ts'
import {
  collect,
  countedWords,
  guarded,
  milliseconds,
  requestOf,
  running,
  runRequestOf,
  versionWords,
  type RunOptionsGiven,
} from '../options.ts'
import { print } from '../output.ts'
import type { Outcome } from '../outcome.ts'
import { displaying } from '../progress.ts'

/** Verbs that run migrations: up, down, goto, redo, reset. */
export function runningVerbs(context: Context, outcome: Outcome): Command[] {
  return [
    upVerb(context, outcome),
    downVerb(context, outcome),
    gotoVerb(context, outcome),
    redoVerb(context, outcome),
    resetVerb(context, outcome),
  ]
}

function upVerb(context: Context, outcome: Outcome): Command {
  return guarded(running(new Command('up')))
    .aliases(['migrate', 'apply', 'deploy', 'upgrade', 'latest'])
    .description('apply what is pending, in dependency order')
    .argument('[service...]', 'names, aliases or globs, and how many migrations of each')
    .option('--with-needs', 'needed services join the plan')
    .option('--with-dependants', 'where something is done again (changed: redo), what stands on it too')
    .option('--allow-hollow <id>', 'a migration whose down says nothing may go back (changed: redo); `all` for any', collect)
    .option('--allow-unsafe-rollback', 'migrations that say rollback_safe: false may go back (changed: redo)')
    .option('--plan <file>', 'run exactly this plan (from `plan --json`), or nothing; - is stdin')
    .addOption(waitOption())
    .option('--wait-timeout <duration>', 'how long --wait does (60s)', milliseconds)
    .action(async (words: string[], options: RunOptionsGiven & { plan?: string; waitForServers?: boolean; waitTimeout?: number }) => {
      const { services, count } = countedWords(words)
      const given = options.plan === undefined ? undefined : readPlan(options.plan, context.cwd)
      if (options.waitForServers === true) {
        const wish = { ...requestOf(options, services), waitMs: options.waitTimeout ?? 60_000 }
        await displaying(context, options, (emit) => wait(wish, portsOf(context, emit)))
      }
      await execute(context, outcome, options, { ...runRequestOf(options, services, context.env), verb: 'up', count, given })
    })
}

/** --wait is about servers, --no-wait about locks: one name in two senses must not share one value. */
function waitOption(): Option {
  return Object.assign(new Option('--wait', 'wait for the databases first, as `wait` does'), { attributeName: () => 'waitForServers' })
}

function downVerb(context: Context, outcome: Outcome): Command {
  return goingBack(running(new Command('down')))
    .aliases(['rollback', 'revert', 'undo', 'downgrade'])
    .description('take back the last migration, or N of them, of each service')
    .argument('[service...]', 'names, aliases or globs, and how many migrations of each (1)')
    .option('--all', 'all the way down')
    .action(async (words: string[], options: RunOptionsGiven & { all?: boolean }) => {
      const { services, count } = countedWords(words)
      await confirmed(context, outcome, options, {
        ...runRequestOf(options, services, context.env),
        verb: 'down',
        count: options.all === true ? 'all' : count,
      })
    })
}

function gotoVerb(context: Context, outcome: Outcome): Command {
  return goingBack(running(new Command('goto')))
    .description('go up or down to a version of one service')
    .usage('[options] <service> <version>')
    .argument('<words...>', 'the service, which may be left out where there is but one, and the version, or `none` for before the first')
    .action(async (words: string[], options: RunOptionsGiven) => {
      const { services, version } = versionWords(words, 'goto')
      await confirmed(context, outcome, options, { ...runRequestOf(options, services, context.env), verb: 'goto', version })
    })
}

function redoVerb(context: Context, outcome: Outcome): Command {
  return goingBack(running(new Command('redo')))
    .description('take back the last migration, or N of them, and apply again')
    .argument('[service...]', 'names, aliases or globs, and how many migrations of each (1)')
    .action(async (words: string[], options: RunOptionsGiven) => {
      const { services, count } = countedWords(words)
      await confirmed(context, outcome, options, { ...runRequestOf(options, services, context.env), verb: 'redo', count })
    })
}

function resetVerb(context: Context, outcome: Outcome): Command {
  return goingBack(running(new Command('reset')))
    .description('all the way down, and up again')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .action(async (services: string[], options: RunOptionsGiven) => {
      await confirmed(context, outcome, options, { ...runRequestOf(options, services, context.env), verb: 'reset' })
    })
}

function goingBack(command: Command): Command {
  return guarded(command)
    .option('--with-dependants', 'what stands on it is taken back first, whatever its service')
    .option('--with-needs', 'needed services join the plan')
    .option('--allow-hollow <id>', 'a migration whose down says nothing may go back; `all` for any', collect)
    .option('--allow-unsafe-rollback', 'migrations that say rollback_safe: false may go back')
}

/**
 * Shows on a terminal what would be taken back and asks; then that plan is run, or nothing. Without a terminal --yes is needed, except by a `goto`
 * that only goes up.
 */
async function confirmed(context: Context, outcome: Outcome, options: RunOptionsGiven, request: PlanningRequest): Promise<void> {
  const what = `${request.verb} of ${request.services.length === 0 ? 'every service' : request.services.join(', ')}`
  if (options.yes === true || options.dryRun === true) return execute(context, outcome, options, request)
  if (!canAsk(context) && request.verb !== 'goto') return confirm(context, false, what)
  const found = await plan(
    request,
    portsOf(context, () => {}),
  )
  const back = found.plan.steps.filter((step) => step.direction === 'down')
  if (back.length === 0) return execute(context, outcome, options, request)
  if (canAsk(context)) context.stderr.write(humanPlan(found.plan, found.databases, styleIn(context, context.stderr), false, found.hooks))
  await confirm(context, false, `${what}: take back ${counted(back.length, 'migration')}`)
  await execute(context, outcome, options, { ...request, given: found.plan })
}

async function execute(context: Context, outcome: Outcome, options: RunOptionsGiven, request: PlanningRequest): Promise<void> {
  const report = await displaying(context, options, (emit) => run(request, portsOf(context, emit)))
  if (options.json === true) context.stdout.write(`${JSON.stringify(jsonOf(report), null, 2)}\n`)
  else if (report.dry !== undefined) print(context, options, report.dry, humanDry)
  else if (report.exit === 0) print(context, options, report, (one, style) => humanRun(one.run, one.notes, style))
  else {
    // The failure is words, what was done is data.
    const page = { stdout: context.stderr, stderr: context.stderr }
    print({ ...context, ...page }, options, report, (one, style) => humanRun(one.run, one.notes, style))
  }
  outcome.exit = report.exit
}

function jsonOf(report: RunReport): unknown {
  const { plan, run: result, dry, databases, notes, backups, exit } = report
  const steps =
    result?.steps.map(({ step, outcome, ms, error }) => ({
      id: step.id,
      service: step.service,
      version: step.version,
      name: step.name,
      direction: step.direction,
      outcome,
      ms,
      error: error ?? null,
    })) ?? []
  return {
    run: result?.id ?? null,
    digest: plan.digest,
    outcome: dry !== undefined ? 'dry-run' : (result?.outcome ?? 'nothing'),
    exit,
    ms: result?.ms ?? 0,
    error: result?.error ?? null,
    steps: dry === undefined ? steps : dry.plan.steps,
    sql: dry?.sql,
    databases,
    backups: backups.map(({ database, file, bytes, sha256 }) => ({ database, file, bytes, sha256 })),
    notes,
  }
}

/** A plan as `plan --json` wrote it; `-` is stdin. Throws PLAN-INVALID. */
export function readPlan(path: string, cwd: string): unknown {
  try {
    return JSON.parse(readFileSync(path === '-' ? 0 : resolve(cwd, path), 'utf8')) as unknown
  } catch (cause) {
    throw new SkeinError('PLAN-INVALID', {
      message: `the plan in ${path === '-' ? 'stdin' : path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'make one with skein plan --json',
      cause,
    })
  }
}
