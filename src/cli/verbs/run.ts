import { Command, Option } from 'commander'
import { health } from '../../app/health.ts'
import { run } from '../../app/run.ts'
import { wait } from '../../app/wait.ts'
import { SkeinError } from '../../model/errors.ts'
import { humanHealth } from '../../report/human/health.ts'
import { humanRun } from '../../report/human/run.ts'
import { portsOf, type Context } from '../context.ts'
import { guarded, milliseconds, requestOf, running, runRequestOf, type RunOptionsGiven } from '../options.ts'
import type { Outcome } from '../outcome.ts'
import { print } from '../output.ts'
import { displaying } from '../progress.ts'
import { runProgram } from '../run-program.ts'

interface RunVerbOptions extends RunOptionsGiven {
  up?: boolean
  check?: boolean
  waitTimeout?: number
}

/** The verb run: what a container does before its program, then the program. Everything that Skein says goes to stderr: stdout is the program's. */
export function runVerb(context: Context, outcome: Outcome): Command {
  return guarded(running(new Command('run')))
    .description('wait for the databases, migrate or check, then run a program: its signals, its exit code')
    .usage('[service...] [options] -- command [argument...]')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .addOption(new Option('--up', 'apply what is pending first; the program is not started when that fails').conflicts('check'))
    .option('--check', 'start the program only when the schema is what it needs: exit 9 pending, 7 broken')
    .option('--wait-timeout <duration>', 'how long the servers are waited for (60s)', milliseconds)
    .action(async (services: string[], options: RunVerbOptions) => {
      const command = context.behind ?? []
      if (command.length === 0) throw new SkeinError('USAGE', { message: 'run needs a program', hint: 'skein run --up -- ./main' })
      if (options.dryRun === true || options.json === true)
        throw new SkeinError('USAGE', {
          message: 'run starts a program, and stdout is its own',
          hint: 'use skein up --dry-run, or skein up --json',
        })
      const ours = { ...context, stdout: context.stderr }
      outcome.exit = await prepared(ours, services, options)
      if (outcome.exit !== 0) return
      if (context.signal.aborted) throw new SkeinError('INTERRUPTED', { message: 'stopped before the program was started' })
      outcome.exit = await runProgram(command, context)
    })
}

/** Waits, then migrates or checks; 0 when the program may start. */
async function prepared(context: Context, services: readonly string[], options: RunVerbOptions): Promise<number> {
  const request = requestOf(options, services)
  await displaying(context, options, (emit) => wait({ ...request, waitMs: options.waitTimeout ?? 60_000 }, portsOf(context, emit)))
  if (options.up === true) {
    const wish = { ...runRequestOf(options, services, context.env), verb: 'up' } as const
    const report = await displaying(context, options, (emit) => run(wish, portsOf(context, emit)))
    if (options.quiet !== true || report.exit !== 0) print(context, options, report, (one, style) => humanRun(one.run, one.notes, style))
    return report.exit
  }
  if (options.check !== true) return 0
  const result = await health(
    request,
    portsOf(context, () => {}),
  )
  if (result.exit !== 0) print(context, options, result, humanHealth)
  return result.exit
}
