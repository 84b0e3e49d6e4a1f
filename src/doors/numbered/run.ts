import { meantService, type Meant } from '../../app/meant-service.ts'
import { newMigration } from '../../app/new.ts'
import { run } from '../../app/run.ts'
import { status } from '../../app/status.ts'
import { verify } from '../../app/verify.ts'
import type { Ports } from '../../model/ports.ts'
import type { RunEvent } from '../../model/run.ts'
import { humanDry } from '../../report/human/dry.ts'
import { humanError } from '../../report/human/error.ts'
import { linkHead, linkName, linkWords } from '../../report/link-words.ts'
import { styleOf } from '../../report/style.ts'
import { doorPorts, type Surroundings } from '../door.ts'
import { exitCode } from '../home-made/exit-code.ts'
import { linesOnce } from '../home-made/once.ts'
import { type Command, parseArgv } from './argv.ts'
import { isWhole, statusText, verifyLines } from './print.ts'

interface Work {
  command: Command
  wish: Meant['request']
  /** What the service is called in log lines. */
  name: string
  ports: Ports
  around: Surroundings
  /** One log line, on stderr; without date and time, as the runner's have none. */
  log: (line: string) => void
}

/**
 * Runs one command line of the runner of numbered files and returns its exit code: 0, 1 where something failed, 2 for a wrong command line; 130 or 143
 * after a signal. Never throws, never exits.
 */
export async function numbered(words: readonly string[], around: Surroundings): Promise<number> {
  const request = parseArgv(words)
  if (request.kind === 'say') {
    around.stderr.write(request.text)
    return request.exit
  }
  const { command } = request
  return exitCode(around, async () => {
    const ports = doorPorts(around, 'migrate')
    const meant = await meantService({ service: command.service, tool: 'numbered' }, ports)
    const log = (line: string) => void around.stderr.write(`${line}\n`)
    const work: Work = { command, wish: ours(meant.request), name: meant.names[0] ?? '', ports, around, log }
    if (command.action === 'generate') return generate(work)
    if (command.action === 'status') return tell(work)
    if (command.action === 'verify') return check(work)
    return migrate(work, command.action)
  })
}

/** The runner warns of files that were changed and goes on; all else that is wrong stops it. */
function ours({ adhoc, services }: Meant['request']): Meant['request'] {
  return adhoc === undefined
    ? { services }
    : { services, adhoc: { ...adhoc, policies: { changed: 'warn', outOfOrder: 'error', ahead: 'error' } } }
}

async function migrate({ command, wish, name, ports, around, log }: Work, verb: 'up' | 'down'): Promise<boolean> {
  const words = linkWords()
  const others = linesOnce()
  const emit = (event: RunEvent) => {
    const lines = words(event)
    for (const line of lines) log(line)
    if (lines.length > 0 || event.kind === 'step-done' || event.kind === 'step-failed') return
    const other = others(event)
    if (other !== undefined) log(`${linkHead(name)} ${other}`)
  }
  const report = await run({ ...wish, verb, count: verb === 'down' ? 1 : undefined, dryRun: command.dryRun, jobs: 1 }, { ...ports, emit })
  for (const note of report.notes) log(`${linkHead(name)} Warning: ${note}`)
  if (report.dry !== undefined) {
    const { steps } = report.dry.plan
    log(
      `${linkHead(name)} DRY RUN: ${steps.length} migration${steps.length === 1 ? '' : 's'} would be ${verb === 'up' ? 'applied' : 'rolled back'}`,
    )
    for (const step of steps)
      log(`${linkHead(step.service)} DRY RUN: Would ${verb === 'up' ? 'apply' : 'roll back'} migration ${linkName(step)}`)
    around.stdout.write(humanDry(report.dry))
    return true
  }
  if (report.run === undefined) {
    log(`${linkHead(name)} Starting migration ${verb} for service: ${name}`)
    log(`${linkHead(name)} Found 0 pending migrations`)
    log(`${linkHead(name)} All migrations completed successfully`)
  }
  for (const { error } of report.run?.steps ?? []) if (error !== undefined) around.stderr.write(humanError(error, styleOf(false)))
  return report.exit === 0
}

async function tell({ wish, ports, around }: Work): Promise<boolean> {
  const { services } = await status(wish, ports)
  for (const one of services) {
    if (one.error === null) around.stdout.write(statusText(one))
    else around.stderr.write(humanError(one.error, styleOf(false)))
    for (const problem of one.problems) around.stderr.write(`${problem.code}: ${problem.message}\n  next: ${problem.hint}\n`)
  }
  return services.every((one) => one.error === null)
}

async function check({ wish, name, ports, log }: Work): Promise<boolean> {
  const result = await verify(wish, ports)
  for (const line of verifyLines(result)) log(`${linkHead(name)} ${line}`)
  return isWhole(result)
}

/** The paths are data. */
async function generate({ command, wish, name, ports, around, log }: Work): Promise<boolean> {
  const moment = new Date()
  const made = await newMigration({ ...wish, words: wish.services, name: command.description, dryRun: command.dryRun, moment }, ports)
  log(`${linkHead(name)} ${made.dryRun ? 'DRY RUN: Would generate' : 'Generated'} migration ${made.id}`)
  around.stdout.write(made.files.map(({ file }) => `${file}\n`).join(''))
  return true
}
