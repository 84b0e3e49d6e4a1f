import { adopt } from '../../app/adopt.ts'
import { dropTables } from '../../app/drop-tables.ts'
import { force } from '../../app/force.ts'
import type { RunRequest } from '../../app/request.ts'
import { stand, type Stand } from '../../app/stand.ts'
import { SkeinError } from '../../model/errors.ts'
import type { Ports } from '../../model/ports.ts'
import type { Command, CreateCommand, Options, Request } from './argv.ts'
import { create, CreateError } from './create.ts'
import { readDatabaseUrl } from './database-url.ts'
import { Fatal } from './fatal.ts'
import { refusal, type Log, logTo, goDuration } from './print.ts'
import { migrate, type Work } from './migrate.ts'
import { readSourceUrl } from './source-url.ts'

/** Where the door speaks and listens. Everything the tool says goes to stderr. */
export interface Terminal {
  stderr: (text: string) => void
  /** The first line of stdin, without its end; empty at its end. */
  answer: () => Promise<string>
  clock: () => Date
  signalled: () => 'SIGINT' | 'SIGTERM' | undefined
  /** What -version says. */
  version: string
}

/** Runs one command line of golang-migrate and returns its exit code: 0, 1, 2 for usage; 130 or 143 after a signal. Never throws, never exits. */
export async function runDoor(request: Request, terminal: Terminal, ports: Ports): Promise<number> {
  if (request.kind === 'say') {
    terminal.stderr(request.text)
    return request.exit
  }
  if (request.kind === 'version') {
    terminal.stderr(`${terminal.version}\n`)
    return 0
  }
  const { options, command } = request
  const log = logTo(terminal.stderr, options.verbose, terminal.clock)
  const started = ports.now()
  try {
    if (command.name === 'create') return made(command, ports.cwd, terminal.clock(), log)
    await perform(command, options, terminal, ports, log)
    if (log.verbose && command.name !== 'version') log.line(`Finished after ${goDuration(ports.now() - started)}`)
    if (log.verbose) log.line('Closing source and database')
    return 0
  } catch (error) {
    log.line(told(error, options))
    if (terminal.signalled() === undefined) return 1
    return terminal.signalled() === 'SIGTERM' ? 143 : 130
  }
}

function told(error: unknown, options: Options): string {
  if (error instanceof Fatal) return error.message
  if (error instanceof SkeinError) return `error: ${refusal(error, options.source)}`
  return `error: internal error of skein, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

function made(command: CreateCommand, cwd: string, now: Date, log: Log): number {
  try {
    create(command, cwd, now, (path) => log.line(path))
    return 0
  } catch (error) {
    if (!(error instanceof CreateError)) throw error
    throw new Fatal(error.bare ? error.message : `error: ${error.message}`, { cause: error })
  }
}

async function perform(
  command: Exclude<Command, CreateCommand>,
  options: Options,
  terminal: Terminal,
  ports: Ports,
  log: Log,
): Promise<void> {
  if (command.name === 'drop' && command.ask) await ask(terminal, log, dropping)
  const env = libpqOnly(ports.env)
  const request = requestOf(options, ports.cwd, env)
  const work: Work = { request, ports: { ...ports, env }, log }
  const found = await stand(request, work.ports)
  switch (command.name) {
    case 'refused':
      throw new Fatal(command.message)
    case 'version':
      // Also where the row says -1, dirty.
      if (found.version === null) throw new Fatal('error: no migration')
      return log.line(`${found.version}${found.dirty ? ' (dirty)' : ''}`)
    case 'force':
      await force({ ...request, version: command.version === '-1' ? null : command.version }, work.ports)
      return
    case 'drop':
      await dropTables(request, work.ports)
      return
    case 'down':
      if (command.ask) await ask(terminal, log, goingDown)
      return migrate(command, await tableFirst(found, work), work)
    default:
      return migrate(command, await tableFirst(found, work), work)
  }
}

/**
 * The tool knows its table and nothing else. Where the ledger says otherwise in a way that it cannot explain (the schema was dropped and made again, a row
 * was written by hand), the table is taken at its word here, as `skein adopt` would, and the change stands in the ledger's audit chain.
 */
async function tableFirst(found: Stand, { request, ports }: Work): Promise<Stand> {
  if (found.dirty || !found.problems.some((code) => code === 'REVERTED' || code === 'MIXED')) return found
  await adopt({ ...request, because: 'migrate: the table of the tool is what counts' }, ports)
  return stand(request, ports)
}

const dropping = {
  question: 'Are you sure you want to drop the entire database schema? [y/N]',
  yes: 'Dropping the entire database schema',
  no: 'Aborted dropping the entire database schema',
}

const goingDown = {
  question: 'Are you sure you want to apply all down migrations? [y/N]',
  yes: 'Applying all down migrations',
  no: 'Not applying all down migrations',
}

async function ask(terminal: Terminal, log: Log, { question, yes, no }: typeof dropping): Promise<void> {
  log.line(question)
  const [word = ''] = (await terminal.answer()).trim().split(/\s+/)
  if (word.toLowerCase() !== 'y') throw new Fatal(no)
  log.line(yes)
}

/** The tool knows no DATABASE_URL; its driver reads libpq's variables. */
function libpqOnly(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => /^(?:PG|HOME$|APPDATA$)/.test(name)))
}

/** What was typed, for app/: one service of which no file speaks. Throws Fatal. */
function requestOf(options: Options, cwd: string, env: NodeJS.ProcessEnv): RunRequest {
  const source = readSourceUrl(options.source, cwd)
  const database = readDatabaseUrl(options.database, env)
  // The schemes of both are looked at before either is opened.
  const wrong = [typeof source === 'string' ? source : '', typeof database === 'string' ? database : ''].filter((text) => text !== '')
  const first = wrong.find((text) => text.startsWith('failed to parse')) ?? wrong[0]
  if (typeof source === 'string' || typeof database === 'string') throw new Fatal(`error: ${first}`)
  return {
    services: [],
    database: database.url,
    adhoc: {
      path: source.path,
      tool: 'golang-migrate',
      table: database.table,
      inTransactions: !database.multiStatement,
      // Its own ways: a late file is never run, an applied one never looked at again.
      policies: { outOfOrder: 'ignore', changed: 'warn', ahead: 'error' },
    },
    // It sets no limit of its own to a statement.
    statementTimeoutMs: database.statementTimeoutMs ?? 0,
    lockBudgetMs: options.lockTimeoutSeconds === undefined ? undefined : options.lockTimeoutSeconds * 1000,
    jobs: 1,
  }
}
