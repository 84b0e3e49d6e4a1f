import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'
import { copyOf } from '../platforms/examples.ts'
import { commands } from '../under-test.ts'
import { runMigrate } from './run-migrate.ts'
import { place } from './speak.ts'

const bin = commands

it('bin/migrate serves both grammars', async () => {
  const { folder, env, query } = await place({
    'ai-svc/migrations/001_a.up.sql': 'create table a ();',
    'ai-svc/migrations/001_a.down.sql': 'drop table a;',
  })
  const migrate = (...words: string[]) => runMigrate(join(bin, 'migrate'), words, { cwd: join(folder, 'ai-svc'), env })
  expect(await migrate('-action=up')).toEqual({
    code: 0,
    stdout: '',
    stderr:
      '[ai-svc-migrations] Starting migration up for service: ai-svc\n[ai-svc-migrations] Found 1 pending migrations\n' +
      '[ai-svc-migrations] Successfully applied migration 001_a\n[ai-svc-migrations] All migrations completed successfully\n',
  })
  expect(await query('select service, version from migration_records')).toEqual([{ service: 'ai-svc', version: 1 }])
  expect(await migrate('-version')).toMatchObject({ code: 0, stderr: expect.stringMatching(/^4\.19\.1 /) })
  expect(await migrate('-path', 'migrations', 'up')).toMatchObject({ code: 1, stderr: expect.stringContaining('URL cannot be empty') })
})

it('runs once when three replicas start', async () => {
  const { folder, env, query } = await place({ 'svc/migrations/001_a.up.sql': 'create table a (); select pg_sleep(0.5);' })
  const all = await Promise.all([1, 2, 3].map(() => runMigrate(join(bin, 'migrate'), ['-action=up'], { cwd: join(folder, 'svc'), env })))
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(all.filter(({ stderr }) => stderr.includes('Successfully applied migration 001_a'))).toHaveLength(1)
  expect(await query('select version from migration_records')).toEqual([{ version: 1 }])
})

it('cancels the running migration on Ctrl-C and leaves nothing of it', async () => {
  const { folder, env, query } = await place({
    'svc/migrations/001_a.up.sql': 'create table a ();',
    'svc/migrations/002_b.up.sql': 'create table b (); select pg_sleep(60);',
  })
  const ended = await runMigrate(join(bin, 'migrate'), ['-action=up'], {
    cwd: join(folder, 'svc'),
    env,
    onStart: (child) =>
      child.stderr?.on('data', (chunk) => String(chunk).includes('Successfully applied migration 001_a') && child.kill('SIGINT')),
  })
  expect(ended.code).toBe(130)
  expect(await query("select version, to_regclass('b') as b from migration_records")).toEqual([{ version: 1, b: null }])
})

it('scripts/migrate.sh calls bin/migrator, from wherever it is called', async () => {
  const where = await place({})
  const folder = join(where.folder, 'go-factory')
  cpSync(copyOf('go-factory'), folder, { recursive: true })
  const config = readFileSync(join(folder, 'skein.yaml'), 'utf8')
  writeFileSync(join(folder, 'skein.yaml'), config.replace(/^database: .*\n/m, ''))
  const env = { ...where.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
  const ended = await runMigrate(join(folder, 'scripts/migrate.sh'), ['--action=up', '--service=core'], { cwd: '/', env })
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ 3 migrations applied in /) })
  expect(await where.query('select distinct service from schema_migrations')).toEqual([{ service: 'core' }])
})
