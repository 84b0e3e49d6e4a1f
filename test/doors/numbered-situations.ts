import type { Place } from './speak.ts'

/** Three services, each with its migrations. */
export const files = {
  'discovery-svc/migrations/001_add_availability_columns.up.sql': 'create table user_availability (id int, day text);\n',
  'discovery-svc/migrations/001_add_availability_columns.down.sql': 'drop table user_availability;\n',
  'discovery-svc/migrations/002_add_ranking_config.up.sql': 'create table ranking (id int);\n',
  'discovery-svc/migrations/002_add_ranking_config.down.sql': 'drop table ranking;\n',
  'ai-svc/migrations/001_create_ai_tables.up.sql': 'create table ai_conversations (id int);\n',
  'ai-svc/migrations/001_create_ai_tables.down.sql': 'drop table ai_conversations;\n',
  'chat-svc/migrations/001_create_chat_tables_up.sql': 'create table chat_rooms (id int);\n',
  'chat-svc/migrations/001_create_chat_tables_down.sql': 'drop table chat_rooms;\n',
}

const head = '[discovery-svc-migrations]'
const nothing = `${head} Starting migration up for service: discovery-svc\n${head} Found 0 pending migrations\n${head} All migrations completed successfully\n`

/** A line of a document, where it is typed, and what comes of it; exit code 0 where none is said. */
export interface Line {
  line: string
  in?: string
  code?: number
  stdout?: string | RegExp
  stderr?: string | RegExp
  before?: (where: Place) => void
}

/** What a platform's guide prints, in its order; `go run cmd/migrate/main.go` is `migrate` here. */
export const guide: readonly Line[] = [
  // Running migrations
  {
    line: 'migrate -action=up',
    stderr:
      `${head} Starting migration up for service: discovery-svc\n${head} Found 2 pending migrations\n` +
      `${head} Successfully applied migration 001_add_availability_columns\n${head} Successfully applied migration 002_add_ranking_config\n` +
      `${head} All migrations completed successfully\n`,
  },
  { line: 'migrate -action=up -dry-run', stdout: '-- nothing to do\n', stderr: `${head} DRY RUN: 0 migrations would be applied\n` },
  {
    line: 'migrate -action=status',
    stdout:
      /^Service: discovery-svc, Current Version: 2, Pending: 0\n\nVERSION +NAME +STATUS +APPLIED AT\n001 +add_availability_columns +applied +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\n002 +add_ranking_config +applied .*Z\n$/,
  },
  { line: 'migrate -service=discovery-svc -action=up', in: 'shared-libs/migrations/cmd/migrate', stderr: nothing },
  {
    line: 'migrate -service=ai-svc -action=status',
    in: 'shared-libs/migrations/cmd/migrate',
    stdout: /^Service: ai-svc, Current Version: 0, Pending: 1\n\nVERSION .*\n001 +create_ai_tables +pending +-\n$/,
  },
  // Creating new migrations
  {
    line: 'migrate -action=generate -description="add user preferences table"',
    stdout: 'migrations/003_add_user_preferences_table.up.sql\nmigrations/003_add_user_preferences_table.down.sql\n',
    stderr: `${head} Generated migration 003_add_user_preferences_table\n`,
  },
  // Rolling back migrations
  {
    line: 'migrate -action=down',
    stderr:
      `${head} Starting migration down for service: discovery-svc\n${head} Successfully rolled back migration 002_add_ranking_config\n` +
      `${head} All migrations completed successfully\n`,
  },
  {
    line: 'migrate -action=down -dry-run',
    stdout: /drop table user_availability/,
    stderr: `${head} DRY RUN: 1 migration would be rolled back\n${head} DRY RUN: Would roll back migration 001_add_availability_columns\n`,
  },
  // Migration status and verification
  { line: 'migrate -action=status', stdout: /^Service: discovery-svc, Current Version: 1, Pending: 2\n/ },
  { line: 'migrate -action=verify', stderr: `${head} All 1 applied migrations verified successfully\n` },
  // Docker
  {
    line: './migrate -action=up',
    stderr:
      /Found 2 pending migrations\n.*002_add_ranking_config\n.*003_add_user_preferences_table\n.*All migrations completed successfully\n$/,
  },
  { line: './migrate -action=status', stdout: /Current Version: 3, Pending: 0\n/ },
  { line: './migrate -action=up -dry-run', stderr: /DRY RUN: 0 migrations/ },
  // Migration development workflow
  { line: 'migrate -action=generate -description="add user preferences"', stdout: /^migrations\/004_add_user_preferences\.up\.sql\n/ },
  {
    line: 'migrate -action=up -dry-run',
    before: ({ write }) =>
      write({
        'discovery-svc/migrations/004_add_user_preferences.up.sql': 'create table user_preferences (id int);\n',
        'discovery-svc/migrations/004_add_user_preferences.down.sql': 'drop table user_preferences;\n',
      }),
    stdout: /create table user_preferences/,
    stderr: /Would apply migration 004_add_user_preferences\n$/,
  },
  { line: 'migrate -action=up', stderr: /Found 1 pending migrations\n.*Successfully applied migration 004_add_user_preferences\n/ },
  { line: 'migrate -action=down -dry-run', stdout: /drop table user_preferences/ },
  // Troubleshooting
  { line: 'migrate -action=status', stdout: /Current Version: 4, Pending: 0\n/ },
  { line: 'migrate -action=verify' },
  { line: 'migrate -action=up -dry-run' },
  {
    line: 'migrate -action=verify',
    before: ({ write }) =>
      write({ 'discovery-svc/migrations/001_add_availability_columns.up.sql': 'create table user_availability (id int, day date);\n' }),
    code: 1,
    stderr:
      /WARNING: Checksum mismatch for migration 001_add_availability_columns: migrations\/001_add_availability_columns\.up\.sql was modified after being applied\n[^]*day text[^]*Migration verification failed\n$/,
  },
  { line: './migrate -action=status', stdout: /\n001 +add_availability_columns +changed / },
  // Recovery
  { line: 'migrate -action=status' },
  { line: 'migrate -action=down -dry-run', stderr: /Would roll back migration 004_add_user_preferences\n$/ },
  // Deployment pipeline
  { line: 'migrate -service=discovery-svc -action=up -dry-run', in: '.' },
  {
    line: 'migrate -service=ai-svc -action=up -dry-run',
    in: '.',
    stderr: /^\[ai-svc-migrations\] .*\n.*Would apply migration 001_create_ai_tables\n$/,
  },
  { line: 'migrate -service=chat-svc -action=up -dry-run', in: '.', stdout: /create table chat_rooms/ },
  // Status across all services
  ...['discovery-svc', 'ai-svc', 'chat-svc'].map((service) => ({
    line: `migrate -service=${service} -action=status`,
    in: '.',
    stdout: new RegExp(`^Service: ${service}, Current Version: `),
  })),
  // FAQ: a changed file is warned of, and stops nobody
  { line: './migrate -action=up', stderr: /Found 0 pending migrations\n/ },
  { line: 'migrate -action=up -help', stderr: /^Usage of migrate:\n {2}-action string\n/ },
]

/** Command lines that are wrong, by what is said first: exit code 2, and nothing done. */
export const wrong: Readonly<Record<string, string | RegExp>> = {
  'migrate -action=up -verbose': 'flag provided but not defined: -verbose',
  'migrate -action': 'flag needs an argument: -action',
  'migrate -action=up -dry-run=maybe': 'invalid boolean value "maybe" for -dry-run: parse error',
  'migrate -action=up -dry-run true': 'unexpected argument: true',
  'migrate -action=sideways': 'unknown action: sideways; use up, down, status, verify, generate',
  'migrate -service=ai-svc': '-action is required: up, down, status, verify, generate',
  'migrate -action=generate': /^-description is required/,
}
