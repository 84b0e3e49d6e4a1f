import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isForNumbered } from '../../src/doors/numbered/argv.ts'
import { numbered } from '../../src/doors/numbered/run.ts'
import { place, type Place, type Said } from './speak.ts'

const files = {
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

interface Line {
  line: string
  in?: string
  code?: number
  stdout?: string | RegExp
  stderr?: string | RegExp
  before?: (where: Place) => void
}

/** What a platform's guide prints, in its order; `go run cmd/migrate/main.go` is `migrate` here. */
const guide: Line[] = [
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

describe('migrate -action=…', () => {
  it('does what the guide of such a platform prints, in its order', async () => {
    const where = await place({ ...files, 'shared-libs/migrations/cmd/migrate/main.go': '' })
    for (const one of guide) {
      one.before?.(where)
      const said = await where.say(numbered, one.line, { in: one.in ?? 'discovery-svc' })
      expect(said, one.line).toEqual({ code: one.code ?? 0, stdout: fitting(one.stdout), stderr: fitting(one.stderr) })
    }
    expect(await where.query('select service, version, name from migration_records order by version')).toEqual([
      { service: 'discovery-svc', version: 1, name: 'add_availability_columns' },
      { service: 'discovery-svc', version: 2, name: 'add_ranking_config' },
      { service: 'discovery-svc', version: 3, name: 'add_user_preferences_table' },
      { service: 'discovery-svc', version: 4, name: 'add_user_preferences' },
    ])
    expect(await where.query('select service, version from schema_versions')).toEqual([{ service: 'discovery-svc', version: 4 }])
    expect(readdirSync(join(where.folder, 'discovery-svc/migrations'))).toHaveLength(8)
  })

  it('keeps the service’s name where the image has only its files', async () => {
    const { say, query } = await place({
      'image/app/migrations/001_create_ai_tables.up.sql': files['ai-svc/migrations/001_create_ai_tables.up.sql'],
      'image/app/migrations/001_create_ai_tables.down.sql': files['ai-svc/migrations/001_create_ai_tables.down.sql'],
    })
    expect(await say(numbered, './migrate -action=up -service=ai-svc', { in: 'image/app' })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('[ai-svc-migrations] Successfully applied migration 001_create_ai_tables\n'),
    })
    expect(await query('select service from migration_records')).toEqual([{ service: 'ai-svc' }])
  })

  it('takes no wrong name for that of the service whose folder this is', async () => {
    const { say, query } = await place(files)
    expect(await say(numbered, 'migrate -action=up -service=al-svc', { in: 'ai-svc' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('WORKSPACE-MISSING: there is no folder al-svc/migrations here or above'),
    })
    expect(await query("select to_regclass('migration_records') as there")).toEqual([{ there: null }])
  })

  it('says no password, whatever is wrong', async () => {
    const { say, env, write } = await place(files)
    const secret = { ...env, DB_PASSWORD: 'cAnArY-4711', DB_PORT: '1' }
    const closed = await say(numbered, 'migrate -action=up', { in: 'ai-svc', env: secret })
    write({ 'skein.yaml': 'database: embedded\nservices: { ai: { path: ai-svc/migrations, tool: numbered } }\n' })
    const ambiguous = await say(numbered, 'migrate -action=up', { env: secret })
    expect([closed.code, ambiguous.code]).toEqual([1, 1])
    expect(closed.stderr + ambiguous.stderr).not.toContain('cAnArY')
    expect(ambiguous.stderr).toContain('says embedded:skein')
  })

  it('says what failed, where, and leaves nothing of it', async () => {
    const { say, query, write } = await place(files)
    write({
      'ai-svc/migrations/002_broken.up.sql': 'create table half (id int);\nselect nowhere;\n',
      'ai-svc/migrations/002_broken.down.sql': 'drop table half;',
    })
    const failed = await say(numbered, 'migrate --action up --service ai-svc')
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(/\[ai-svc-migrations\] Failed migration 002_broken: [^]*at ai-svc\/migrations\/002_broken\.up\.sql:2:8\n/)
    expect(failed.stderr).not.toContain('completed successfully')
    expect(await query("select version, to_regclass('half') as half from migration_records")).toEqual([{ version: 1, half: null }])
  })

  it('takes back nothing where nothing is applied', async () => {
    const { say } = await place(files)
    expect(await say(numbered, 'migrate -action=down', { in: 'ai-svc' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NOTHING-TO-UNDO: nothing is applied in ai-svc'),
    })
  })

  it('warns of the checksums that another program wrote', async () => {
    const { say, query } = await place(files)
    await say(numbered, 'migrate -action=up', { in: 'ai-svc' })
    await query("drop schema skein cascade; update migration_records set checksum = repeat('0', 64)")
    expect(await say(numbered, 'migrate -action=verify', { in: 'ai-svc' })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/WARNING: Checksum mismatch: .*001_create_ai_tables\n.*Migration verification failed\n$/),
    })
    expect(await say(numbered, 'migrate -action=up', { in: 'ai-svc' })).toMatchObject({ code: 0 })
  })

  it('finds the service in skein.yaml by its folder, its alias or where it is called', async () => {
    const config =
      'services: { ai: { path: ai-svc/migrations, tool: numbered, aliases: [assistant] }, chat: { path: chat-svc/migrations, tool: numbered, needs: [ai] } }\n'
    const { say } = await place({ ...files, 'skein.yaml': config })
    const wordsOf = (said: Said) => /^Service: (\S+),/.exec(said.stdout)?.[1] ?? said.stderr
    expect(wordsOf(await say(numbered, 'migrate -action=status -service=ai-svc'))).toBe('ai')
    expect(wordsOf(await say(numbered, 'migrate -action=status -service=assistant', { in: 'chat-svc' }))).toBe('ai')
    expect(wordsOf(await say(numbered, 'migrate -action=status', { in: 'chat-svc' }))).toBe('chat')
    expect(await say(numbered, 'migrate -action=status')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('-service=ai or -service=chat'),
    })
    expect(await say(numbered, 'migrate -action=status -service=aj')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean ai?'),
    })
    expect(await say(numbered, 'migrate -action=up', { in: 'chat-svc' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NEED-PENDING'),
    })
  })

  it('refuses a skein.yaml that names another database than DB_HOST …', async () => {
    const { say, query } = await place({
      ...files,
      'skein.yaml': 'database: postgres://nobody@localhost:1/other\nservices: { ai: { path: ai-svc/migrations, tool: numbered } }\n',
    })
    const refused = await say(numbered, 'migrate -action=up')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('DATABASE-AMBIGUOUS: ai: DB_* say ') })
    expect(await query("select to_regclass('migration_records') as there")).toEqual([{ there: null }])
  })

  it('reads flags as Go does, and passes over no word', async () => {
    const { say } = await place(files)
    const wrong = async (line: string) => {
      const said = await say(numbered, line, { in: 'ai-svc' })
      expect([said.code, said.stdout], line).toEqual([2, ''])
      return said.stderr.split('\n')[0]
    }
    expect(await wrong('migrate -action=up -verbose')).toBe('flag provided but not defined: -verbose')
    expect(await wrong('migrate -action')).toBe('flag needs an argument: -action')
    expect(await wrong('migrate -action=up -dry-run=maybe')).toBe('invalid boolean value "maybe" for -dry-run: parse error')
    expect(await wrong('migrate -action=up -dry-run true')).toBe('unexpected argument: true')
    expect(await wrong('migrate -action=sideways')).toBe('unknown action: sideways; use up, down, status, verify, generate')
    expect(await wrong('migrate -service=ai-svc')).toBe('-action is required: up, down, status, verify, generate')
    expect(await wrong('migrate -action=generate')).toMatch(/^-description is required/)
    expect(await say(numbered, 'migrate -action=up -dry-run=false', { in: 'ai-svc' })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Successfully applied'),
    })
  })

  it('is told from golang-migrate’s grammar by its flags', () => {
    expect(['-action=up', '--action', '-dry-run', '-service=x'].map((word) => isForNumbered([word]))).toEqual([true, true, true, true])
    expect(isForNumbered(['-path', 'migrations', '-database', 'postgres://h/action', 'up'])).toBe(false)
    expect(isForNumbered(['-help'])).toBe(false)
    expect(isForNumbered(['create', '--', '-action'])).toBe(false)
  })
})

function fitting(text: string | RegExp | undefined): unknown {
  return text instanceof RegExp ? expect.stringMatching(text) : (text ?? expect.any(String))
}
