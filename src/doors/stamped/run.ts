import { meantService, type Meant } from '../../app/meant-service.ts'
import { newMigration } from '../../app/new.ts'
import type { PlanningRequest } from '../../app/plan.ts'
import { plan } from '../../app/plan.ts'
import { run } from '../../app/run.ts'
import { SkeinError } from '../../model/errors.ts'
import type { Ports } from '../../model/ports.ts'
import { humanDry } from '../../report/human/dry.ts'
import { humanPlan } from '../../report/human/plan.ts'
import { humanRun } from '../../report/human/run.ts'
import { styleOf } from '../../report/style.ts'
import { doorPorts, type Surroundings } from '../door.ts'
import { ask } from '../home-made/ask.ts'
import { exitCode } from '../home-made/exit-code.ts'
import { linesOnce } from '../home-made/once.ts'
import { type Command, parseArgv } from './argv.ts'

interface Work {
  command: Command
  wish: Meant['request']
  ports: Ports
  around: Surroundings
}

/**
 * Runs one command line of the runner of stamped files and returns its exit code: 0, 1 where something failed, 2 for a wrong command line; 130 or 143
 * after a signal. Never throws, never exits.
 */
export async function stamped(words: readonly string[], around: Surroundings): Promise<number> {
  const request = parseArgv(words)
  if (request.kind === 'say') {
    around.stderr.write(request.text)
    return request.exit
  }
  const { command } = request
  return exitCode(around, async () => {
    const ports = doorPorts(around, 'migrator')
    const all = command.service === 'all'
    const meant = await meantService({ service: all ? undefined : command.service, all, tool: 'stamped' }, ports)
    const work: Work = { command, wish: meant.request, ports, around }
    return command.action === 'create' ? create(work) : migrate(work, command.action)
  })
}

/** The paths are data. */
async function create({ command, wish, ports, around }: Work): Promise<boolean> {
  const moment = new Date()
  const made = await newMigration({ ...wish, words: wish.services, name: command.name, dryRun: command.dryRun, moment }, ports)
  around.stderr.write(`${made.dryRun ? 'would create' : 'created'} ${made.service} ${made.id}\n`)
  around.stdout.write(made.files.map(({ file }) => `${file}\n`).join(''))
  return true
}

/** Up: all that is pending. Down: all of the service, as the runner has it. */
async function migrate({ command, wish, ports, around }: Work, verb: 'up' | 'down'): Promise<boolean> {
  const asked: PlanningRequest = {
    ...wish,
    verb,
    count: verb === 'down' ? 'all' : undefined,
    withDependants: command.withDependants,
    dryRun: command.dryRun,
  }
  const given =
    verb === 'down' && command.service === 'all' && !command.yes && !command.dryRun ? await agreed(asked, { ports, around }) : undefined
  const line = linesOnce()
  const emit: Ports['emit'] = (event) => {
    const text = line(event)
    if (text !== undefined) around.stderr.write(`${text}\n`)
  }
  const report = await run({ ...asked, given }, { ...ports, emit }).catch((error: unknown) => {
    throw ownWords(error)
  })
  if (report.dry !== undefined) around.stdout.write(humanDry(report.dry))
  else (report.exit === 0 ? around.stdout : around.stderr).write(humanRun(report.run, report.notes, styleOf(false)))
  return report.exit === 0
}

/** The plan that somebody saw and said yes to. Throws CONFIRM-NEEDED. */
async function agreed(asked: PlanningRequest, { ports, around }: Pick<Work, 'ports' | 'around'>): Promise<unknown> {
  const found = await plan(asked, ports)
  const { steps } = found.plan
  if (steps.length === 0) return found.plan
  around.stderr.write(humanPlan(found.plan, found.databases, styleOf(false), false))
  const answer = await ask(around, `take back all ${steps.length} migrations of all services? [y/N] `)
  if (answer === undefined)
    throw new SkeinError('CONFIRM-NEEDED', {
      message: `all ${steps.length} migrations of all services would be taken back, and nobody can be asked here`,
      hint: 'add -yes, or look first with -dry-run',
    })
  if (!answer) throw new SkeinError('CONFIRM-NEEDED', { message: 'not confirmed; nothing was done' })
  return found.plan
}

/** What can be said here is said in this grammar. */
function ownWords(error: unknown): unknown {
  if (!(error instanceof SkeinError) || error.code !== 'NEEDED-BY') return error
  return new SkeinError(error.code, {
    ...error.details,
    hint: `add -with-dependants to take those back too, before it; or: ${error.details.hint ?? ''}`,
  })
}
