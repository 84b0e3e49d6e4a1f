import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadFailure } from './load-failure.fixture.ts'
import { diesel, golangMigrate, makeFiles, numbered, stamped } from './make-files.fixture.ts'
import { loadWorkspace } from './workspace.ts'

describe('loadWorkspace: a file', () => {
  it('fills in every default', async () => {
    const root = makeFiles({ 'skein.yaml': 'services:\n  shop: { path: db/migrations }\n', ...golangMigrate('db/migrations') })
    const workspace = await loadWorkspace({ cwd: root, env: {} })
    expect(workspace).toMatchObject({
      root,
      file: join(root, 'skein.yaml'),
      tiers: [],
      environments: [],
      notes: [],
      environment: undefined,
    })
    expect(workspace.services).toEqual([
      {
        name: 'shop',
        aliases: [],
        tool: 'golang-migrate',
        source: 'golang-migrate',
        history: { name: 'golang-migrate', table: 'schema_migrations', service: undefined, columns: undefined, lockKeys: [] },
        paths: [join(root, 'db/migrations')],
        database: undefined,
        databaseAt: undefined,
        role: undefined,
        schema: undefined,
        ledgerSchema: 'skein',
        needs: [],
        tier: undefined,
        policies: { outOfOrder: 'error', changed: 'error', ahead: 'error' },
        environment: undefined,
        environments: [],
        place: { file: 'skein.yaml', line: 2, column: 3 },
        root,
        runtime: undefined,
      },
    ])
  })

  it('reads every key', async () => {
    const root = makeFiles({
      'skein.yaml': `
database: postgres://app:\${PASSWORD}@db/app
ledger: { schema: audit }
tiers: [core, 1]
services:
  core: { path: database/migrations/core, tool: stamped, tier: core, columns: { version: id } }
  tenant:
    path: [database/migrations/tenant_service, more]
    tier: 1
    needs: [core, wallet@2024-01-02-030405]
    aliases: [tenant_service]
    table: '"My Schema"."t.x"'
    service_value: tenants
    lock_keys: [0, -5, "0xffffffffffffffff", "9223372036854775807"]
    changed: warn
    ahead: ok
    ledger: { schema: tenant_ledger }
  wallet: { path: services/wallet/migrations, database: embedded:wallet, role: owner, schema: wallet }
environments:
  development: { changed: redo, out-of-order: run }
`,
      ...stamped('database/migrations/core'),
      ...stamped('database/migrations/tenant_service'),
      ...stamped('more'),
      ...diesel('services/wallet/migrations'),
    })
    const workspace = await loadWorkspace({ cwd: join(root, 'services/wallet'), env: {}, environment: 'development' })
    expect(workspace).toMatchObject({ root, tiers: [['core', '1']], environment: 'development', environments: ['development'] })
    const [core, tenant, wallet] = workspace.services
    expect(core).toMatchObject({
      ledgerSchema: 'audit',
      tier: 'core',
      history: { service: 'core', columns: { version: 'id' } },
      database: 'postgres://app:${PASSWORD}@db/app',
    })
    expect(tenant).toMatchObject({
      tool: 'stamped',
      aliases: ['tenant_service'],
      tier: '1',
      ledgerSchema: 'tenant_ledger',
      paths: [join(root, 'database/migrations/tenant_service'), join(root, 'more')],
      history: { name: 'stamped', schema: 'My Schema', table: 't.x', service: 'tenants', lockKeys: [0n, -5n, -1n, 9223372036854775807n] },
      needs: [
        { service: 'core', because: 'needs' },
        { service: 'wallet', version: '20240102030405', because: 'needs' },
      ],
      policies: { outOfOrder: 'run', changed: 'redo', ahead: 'ok' },
    })
    expect(wallet).toMatchObject({
      tool: 'diesel',
      database: 'embedded:wallet',
      role: 'owner',
      schema: 'wallet',
      databaseAt: { key: 'services.wallet.database' },
    })
  })

  it('takes CRLF, a BOM and merge keys', async () => {
    const yaml = '\uFEFFx: &common { changed: warn }\r\nservices:\r\n  shop:\r\n    <<: *common\r\n    path: migrations\r\n'
    const root = makeFiles({ 'skein.yaml': yaml, ...golangMigrate('migrations') })
    const error = await loadFailure({ cwd: root, env: {} })
    expect(error).toMatchObject({ code: 'CONFIG-UNKNOWN-KEY', details: { place: { file: 'skein.yaml', line: 1, column: 1 } } })
    const merged = makeFiles({
      'skein.yml': yaml.replace('x: &common { changed: warn }\r\n', 'environments:\r\n  a: &common { changed: warn }\r\n'),
      ...golangMigrate('migrations'),
    })
    expect((await loadWorkspace({ cwd: merged, env: {} })).services[0]?.policies.changed).toBe('warn')
  })

  it('with nothing in it finds the migrations beside it', async () => {
    for (const yaml of ['', '# nothing yet\n', 'database: embedded\n', '---\n']) {
      const root = makeFiles({ 'skein.yaml': yaml, ...numbered('migrations') })
      const { services } = await loadWorkspace({ cwd: root, env: {} })
      expect(services).toMatchObject([{ name: 'shop', tool: 'numbered', history: { service: 'shop' } }])
    }
  })

  it('finds the path from the name', async () => {
    const root = makeFiles({
      'skein.yaml': 'services: { auth: , user: {} }',
      ...golangMigrate('services/auth/migrations'),
      ...diesel('user/migrations'),
    })
    const { services } = await loadWorkspace({ cwd: root, env: {} })
    expect(services.map((service) => service.paths)).toEqual([[join(root, 'services/auth/migrations')], [join(root, 'user/migrations')]])
  })

  it('writes the service column as the tool would: by the folder', async () => {
    const root = makeFiles({
      'skein.yaml':
        'services:\n  discovery: { path: backend/discovery-svc/migrations }\n  here: { path: migrations, tool: numbered }\n  tenant: { path: database/migrations/tenant_service }\n',
      ...numbered('backend/discovery-svc/migrations'),
      ...numbered('migrations'),
      ...stamped('database/migrations/tenant_service'),
    })
    const { services } = await loadWorkspace({ cwd: root, env: {} })
    expect(services.map((service) => service.history.service)).toEqual(['discovery-svc', 'here', 'tenant_service'])
  })
})

describe('loadWorkspace: include', () => {
  const link =
    'services:\n  chat: { path: chat/migrations, needs: [users], aliases: [messages] }\n  users: { path: users/migrations, aliases: [discovery] }\ntiers: [base]\n'
  const files = { 'link/skein.yaml': link, ...numbered('link/chat/migrations'), ...golangMigrate('link/users/migrations') }

  it('puts the folder before the names, and keeps names, tiers and roots to their file', async () => {
    const root = makeFiles({
      'skein.yaml':
        'include: [link, deep/skein.yaml]\nservices:\n  shop: { path: migrations, needs: [link/discovery, messages, deep/inner/one] }\n',
      'deep/skein.yaml': 'include: [inner/skein.yaml]\n',
      'deep/inner/skein.yaml': 'database: embedded\nservices: { one: { path: migrations, tier: x } }\ntiers: [x]\n',
      ...golangMigrate('migrations'),
      ...golangMigrate('deep/inner/migrations'),
      ...files,
    })
    const { services, tiers } = await loadWorkspace({ cwd: root, env: {} })
    expect(services.map(({ name, root: own, tier, database, aliases }) => [name, own.slice(root.length), tier, database, aliases])).toEqual(
      [
        ['shop', '', undefined, undefined, []],
        ['link/chat', '/link', undefined, undefined, ['link/messages']],
        ['link/users', '/link', undefined, undefined, ['link/discovery']],
        ['deep/inner/one', '/deep/inner', 'deep/inner/x', 'embedded', []],
      ],
    )
    expect(services[0]?.needs.map((need) => need.service)).toEqual(['link/users', 'link/chat', 'deep/inner/one'])
    expect(services[1]?.needs).toEqual([{ service: 'link/users', because: 'needs' }])
    expect(tiers).toEqual([['link/base'], ['deep/inner/x']])
  })

  it.each<[string, Record<string, string>, string, string, number, RegExp]>([
    [
      'a circle',
      { 'skein.yaml': 'include: [link/skein.yaml]', 'link/skein.yaml': 'include: [../skein.yaml]' },
      'CONFIG-INVALID',
      'link/skein.yaml',
      11,
      /skein\.yaml → link\/skein\.yaml → skein\.yaml/,
    ],
    [
      'a file twice',
      { 'skein.yaml': 'include: [link, ./link/skein.yaml]', ...files },
      'CONFIG-INVALID',
      'skein.yaml',
      17,
      /included twice/,
    ],
    ['a folder without file', { 'skein.yaml': 'include: [empty]', 'empty/': '' }, 'CONFIG-INVALID', 'skein.yaml', 11, /does not exist/],
    [
      'folders of one name',
      { 'skein.yaml': 'include: [link, more/link]', ...files, 'more/link/skein.yaml': 'services: {}' },
      'CONFIG-INVALID',
      'skein.yaml',
      17,
      /folders called link/,
    ],
    [
      'a folder that is no name',
      { 'skein.yaml': 'include: [2link]', '2link/skein.yaml': link },
      'CONFIG-INVALID',
      'skein.yaml',
      11,
      /starts with a letter/,
    ],
    [
      'a mistake inside',
      { 'skein.yaml': 'include: [link]', ...files, 'link/skein.yaml': 'servces: {}' },
      'CONFIG-UNKNOWN-KEY',
      'link/skein.yaml',
      1,
      /did you mean services/,
    ],
    [
      'a need that only the including file knows',
      {
        'skein.yaml': 'include: [link]\nservices: { core: { path: link/users/migrations } }',
        ...files,
        'link/skein.yaml': 'services: { users: { path: users/migrations, needs: [core] } }',
      },
      'NEED-UNKNOWN',
      'link/skein.yaml',
      54,
      /link\/users needs core/,
    ],
  ])('%s', async (_, given, code, file, column, message) => {
    const error = await loadFailure({ cwd: makeFiles(given), env: {} })
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
    expect(error.details.place).toMatchObject({ file, line: 1, column })
  })
})

describe('examples', () => {
  const examples = join(import.meta.dirname, '../../examples')
  it.each(['.', 'tablium', 'link', 'go-factory', 'user-service', 'lumi-go'])('%s loads', async (name) => {
    const cwd = join(examples, name)
    expect(existsSync(join(cwd, 'skein.yaml'))).toBe(true)
    const { services, file } = await loadWorkspace({ cwd, env: {} })
    expect(file).toBe(join(cwd, 'skein.yaml'))
    expect(services.length).toBeGreaterThan(0)
  })
})
