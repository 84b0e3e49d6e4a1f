import { resolve } from 'node:path'
import type { RunRequest } from '../../app/request.ts'
import { SkeinError } from '../../model/errors.ts'
import { type Door, doorPorts, exitAfter, type Surroundings } from '../door.ts'
import { type Command, type GenerateCommand, type Options, parseArgv } from './argv.ts'
import { connectionOf } from './database-url.ts'
import { BadEnvFile, withDotenv } from './dotenv.ts'
import { Failed, withoutPassword } from './failed.ts'
import { generate } from './generate.ts'
import { queryFailed } from './log.ts'
import { look, type Work } from './look.ts'
import { revert, runPending } from './migrate.ts'
import { redo } from './redo.ts'
import { refusal } from './print.ts'
import { refused, schemaNotWritten } from './refused.ts'
import { checkDir, migrationsDir, readConfig } from './settings.ts'

/** Runs one command line of diesel_cli 2.2.12: 0, 1, 2 for usage, 101 where it panics; 130 or 143 after a signal. */
export const diesel: Door = async (words, around) => {
  const stderr = (text: string) => void around.stderr.write(text)
  const stdout = (text: string) => void around.stdout.write(text)
  let url = ''
  try {
    // The tool reads it before its own words.
    const env = withDotenv(around.env, around.cwd)
    const request = parseArgv(words)
    if (request.kind === 'say') {
      ;(request.on === 'stdout' ? stdout : stderr)(request.text)
      return request.exit
    }
    if (request.kind === 'refused') throw new Failed(refused(request.command))
    const { options, command } = request
    if (command.name === 'generate') {
      made(command, options, env, around, stdout)
      return 0
    }
    const connection = connectionOf(options, env)
    url = connection.url
    const { schemaFile } = readConfig(options, env, around.cwd)
    const changes = command.name !== 'list' && command.name !== 'pending'
    if (changes && schemaFile !== undefined && options.lockedSchema) throw new Failed(refused('--locked-schema'))
    const dir = migrationsDir(options, env, around.cwd)
    checkDir(dir, around.cwd)
    const ports = { ...doorPorts(around, 'diesel'), env: connection.env }
    await perform(command, {
      request: requestOf(resolve(around.cwd, dir), url),
      ports,
      stdout,
      stderr,
      logged: (query, failed) => queryFailed(query, failed, new Date(), env),
    })
    if (changes && schemaFile !== undefined) stderr(schemaNotWritten(schemaFile))
    return exitAfter(around, 0)
  } catch (error) {
    const failure = told(error, url)
    stderr(`${failure.message}\n`)
    return exitAfter(around, failure.exit)
  }
}

function told(error: unknown, url: string): Failed {
  if (error instanceof Failed) return error
  if (error instanceof BadEnvFile) return new Failed(withoutPassword(error.message))
  if (error instanceof SkeinError) return refusal(error, url.replace(/(?:%20)?-c%20TimeZone%3DUTC/, ''))
  return new Failed(`internal error of skein, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
}

function made(
  command: GenerateCommand,
  options: Options,
  env: NodeJS.ProcessEnv,
  { cwd }: Surroundings,
  say: (text: string) => void,
): void {
  if (command.diff) throw new Failed(refused('migration generate --diff-schema'))
  generate(command, migrationsDir(options, env, cwd), cwd, new Date(), say)
}

async function perform(command: Exclude<Command, GenerateCommand>, work: Work): Promise<void> {
  if (command.name === 'run') return runPending(work)
  if (command.name === 'revert') return revert(command.count, work)
  if (command.name === 'redo') return redo(command.count, work)
  const { migrations, applied } = await look(work)
  const done = new Set(applied)
  if (command.name === 'pending') return work.stdout(`${migrations.some(({ version }) => !done.has(version))}\n`)
  work.stdout('Migrations:\n')
  for (const { id, version } of migrations) work.stdout(`  [${done.has(version) ? 'X' : ' '}] ${id}\n`)
}

/** What was typed, for app/: one service of which no file speaks. */
function requestOf(path: string, url: string): RunRequest {
  return {
    services: [],
    database: url,
    adhoc: {
      path,
      tool: 'diesel',
      // Its own ways: a late file is run like any other, an applied one never looked at again, a version without a file left alone.
      policies: { outOfOrder: 'run', changed: 'warn', ahead: 'ok' },
    },
    // It sets no limit of its own to a statement.
    statementTimeoutMs: 0,
    jobs: 1,
  }
}
