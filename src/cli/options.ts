import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Request, RunRequest } from '../app/request.ts'
import { SkeinError } from '../model/errors.ts'
import { parseDuration } from '../util/duration.ts'
import { everywhere } from './help/page.ts'

/** Options as commander hands them over; no defaults here, so that the workspace file and the environment are not hidden by a flag nobody typed. */
export interface CommonOptions {
  file?: string
  database?: string
  embedded?: boolean
  env?: string
  json?: boolean
  quiet?: boolean
  verbose?: boolean
}

export interface RunOptionsGiven extends CommonOptions {
  jobs?: number
  timeout?: number
  lockTimeout?: number
  lockWait?: number
  statementTimeout?: number
  wait?: boolean
  keepGoing?: boolean
  singleTransaction?: boolean
  hooks?: boolean
  withNeeds?: boolean
  withDependants?: boolean
  allowHollow?: string[]
  allowUnsafeRollback?: boolean
  dryRun?: boolean
  yes?: boolean
  backup?: boolean
  backupDir?: string
  pgBin?: string
  approve?: string
  logFormat?: 'text' | 'json' | 'link'
}

/** What every verb takes. */
export function common(command: Command): Command {
  return shared(command, [
    new Option('-f, --file <path>', 'the workspace file, instead of the nearest skein.yaml upwards'),
    new Option('-d, --database <url>', 'a URL or key=value string for every service, instead of what is configured').conflicts('embedded'),
    new Option('--url <url>', 'the same as --database').hideHelp(),
    new Option('--embedded', "use the workspace's embedded PostgreSQL"),
    new Option('-e, --env <name>', 'the environment: its folders and its policies (default: $SKEIN_ENV, else base files only)'),
    new Option('--env-file <path>', 'variables that the environment lacks, from a dotenv file; read before everything; repeatable'),
    new Option('--env-file-override', 'the files of --env-file win over the environment'),
    new Option('--json', 'the result as JSON on stdout'),
    new Option('-q, --quiet', 'only results and errors'),
    new Option('-v, --verbose', 'more words'),
  ])
}

/** What the verbs take that have little to say; they know --quiet and --verbose all the same, so that scripts may always add them. */
export function brief(command: Command): Command {
  return shared(command, [
    new Option('--json', 'the result as JSON on stdout'),
    new Option('-q, --quiet').hideHelp(),
    new Option('-v, --verbose').hideHelp(),
  ])
}

/** What is the same everywhere stands last in a verb's help. */
function shared(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option.helpGroup(everywhere))
  return command
}

/** What every verb takes that runs migrations. */
export function running(command: Command): Command {
  return common(command)
    .option('--jobs <n>', 'databases at work at once (4)', positive)
    .option(
      '--timeout <duration>',
      'for each migration, waiting for locks included, e.g. 90s or 10m (default: $MIGRATION_TIMEOUT, else none)',
      milliseconds,
    )
    .option('--lock-timeout <duration>', 'the longest single wait for a lock on a table (3s)', milliseconds)
    .option('--lock-wait <duration>', 'how long locks are waited for altogether (10m)', milliseconds)
    .option('--statement-timeout <duration>', 'for each statement (1h)', milliseconds)
    .option('--no-wait', 'do not wait for locks: exit 6 at once, naming the holder')
    .option('--keep-going', 'after a failure, go on with what does not depend on it')
    .option('--single-transaction', 'the whole plan in one transaction, where every step allows it')
    .option('--no-hooks', "without the workspace's hooks")
    .option('--dry-run', 'print the SQL with its transaction boundaries; lock and write nothing')
    .option('-y, --yes', 'do not ask')
    .addOption(
      new Option('--log-format <format>', 'words on stderr as text, JSON lines, or the lines of the link runner').choices([
        'text',
        'json',
        'link',
      ]),
    )
}

/** What verbs take that change what is in databases: a copy of it first. */
export function backingUp(command: Command): Command {
  return command
    .option('--backup', 'back up each database before anything is changed in it; restore --before RUN goes back to that')
    .option('--backup-dir <folder>', 'where such backups are written (default: $SKEIN_BACKUP_DIR, else the current folder)')
    .option('--pg-bin <folder>', 'where pg_dump is (default: $SKEIN_PG_BIN, else PATH and the usual folders)')
}

/** What verbs take that run a plan. */
export function guarded(command: Command): Command {
  return backingUp(command).option('--approve <digest>', 'you have seen this plan and approve it: recorded, and nothing else is run')
}

/** The part of a request that every verb has. */
export function requestOf(options: CommonOptions & { url?: string }, services: readonly string[]): Request {
  return {
    file: options.file,
    services,
    database: options.database ?? options.url,
    embedded: options.embedded,
    environment: options.env,
  }
}

/** The same with what verbs that run something take besides. MIGRATION_TIMEOUT stands for --timeout where that is not given. Throws USAGE. */
export function runRequestOf(options: RunOptionsGiven, services: readonly string[], env: NodeJS.ProcessEnv): RunRequest {
  const inherited = env['MIGRATION_TIMEOUT']
  return {
    ...requestOf(options, services),
    jobs: options.jobs,
    timeoutMs:
      options.timeout ?? (inherited === undefined || inherited === '' ? undefined : asked(milliseconds, inherited, 'MIGRATION_TIMEOUT')),
    lockTimeoutMs: options.lockTimeout,
    lockBudgetMs: options.lockWait,
    statementTimeoutMs: options.statementTimeout,
    noWait: options.wait === false,
    keepGoing: options.keepGoing,
    singleTransaction: options.singleTransaction,
    timeStatements: options.verbose === true && options.quiet !== true,
    hooks: options.hooks,
    withNeeds: options.withNeeds,
    withDependants: options.withDependants,
    allowHollow: options.allowHollow?.includes('all') === true ? true : options.allowHollow,
    allowUnsafeRollback: options.allowUnsafeRollback,
    dryRun: options.dryRun,
    backup: options.backup,
    backupDir: options.backupDir,
    pgBin: options.pgBin,
    approve: options.approve,
  }
}

/** A Go duration (`60s`, `10m`, `1h30m`) or a bare number of seconds, as milliseconds. */
export function milliseconds(text: string): number {
  const parsed = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : parseDuration(text.trim())
  if (parsed === undefined || parsed <= 0) throw new InvalidArgumentError(`${text} is no duration: write 90s, 10m or 1h30m.`)
  return parsed
}

/** A whole number above zero. */
export function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError(`${text} is no number above zero.`)
  return Number(text)
}

/** Collects a repeatable option. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

/** Words after the verb: names of services (they begin with a letter, or are globs) and a number, in whatever order. Throws USAGE. */
export function countedWords(words: readonly string[]): { services: string[]; count: number | undefined } {
  const numbers = words.filter((word) => /^\d/.test(word))
  if (numbers.length > 1) throw new SkeinError('USAGE', { message: `one number at most, and here are ${numbers.join(' and ')}` })
  const [number] = numbers
  return {
    services: words.filter((word) => !/^\d/.test(word)),
    count: number === undefined ? undefined : asked(positive, number, 'the number of migrations'),
  }
}

/**
 * A service and a version, also as SERVICE@VERSION, or a version alone where there is but one service; `none` (and golang-migrate's -1) is before the first.
 * Throws USAGE.
 */
export function versionWords(given: readonly string[], verb: string): { services: string[]; version: string | null } {
  const words = given.length === 1 ? given.flatMap((word) => /^([A-Za-z][^@]*)@(.+)$/.exec(word)?.slice(1) ?? word) : given
  const [first, second] = words
  if (first === undefined || words.length > 2)
    throw new SkeinError('USAGE', {
      message: `${verb} needs a service and a version, and here are ${words.length} words`,
      hint: `skein ${verb} SERVICE VERSION`,
    })
  const turned = second !== undefined && /^\d/.test(first) && !/^\d/.test(second)
  const version = second === undefined || turned ? first : second
  return {
    services: second === undefined ? [] : [turned ? second : first],
    version: version === 'none' || version === '-1' ? null : version,
  }
}

/** A value that did not come through an option of commander, said to be wrong in the same words. Throws USAGE. */
function asked<Value>(parse: (text: string) => Value, text: string, name: string): Value {
  try {
    return parse(text)
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause
    throw new SkeinError('USAGE', { message: `${name}: ${cause.message}`, cause })
  }
}
