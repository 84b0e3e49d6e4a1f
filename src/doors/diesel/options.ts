/** One option of diesel's command line, with what its help says. */
export interface Option {
  long: string
  short?: string
  /** Name of its value; without one it is a switch. */
  value?: string
  /** The value is optional and only behind `=`. */
  afterEquals?: boolean
  help: string
  /** For `--help` where that says more. */
  longHelp?: string
  /** Behind the help, in brackets. */
  notes?: readonly string[]
}

/** One command: what its help says, what it takes. */
export interface Spec {
  path: string
  about?: string
  usage: string
  /** Options in the order of its help; `help` itself is added. */
  options: readonly Option[]
  commands?: Readonly<Record<string, string>>
  positionals?: readonly { name: string; help: string; required: boolean }[]
  after?: string
}

const databaseUrl: Option = {
  long: 'database-url',
  value: 'DATABASE_URL',
  help: 'Specifies the database URL to connect to. Falls back to the DATABASE_URL environment variable if unspecified.',
}
const migrationDir: Option = {
  long: 'migration-dir',
  value: 'MIGRATION_DIRECTORY',
  help: 'The location of your migration directory. By default this will look for a directory called `migrations` in the current directory and its parents.',
}
const configFile: Option = {
  long: 'config-file',
  value: 'CONFIG_FILE',
  help: 'The location of the configuration file to use. Falls back to the `DIESEL_CONFIG_FILE` environment variable if unspecified. Defaults to `diesel.toml` in your project root. See diesel.rs/guides/configuring-diesel-cli for documentation on this file.',
}
const lockedSchema: Option = {
  long: 'locked-schema',
  help: 'Require that the schema file is up to date.',
  longHelp:
    'When `print_schema.file` is specified in your config file, this flag will cause Diesel CLI to error if any command would result in changes to that file. It is recommended that you use this flag when running migrations in CI or production.',
}

const common = [databaseUrl, migrationDir, configFile, lockedSchema]
const abouts = {
  run: 'Runs all pending migrations.',
  revert: 'Reverts the specified migrations.',
  redo: 'Reverts and re-runs the latest migration. Useful for testing that a migration can in fact be reverted.',
  list: 'Lists all available migrations, marking those that have been applied.',
  pending: 'Returns true if there are any pending migrations.',
  generate: 'Generate a new migration with the given name, and the current timestamp as the version.',
}
const help = 'Print this message or the help of the given subcommand(s)'
const group = 'A group of commands for generating, running, and reverting migrations.'

function plain(name: 'run' | 'list' | 'pending'): Spec {
  return { path: `diesel migration ${name}`, about: abouts[name], usage: '[OPTIONS]', options: common }
}

function back(name: 'revert' | 'redo', all: [string, string?], number: [string, string]): Spec {
  const options: Option[] = [
    { long: 'all', short: 'a', help: all[0], longHelp: all[1] },
    databaseUrl,
    migrationDir,
    configFile,
    { long: 'number', short: 'n', value: `${name.toUpperCase()}_NUMBER`, help: number[0], longHelp: number[1], notes: ['default: 1'] },
    lockedSchema,
  ]
  return { path: `diesel migration ${name}`, about: abouts[name], usage: '[OPTIONS]', options }
}

/** The program itself, before its command. */
export const root: Spec = {
  path: 'diesel',
  usage: '[OPTIONS] <COMMAND>',
  options: [databaseUrl, configFile, lockedSchema],
  commands: {
    migration: group,
    setup: 'Creates the migrations directory, creates the database specified in your DATABASE_URL, and runs existing migrations.',
    database: 'A group of commands for setting up and resetting your database.',
    completions: 'Generate shell completion scripts for the diesel command.',
    'print-schema': 'Print table definitions for database schema.',
    help,
  },
  after: 'You can also run `diesel SUBCOMMAND -h` to get more information about that subcommand.',
}

export const migration: Spec = {
  path: 'diesel migration',
  about: group,
  usage: '[OPTIONS] <COMMAND>',
  options: common,
  commands: { ...abouts, help },
}

/** The commands under `diesel migration`. Source: diesel_cli 2.2.12 src/cli.rs. */
export const commands: Readonly<Record<keyof typeof abouts, Spec>> = {
  run: plain('run'),
  list: plain('list'),
  pending: plain('pending'),
  revert: back(
    'revert',
    ['Reverts previously run migration files.'],
    [
      'Reverts the last `n` migration files.',
      'When this option is specified the last `n` migration files will be reverted. By default revert the last one.',
    ],
  ),
  redo: back(
    'redo',
    [
      'Reverts and re-runs all migrations.',
      'When this option is specified all migrations will be reverted and re-runs. Useful for testing that your migrations can be reverted and applied.',
    ],
    [
      'Redo the last `n` migration files.',
      'When this option is specified the last `n` migration files will be reverted and re-runs. By default redo the last migration.',
    ],
  ),
  generate: {
    path: 'diesel migration generate',
    about: abouts.generate,
    usage: '[OPTIONS] <MIGRATION_NAME> [table-name]...',
    positionals: [
      { name: 'MIGRATION_NAME', help: 'The name of the migration to create.', required: true },
      { name: 'table-name', help: 'Table names to filter.', required: false },
    ],
    options: [
      databaseUrl,
      migrationDir,
      {
        long: 'version',
        value: 'MIGRATION_VERSION',
        help: 'The version number to use when generating the migration. Defaults to the current timestamp, which should suffice for most use cases.',
      },
      configFile,
      {
        long: 'no-down',
        short: 'u',
        help: "Don't generate a down.sql file. You won't be able to run migration `revert` or `redo`.",
      },
      {
        long: 'format',
        value: 'MIGRATION_FORMAT',
        help: 'The format of the migration to be generated.',
        notes: ['default: sql', 'possible values: sql'],
      },
      lockedSchema,
      {
        long: 'diff-schema',
        value: 'SCHEMA_RS',
        afterEquals: true,
        help: "Populate the generated migrations based on the current difference between your `schema.rs` file and the specified database. \n\nThe generated migrations are not expected to be perfect. Be sure to check whether they meet your expectations. Adjust the generated output if that's not the case.",
      },
      {
        long: 'sqlite-integer-primary-key-is-bigint',
        help: "For SQLite 3.37 and above, detect `INTEGER PRIMARY KEY` columns as `BigInt`, when the table isn't declared with `WITHOUT ROWID`.\nSee https://www.sqlite.org/lang_createtable.html#rowid for more information.\nOnly used with the `--diff-schema` argument.",
      },
      { long: 'only-tables', short: 'o', help: 'Only include tables from table-name that matches regexp.' },
      { long: 'except-tables', short: 'e', help: 'Exclude tables from table-name that matches regex.' },
      {
        long: 'schema-key',
        value: 'schema-key',
        help: "select schema key from diesel.toml, use 'default' for print_schema without key.",
      },
    ],
  },
}
