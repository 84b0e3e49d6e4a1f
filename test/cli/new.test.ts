import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { alembicWorkspace, typeormWorkspace } from '../code/services.ts'
import { copyOf } from '../platforms/examples.ts'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, sql } from './kit.ts'

type Files = Record<string, string>

const first = 'create table users (id int, email text);\n'
const down = 'drop table users;\n'
const yaml = (tool: string) => `services:\n  shop: { path: m, tool: ${tool} }\n`

/** A service of each tool of SQL with a first migration that makes users, and what the first file of the next one is called. */
const services: Record<string, { files: Files; next: RegExp }> = {
  'golang-migrate': {
    files: { 'm/000001_a.up.sql': first, 'm/000001_a.down.sql': down },
    next: /^m\/000002_index_users_by_email\.up\.sql$/,
  },
  numbered: { files: { 'm/001_a_up.sql': first, 'm/001_a_down.sql': down }, next: /^m\/002_index_users_by_email_up\.sql$/ },
  stamped: {
    files: { 'm/20240101120000_a1b2c3d4_a.up.sql': first, 'm/20240101120000_a1b2c3d4_a.down.sql': down },
    next: /^m\/20\d{12}_[0-9a-f]{8}_index_users_by_email\.up\.sql$/,
  },
  diesel: {
    files: { 'm/2024-01-01-000000-0000_a/up.sql': first, 'm/2024-01-01-000000-0000_a/down.sql': down },
    next: /^m\/20\d\d-\d\d-\d\d-\d{6}-0000_index_users_by_email\/up\.sql$/,
  },
  goose: { files: { 'm/00001_a.sql': `-- +goose Up\n${first}\n-- +goose Down\n${down}` }, next: /^m\/00002_index_users_by_email\.sql$/ },
  dbmate: {
    files: { 'm/20240101120000_a.sql': `-- migrate:up\n${first}\n-- migrate:down\n${down}` },
    next: /^m\/20\d{12}_index_users_by_email\.sql$/,
  },
}

const typed: [string, string][] = [
  ['index', 'index users by email'],
  ['table', 'create order table'],
  ['schema', 'add reports schema'],
]

/** Every type, one after the other: valid, and run both ways as they stand. Their relations that are left. */
async function runAll(folder: string, service: string, env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const { url } = await freshDatabase()
  const environment = { ...env, DATABASE_URL: url }
  const made: string[] = []
  for (const [type, name] of typed) {
    const answer = await inProcess(folder, ['new', service, name, '--type', type], { env })
    expect(answer, answer.stderr).toMatchObject({ code: 0 })
    made.push(answer.stdout.split('\n')[0] as string)
  }
  for (const words of [['fill users', '--type', 'data'], ['AnotherThing']])
    expect(await inProcess(folder, ['new', service, ...words], { env })).toMatchObject({ code: 0 })
  const validated = await inProcess(folder, ['validate', service], { env })
  expect(validated.code, validated.stdout).toBe(0)
  const up = await inProcess(folder, ['up', service], { env: environment })
  expect(up.code, up.stderr).toBe(0)
  const [there] = await sql<{ n: number }>(
    url,
    `select count(*)::int as n from pg_class where relname in ('order', 'idx_users_email') and relkind in ('r', 'i')`,
  )
  expect(there?.n).toBe(2)
  const back = await inProcess(folder, ['down', service, '5', '--yes', '--allow-hollow', 'all'], { env: environment })
  expect(back.code, back.stderr).toBe(0)
  const [left] = await sql<{ n: number }>(url, `select count(*)::int as n from pg_class where relname in ('order', 'idx_users_email')`)
  expect(left?.n).toBe(0)
  return made
}

describe('skein new', () => {
  it.each(Object.entries(services))('%s: files as its neighbours are, which run both ways', async (tool, { files, next }) => {
    const folder = folderOf({ 'skein.yaml': yaml(tool), ...files })
    const [index] = await runAll(folder, 'shop')
    expect(index).toMatch(next)
  })

  it('TypeORM and Alembic: a class and a revision that run both ways', async () => {
    const table = 'await runner.query("create table users (id int, email text)") // down await runner.query("drop table users")'
    expect((await runAll(typeormWorkspace({ up: [table] }), 'app'))[0]).toMatch(/^app\/src\/migrations\/\d{13}-index-users-by-email\.ts$/)
    const mako = readFileSync(join(import.meta.dirname, '../../examples/tablium/services/ai-engine/alembic/script.py.mako'), 'utf8')
    const folder = alembicWorkspace({
      revisions: { a1: 'op.execute("create table users (id int, email text)") # down op.execute("drop table users")' },
      files: { 'ai/alembic/script.py.mako': mako },
    })
    expect((await runAll(folder, 'ai'))[0]).toMatch(/^ai\/alembic\/versions\/[0-9a-f]{12}_index_users_by_email\.py$/)
  })

  it('the commands of the platforms: templates, entry, page, environment; the script of a package', async () => {
    const users = copyOf('user-service')
    const made = await inProcess(users, ['new', 'user-service', 'add_user_badges', '--type', 'table'])
    expect(made).toMatchObject({ code: 0, stderr: 'added an entry to migrations/dependencies.json\n' })
    expect(made.stdout).toBe(
      ['.up.sql', '.down.sql'].map((end) => `migrations/000009_add_user_badges${end}\n`).join('') +
        'migrations/docs/000009_add_user_badges.md\n',
    )
    expect(readFileSync(join(users, 'migrations/000009_add_user_badges.up.sql'), 'utf8')).toContain(
      'CREATE TABLE user_service.user_badges (',
    )
    const staged = await inProcess(users, ['new', 'add', 'sample', '--env', 'staging'])
    expect(staged.stdout).toMatch(/^migrations\/staging\/000010_add_sample\.up\.sql\n/)
    expect(await inProcess(users, ['validate'])).toMatchObject({ code: 0 })
    const entries = JSON.parse(readFileSync(join(users, 'migrations/dependencies.json'), 'utf8')) as { migrations: Record<string, unknown> }
    expect(entries.migrations['000009_add_user_badges']).toMatchObject({
      depends_on: ['000008_add_user_directory'],
      affects_tables: ['user_service.user_badges'],
    })
    expect(entries.migrations['000010_add_sample']).toMatchObject({ rollback_safe: true })
    const auth = join(copyOf('tablium'), 'services', 'auth')
    const { stdout } = await inProcess(auth, ['new', 'auth', '-n', 'AddAvatar'])
    expect(stdout).toMatch(/^src\/database\/migrations\/\d{14}-add-avatar\.ts\n$/)
    expect(readFileSync(join(auth, stdout.trim()), 'utf8')).toMatch(/^export class AddAvatar\d{10}000 implements MigrationInterface \{$/m)
    const link = copyOf('link')
    await inProcess(link, ['new', 'chat-svc', 'add user preferences table', '-t', 'table'])
    expect(readFileSync(join(link, 'chat-svc/migrations/005_add_user_preferences_table_down.sql'), 'utf8')).toMatch(
      /^-- Migration: Take back: add user preferences table\n-- Version: 005 \(DOWN\)\n-- Description: .*\n\nDROP TABLE IF EXISTS user_preferences;\n$/,
    )
  })

  it.each([
    [['new', 'shop'], /a migration needs a name/],
    [['new', 'shop', '../up'], /path separator/],
    [['new', 'shop', '---'], /unknown option|has no letter/],
    [['new', 'shop', 'a', '--name', 'b'], /two names/],
    [['new', 'shop', 'x'.repeat(300)], /file systems hold 255/],
    [['new', 'shop', 'a', '--type', 'tabel'], /no template tabel.*table/],
    [['new', 'shop', 'a', '--env', 'nowhere'], /no environment nowhere/],
    [['new', 'shop', 'a', '--head', 'b'], /Alembic/],
  ])('%j is refused, and nothing is written', async (args, message) => {
    const folder = folderOf({ 'skein.yaml': yaml('golang-migrate'), ...services['golang-migrate']?.files })
    const { code, stderr } = await inProcess(folder, args)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
    expect(readdirSync(join(folder, 'm'))).toHaveLength(2)
  })

  it('writes all or nothing, overwrites nothing, and nothing in a dry run', async () => {
    const folder = folderOf({ 'skein.yaml': yaml('golang-migrate'), ...services['golang-migrate']?.files, 'm/docs/000002_b.md': 'mine' })
    const before = readdirSync(join(folder, 'm'))
    expect(await inProcess(folder, ['new', 'shop', 'b'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^FILE-EXISTS: m\/docs\/000002_b.md/),
    })
    expect(readdirSync(join(folder, 'm'))).toEqual(before)
    const dry = await inProcess(folder, ['new', 'shop', 'c', '--dry-run', '--json'])
    expect(JSON.parse(dry.stdout)).toMatchObject({
      dryRun: true,
      version: '2',
      id: '000002_c',
      files: [{ file: 'm/000002_c.up.sql', text: '-- C\n' }, {}, {}],
    })
    expect(readdirSync(join(folder, 'm'))).toEqual(before)
  })

  it('keeps line ends, a dashed title, a count that outgrows its digits, and a stamp that is still to come', async () => {
    const crlf = folderOf({
      'skein.yaml': yaml('golang-migrate'),
      'm/999_a-b.up.sql': 'select 1;\r\n',
      'm/999_a-b.down.sql': 'select 1;\r\n',
    })
    expect((await inProcess(crlf, ['new', 'c', 'd', '-t', 'table'])).stdout).toMatch(/^m\/1000_c-d\.up\.sql\n/)
    expect(readFileSync(join(crlf, 'm/1000_c-d.up.sql'), 'utf8')).toMatch(/^-- C d\r\nCREATE TABLE c_d \(\r\n/)
    const stamps = folderOf({ 'skein.yaml': yaml('golang-migrate'), 'm/29991231235959_a.up.sql': 'select 1;' })
    expect((await inProcess(stamps, ['new', 'b'])).stdout).toMatch(/^m\/30000101000000_b\.up\.sql\n/)
  })

  it('several heads: one is named, or all are joined', async () => {
    const mako = readFileSync(join(import.meta.dirname, '../../examples/tablium/services/ai-engine/alembic/script.py.mako'), 'utf8')
    const folder = alembicWorkspace({ revisions: { a1: 'pass' }, files: { 'ai/alembic/script.py.mako': mako } })
    const versions = join(folder, 'ai/alembic/versions')
    for (const id of ['b1', 'b2'])
      writeFileSync(
        join(versions, `${id}_x.py`),
        `"""x"""\nrevision = '${id}'\ndown_revision = 'a1'\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n`,
      )
    expect(await inProcess(folder, ['new', 'ai', 'c'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/2 heads: .*--head b\d.*--merge/s),
    })
    expect((await inProcess(folder, ['new', '--renumber', 'ai'])).stdout).toContain('--merge')
    const named = (await inProcess(folder, ['new', 'ai', 'c', '--head', 'b1'])).stdout.trim()
    expect(readFileSync(join(folder, named), 'utf8')).toMatch(/^down_revision.*= 'b1'$/m)
    const merged = (await inProcess(folder, ['new', 'ai', 'merge heads', '--merge'])).stdout.trim()
    expect(readFileSync(join(folder, merged), 'utf8')).toMatch(/^down_revision.*= \('.*', '.*'\)$/m)
    expect((await inProcess(folder, ['validate'])).stdout).not.toContain('heads')
  })
})

describe('skein new --renumber', () => {
  const entries = JSON.stringify(
    { migrations: { '001_a': { depends_on: [] }, '002_b': { depends_on: ['001_a'] }, '002_c': { depends_on: ['002_b'] } } },
    null,
    2,
  )
  const twice = (): string =>
    folderOf({
      'skein.yaml': yaml('numbered'),
      'm/001_a.up.sql': 'create table a ();\n',
      'm/001_a.down.sql': 'drop table a;\n',
      'm/002_b.up.sql': '-- Version: 002\ncreate table b ();\n',
      'm/002_b.down.sql': '-- Version: 002 (DOWN)\ndrop table b;\n',
      'm/docs/002_b.md': '# 002_b\n',
      'm/dependencies.json': `${entries}\n`,
    })
  const addC = (folder: string): void => {
    writeFileSync(join(folder, 'm/002_c.up.sql'), '-- Version: 002\ncreate table c ();\n')
    writeFileSync(join(folder, 'm/002_c.down.sql'), 'drop table c;\n')
  }

  it('the one that is applied keeps its number, whichever sorts first', async () => {
    const folder = twice()
    const env = { DATABASE_URL: (await freshDatabase()).url }
    addC(folder)
    const kept = folderOf({
      'skein.yaml': yaml('numbered'),
      'm/001_a.up.sql': 'create table a ();\n',
      'm/001_a.down.sql': 'drop table a;\n',
      'm/002_c.up.sql': '-- Version: 002\ncreate table c ();\n',
      'm/002_c.down.sql': 'drop table c;\n',
    })
    expect(await inProcess(kept, ['up'], { env })).toMatchObject({ code: 0 })
    const invalid = await inProcess(folder, ['validate'])
    expect(invalid).toMatchObject({ code: 2, stdout: expect.stringContaining('skein new --renumber') })
    const dry = await inProcess(folder, ['new', '--renumber', '--dry-run'], { env })
    expect(dry.stdout).toMatch(/^shop 002_b → 003_b; 002_c keeps its number: it is applied\n/)
    expect(existsSync(join(folder, 'm/003_b.up.sql'))).toBe(false)
    expect(await inProcess(folder, ['new', '--renumber', '--keep', '002_b'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/002_c is applied/),
    })
    expect(await inProcess(folder, ['new', '--renumber', 'shop'], { env })).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'm/003_b.up.sql'), 'utf8')).toBe('-- Version: 003\ncreate table b ();\n')
    expect(readFileSync(join(folder, 'm/003_b.down.sql'), 'utf8')).toContain('-- Version: 003 (DOWN)')
    expect(readFileSync(join(folder, 'm/docs/003_b.md'), 'utf8')).toBe('# 003_b\n')
    expect(JSON.parse(readFileSync(join(folder, 'm/dependencies.json'), 'utf8'))).toMatchObject({
      migrations: { '003_b': {}, '002_c': { depends_on: ['003_b'] } },
    })
    expect((await inProcess(folder, ['new', '--renumber'], { env })).stdout).toBe('no two migrations share a number\n')
  })

  it('without a database it needs --yes, and the one that sorts first keeps its number', async () => {
    const folder = twice()
    addC(folder)
    expect(await inProcess(folder, ['new', '--renumber'])).toMatchObject({ code: 2, stderr: expect.stringMatching(/^CONFIRM-NEEDED: /) })
    const { stdout } = await inProcess(folder, ['new', '--renumber', '--yes'])
    expect(stdout).toMatch(/^shop 002_c → 003_c; 002_b keeps its number: no database could be asked/)
    expect(await inProcess(folder, ['validate'])).toMatchObject({
      code: expect.any(Number),
      stdout: expect.not.stringContaining('SOURCE-DUPLICATE'),
    })
  })

  it.each([
    ['golang-migrate', 'm/000001_z.up.sql', first],
    ['stamped', 'm/20240101120000_a1b2c3d4_z.up.sql', first],
    ['diesel', 'm/2024-01-01-000000-0000_z/up.sql', first],
    ['goose', 'm/00001_z.sql', '-- +goose Up\nselect 1;\n-- +goose Down\nselect 1;\n'],
    ['dbmate', 'm/20240101120000_z.sql', '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n'],
  ])('%s: the other one moves behind all', async (tool, file, text) => {
    const folder = folderOf({ 'skein.yaml': yaml(tool), ...services[tool]?.files, [file]: text })
    expect((await inProcess(folder, ['validate'])).stdout).toMatch(/SOURCE-DUPLICATE\n.*skein new --renumber/)
    const { code, stdout } = await inProcess(folder, ['new', '--renumber', '--yes'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/_z → .*_z; .*_a keeps its number/) })
    expect((await inProcess(folder, ['validate'])).stdout).toContain('no errors')
  })

  it('TypeORM: class and file get another time', async () => {
    const folder = typeormWorkspace({ up: ['// down '] })
    const text = readFileSync(join(folder, 'app/src/migrations/1700000000001-step.ts'), 'utf8')
    writeFileSync(join(folder, 'app/src/migrations/1700000000001-zebra.ts'), text.replace('Step1', 'Zebra'))
    const env = { DATABASE_URL: (await freshDatabase()).url }
    expect(await inProcess(folder, ['new', '--renumber'], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/app Zebra1700000000001 → Zebra\d{13}; Step11700000000001 keeps/),
    })
    const file = readdirSync(join(folder, 'app/src/migrations')).find((name) => name.endsWith('-zebra.ts')) ?? ''
    expect(readFileSync(join(folder, 'app/src/migrations', file), 'utf8')).toContain(`class Zebra${file.slice(0, 13)} `)
  })
})
