import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Request, RunRequest } from '../app/request.ts'
import { SkeinError } from '../model/errors.ts'
import { parseDuration } from '../util/duration.ts'

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
  withNeeds?: boolean
  withDependants?: boolean
  allowHollow?: string[]
  allowUnsafeRollback?: boolean
  dryRun?: boolean
  yes?: boolean
  logFormat?: 'text' | 'json' | 'link'
}

/** What every verb takes. */
export function common(command: Command): Command {
  return command
    .option('-f, --file <path>', 'the workspace file, instead of the nearest skein.yaml upwards')
    .addOption(
      new Option('-d, --database <url>', 'a URL or key=value string for every service, instead of what is configured').conflicts(
        'embedded',
      ),
    )
    .addOption(new Option('--url <url>', 'the same as --database').hideHelp())
    .option('--embedded', "use the workspace's embedded PostgreSQL")
    .option('-e, --env <name>', 'the environment: its folders and its policies (default: $SKEIN_ENV, else base files only)')
    .option('--env-file <path>', 'variables that the environment lacks, from a dotenv file; read before everything; repeatable')
    .option('--env-file-override', 'the files of --env-file win over the environment')
    .option('--json', 'the result as JSON on stdout')
    .option('-q, --quiet', 'only results and errors')
    .option('-v, --verbose', 'more words')
}

/** What the verbs take that have little to say; they know --quiet and --verbose all the same, so that scripts may always add them. */
export function brief(command: Command): Command {
  return command
    .option('--json', 'the result as JSON on stdout')
    .addOption(new Option('-q, --quiet').hideHelp())
    .addOption(new Option('-v, --verbose').hideHelp())
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
    withNeeds: options.withNeeds,
    withDependants: options.withDependants,
    allowHollow: options.allowHollow?.includes('all') === true ? true : options.allowHollow,
    allowUnsafeRollback: options.allowUnsafeRollback,
    dryRun: options.dryRun,
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

/** A service and a version, or a version alone where there is but one service; `none` (and golang-migrate's -1) is before the first. Throws USAGE. */
export function versionWords(words: readonly string[], verb: string): { services: string[]; version: string | null } {
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
