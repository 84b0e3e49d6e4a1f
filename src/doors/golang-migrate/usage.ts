import { goDefaults, type GoFlags } from '../../util/go-flags.ts'

/** The texts of golang-migrate v4.19.1, internal/cli/main.go, letter by letter. */
const help = { help: { kind: 'bool', usage: 'Print help information' } } as const

/** Options that stand before the command. */
export const mainFlags = {
  help: { kind: 'bool', usage: '' },
  version: { kind: 'bool', usage: '' },
  verbose: { kind: 'bool', usage: '' },
  prefetch: { kind: 'uint', usage: '', default: '10' },
  'lock-timeout': { kind: 'uint', usage: '', default: '15' },
  path: { kind: 'string', usage: '' },
  database: { kind: 'string', usage: '' },
  source: { kind: 'string', usage: '' },
} satisfies GoFlags

export const defaultTimeFormat = '20060102150405'

interface CommandWords {
  flags: GoFlags
  usage: string
}

/** Each command's own flags and its help. */
export const commands: Readonly<Record<'create' | 'goto' | 'up' | 'down' | 'drop' | 'force', CommandWords>> = {
  create: {
    flags: {
      ...help,
      ext: { kind: 'string', usage: 'File extension' },
      dir: { kind: 'string', usage: 'Directory to place file in (default: current working directory)' },
      format: {
        kind: 'string',
        usage:
          'The Go time format string to use. If the string "unix" or "unixNano" is specified, then the seconds or nanoseconds since January 1, 1970 UTC respectively will be used. Caution, due to the behavior of time.Time.Format(), invalid format strings will not error',
        default: defaultTimeFormat,
      },
      tz: { kind: 'string', usage: 'The timezone that will be used for generating timestamps (default: utc)', default: 'UTC' },
      seq: { kind: 'bool', usage: 'Use sequential numbers instead of timestamps (default: false)' },
      digits: { kind: 'int', usage: 'The number of digits to use in sequences (default: 6)', default: '6' },
    },
    usage: `create [-ext E] [-dir D] [-seq] [-digits N] [-format] [-tz] NAME
\t   Create a set of timestamped up/down migrations titled NAME, in directory D with extension E.
\t   Use -seq option to generate sequential up/down migrations with N digits.
\t   Use -format option to specify a Go time format string. Note: migrations with the same time cause "duplicate migration version" error.
           Use -tz option to specify the timezone that will be used when generating non-sequential migrations (defaults: UTC).
`,
  },
  goto: { flags: help, usage: 'goto V       Migrate to version V' },
  up: { flags: help, usage: 'up [N]       Apply all or N up migrations' },
  down: {
    flags: { ...help, all: { kind: 'bool', usage: 'Apply all down migrations' } },
    usage: 'down [N] [-all]    Apply all or N down migrations\n\tUse -all to apply all down migrations',
  },
  drop: {
    flags: { ...help, f: { kind: 'bool', usage: 'Force the drop command by bypassing the confirmation prompt' } },
    usage: 'drop [-f]    Drop everything inside database\n\tUse -f to bypass confirmation',
  },
  force: { flags: help, usage: "force V      Set version V but don't run migration (ignores dirty state)" },
}

/** What `-help` prints. The drivers are those that this command has. */
export const usage = `Usage: migrate OPTIONS COMMAND [arg...]
       migrate [ -version | -help ]

Options:
  -source          Location of the migrations (driver://url)
  -path            Shorthand for -source=file://path
  -database        Run migrations against this database (driver://url)
  -prefetch N      Number of migrations to load in advance before executing (default 10)
  -lock-timeout N  Allow N seconds to acquire database lock (default 15)
  -verbose         Print verbose logging
  -version         Print version
  -help            Print usage

Commands:
  ${[commands.create, commands.goto, commands.up, commands.down, commands.drop, commands.force].map((command) => command.usage).join('\n  ')}
  version      Print current migration version

Source drivers: file
Database drivers: postgres, postgresql, pgx, pgx4, pgx5
`

/** What a command's own -help prints. */
export function commandHelp(name: keyof typeof commands): string {
  return `${commands[name].usage}\n${goDefaults(commands[name].flags)}`
}

/** What Go prints of a command's flags after one that is wrong, and for -h. */
export function commandFlags(name: keyof typeof commands): string {
  return `Usage of ${name}:\n${goDefaults(commands[name].flags)}`
}
