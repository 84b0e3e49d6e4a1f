import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadFailure } from './load-failure.fixture.ts'
import { diesel, golangMigrate, makeFiles, numbered, stamped } from './make-files.fixture.ts'
import { loadWorkspace } from './workspace.ts'

describe('loadWorkspace: the tool', () => {
  const yaml = { 'skein.yaml': 'services:\n  shop: { path: here }\n' }
  it('two that fit are an error that names both, with the lines to add', async () => {
    const root = makeFiles({ ...yaml, 'here/001_create_users.up.sql': '' })
    const error = await loadFailure({ cwd: root, env: {} })
    expect(error).toMatchObject({ code: 'TOOL-AMBIGUOUS', details: { place: { file: 'skein.yaml', line: 2, column: 3 } } })
    expect(error.message).toMatch(/golang-migrate \(.*001_create_users.*numbered \(/)
    expect(error.details.hint).toMatch(/tool: golang-migrate .* tool: numbered/)
  })

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['Flyway', { 'here/V1__create_users.sql': '' }, 'TOOL-UNSUPPORTED', /holds Flyway migrations \(V1__create_users\.sql\)/],
    ['Prisma', { 'here/migration_lock.toml': '', 'here/20240101_x/migration.sql': '' }, 'TOOL-UNSUPPORTED', /holds Prisma Migrate/],
    ['Drizzle', { 'here/0000_x.sql': '', 'here/meta/_journal.json': '{}' }, 'TOOL-UNSUPPORTED', /holds Drizzle migrations/],
    ['nothing known', { 'here/readme.txt': '', 'here/x.sql': '' }, 'TOOL-UNKNOWN', /it has readme\.txt, x\.sql/],
    ['nothing at all', { 'here/': '' }, 'TOOL-UNKNOWN', /it is empty/],
  ])('%s', async (_, files, code, message) => {
    const error = await loadFailure({ cwd: makeFiles({ ...yaml, ...files }), env: {} })
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
  })
})

describe('loadWorkspace: a tool that only the content of its files tells', () => {
  it.each<[string, Record<string, string>]>([
    ['typeorm', { 'here/1615213456789-x.ts': 'export class X1615213456789 implements MigrationInterface {}' }],
    ['alembic', { 'here/env.py': '', 'here/versions/ab12_x.py': "revision = 'ab12'" }],
    ['goose', { 'here/00001_x.sql': '-- +goose Up\nselect 1;' }],
    ['dbmate', { 'here/20240101_x.sql': '-- migrate:up\nselect 1;\n-- migrate:down\n' }],
  ])('%s', async (tool, files) => {
    const yaml = { 'skein.yaml': 'services:\n  shop: { path: here }\n' }
    const { services } = await loadWorkspace({ cwd: makeFiles({ ...yaml, ...files }), env: {} })
    expect(services.map((service) => service.tool)).toEqual([tool])
  })
})

describe('loadWorkspace: without a file', () => {
  it.each<[string, Record<string, string>, string, [string, string, string][]]>([
    ['./migrations', golangMigrate('migrations'), '', [['shop', 'golang-migrate', 'migrations']]],
    ['db/migrations', diesel('db/migrations'), '', [['shop', 'diesel', 'db/migrations']]],
    ['inside a migrations folder', numbered('migrations'), 'migrations', [['shop', 'numbered', 'migrations']]],
    ['a folder that is one', stamped('.'), '', [['shop', 'stamped', '.']]],
    [
      'database/migrations/*',
      { ...stamped('database/migrations/core'), ...stamped('database/migrations/auth_service'), 'database/migrations/README.md': '' },
      '',
      [
        ['auth_service', 'stamped', 'database/migrations/auth_service'],
        ['core', 'stamped', 'database/migrations/core'],
      ],
    ],
    [
      'environment folders stay with their service',
      { ...golangMigrate('migrations'), ...golangMigrate('migrations/staging') },
      '',
      [['shop', 'golang-migrate', 'migrations']],
    ],
  ])('%s', async (_, files, cwd, expected) => {
    const root = makeFiles(files)
    const workspace = await loadWorkspace({ cwd: join(root, cwd), env: {} })
    expect(workspace.file).toBeUndefined()
    expect(workspace.root).toBe(root)
    expect(workspace.services.map((service) => [service.name, service.tool, service.paths[0]])).toEqual(
      expected.map(([name, tool, path]) => [name, tool, join(root, path)]),
    )
    expect(workspace.notes).toHaveLength(expected.length)
  })

  it('takes a folder’s name as it is for the table, and made to fit for people', async () => {
    const { services } = await loadWorkspace({ cwd: makeFiles(numbered('migrations'), '1 my shop!'), env: {} })
    expect(services).toMatchObject([{ name: 'my-shop', history: { service: '1 my shop!' } }])
  })

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['nothing there', { 'src/a.ts': '' }, 'WORKSPACE-MISSING', /no skein\.yaml or skein\.yml in .*no migrations in \.\/migrations/],
    [
      'two places',
      { ...golangMigrate('migrations'), ...golangMigrate('db/migrations') },
      'CONFIG-INVALID',
      /in migrations and in db\/migrations/,
    ],
    ['two tools', { 'migrations/001_x.up.sql': '' }, 'TOOL-AMBIGUOUS', /fit 2 tools/],
    ['both file names', { 'skein.yaml': '', 'skein.yml': '' }, 'CONFIG-INVALID', /both skein\.yaml and skein\.yml/],
  ])('%s', async (_, files, code, message) => {
    const error = await loadFailure({ cwd: makeFiles(files), env: {} })
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
    expect(error.details.hint).toBeDefined()
  })

  it('--file that is not there', async () => {
    expect(await loadFailure({ cwd: makeFiles(golangMigrate('migrations')), file: 'other.yaml', env: {} })).toMatchObject({
      code: 'WORKSPACE-MISSING',
    })
  })
})
