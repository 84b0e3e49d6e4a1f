const instead: Readonly<Record<string, string>> = {
  setup: 'it would create the database and a first migration: create the database (createdb), then `migration run`',
  'database setup': 'it would create the database and a first migration: create the database (createdb), then `migration run`',
  'database reset': 'it drops the whole database: drop and create it with dropdb and createdb, then `migration run`',
  'database drop': 'it drops the whole database: dropdb does that',
  'print-schema': 'it writes Rust code from the catalogue: run `diesel print-schema` itself',
  completions: 'complete the words of diesel with `diesel completions` itself',
  'migration generate --diff-schema': 'it reads Rust code: run `diesel` itself',
  '--locked-schema':
    'diesel.toml names a print_schema.file, and only diesel itself can tell whether that would change: leave the option out',
}

/** Why a command of the tool is not done here, and what does it instead. */
export function refused(command: string): string {
  return `skein as diesel does not do \`${command}\`: ${instead[command] ?? 'run diesel itself'}`
}

/** Said once a run has changed the schema and the tool would write a file from it. */
export function schemaNotWritten(file: string): string {
  return `${file} was not written: \`diesel print-schema\` does that\n`
}
