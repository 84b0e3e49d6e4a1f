import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isForNumbered } from '../../src/doors/numbered/argv.ts'
import { numbered } from '../../src/doors/numbered/run.ts'
import { files, guide, wrong } from './numbered-situations.ts'
import { place, type Said } from './speak.ts'

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
    for (const [line, said] of Object.entries(wrong)) {
      const { code, stdout, stderr } = await say(numbered, line, { in: 'ai-svc' })
      expect([code, stdout, stderr.split('\n')[0]], line).toEqual([2, '', fitting(said)])
    }
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
