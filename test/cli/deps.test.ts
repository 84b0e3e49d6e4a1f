import { cpSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connect, freshDatabase, temporaryFolder } from '../server.ts'
import { examples, folderOf, skein, writeFiles } from './kit.ts'

const migration = (service: string, number: number, up = `create table ${service}_${number} (id int);\n`) => ({
  [`${service}/00000${number}_t${number}.up.sql`]: up,
  [`${service}/00000${number}_t${number}.down.sql`]: `drop table ${service}_${number};\n`,
})
const platform = (entries: Record<string, unknown>) => ({
  'skein.yaml':
    'services:\n  shop: { path: shop, tool: golang-migrate, table: shop_migrations }\n' +
    '  auth: { path: auth, tool: golang-migrate, table: auth_migrations, aliases: [login] }\n',
  ...migration('shop', 1),
  ...migration('shop', 2),
  ...migration('auth', 1),
  ...migration('auth', 2),
  'auth/dependencies.json': `${JSON.stringify({ migrations: entries }, null, 2)}\n`,
})
const both = (second: Record<string, unknown>) => platform({ '000001_t1': { depends_on: [] }, '000002_t2': second })

describe.concurrent('skein deps', () => {
  it('tells what stands on what, in every format, without a database', async () => {
    const inUserService = (...args: string[]) => skein(join(examples, 'user-service'), ['deps', ...args])
    const inFactory = (...args: string[]) => skein(join(examples, 'go-factory'), ['deps', ...args])
    const answers = {
      'user-service.txt': inUserService(),
      'user-service.production.mmd': inUserService('user-service', '--env', 'production', '--format', 'mermaid'),
      'user-service.dot': inUserService('--migrations', '--format', 'dot'),
      'user-service.json': inUserService('--json'),
      'go-factory.txt': inFactory(),
      'go-factory.mmd': inFactory('--format', 'mermaid'),
      'go-factory.dot': inFactory('--migrations', '--format', 'dot'),
      'go-factory.json': inFactory('auth', '--format', 'json'),
      'go-factory.svg': inFactory('--format', 'svg'),
    }
    for (const [name, answer] of Object.entries(answers)) {
      const { code, stdout, stderr } = await answer
      expect({ code, stderr }, name).toEqual({ code: 0, stderr: '' })
      await expect(stdout).toMatchFileSnapshot(join(import.meta.dirname, '__fixtures__', 'deps', name))
    }
  })

  it('cross-service edges order a real plan, and join it', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf(both({ depends_on: ['1'], cross_service_dependencies: ['shop:000001'] }))
    const steps = async (...args: string[]) => {
      const { stdout } = await skein(folder, ['plan', '--json', ...args], { env })
      return (JSON.parse(stdout) as { steps: { id: string }[] }).steps.map(({ id }) => id)
    }
    expect(await steps()).toEqual(['auth@1', 'shop@1', 'shop@2', 'auth@2'])
    const refused = await skein(folder, ['up', 'auth'], { env })
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringMatching(/^NEED-PENDING: auth needs shop@1 \(dependencies.json\)/) })
    expect(await steps('auth', '--with-needs')).toEqual(['auth@1', 'shop@1', 'auth@2'])
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code: 0 })
    const back = await skein(folder, ['down', 'shop', '2', '--yes'], { env })
    expect(back).toMatchObject({ code: 5, stderr: expect.stringMatching(/^NEEDED-BY: /) })
  })

  it.each([
    [
      'an unknown service',
      { cross_service_dependencies: ['shopp'] },
      /^NEED-UNKNOWN: auth\/dependencies.json: auth needs shopp.*did you mean shop/,
      5,
    ],
    ['an unknown version', { cross_service_dependencies: ['shop@9'] }, /^NEED-UNKNOWN: auth\/dependencies.json: auth needs shop@9/, 5],
    ['itself', { cross_service_dependencies: ['login@1'] }, /names itself in cross_service_dependencies/, 5],
    ['a typo in a key', { rollback_save: false }, /^SOURCE-INVALID: .*rollback_save of 000002_t2 \(did you mean rollback_safe\?\)/, 2],
  ])('%s stops `up` before anything is done', async (_, entry, message, code) => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf(both(entry))
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code, stderr: expect.stringMatching(message) })
    expect(await skein(folder, ['deps'])).toMatchObject({ code })
    expect(await skein(folder, ['validate'])).toMatchObject({ code: 2 })
  })

  it('a circle through single migrations is told with its path', async () => {
    const folder = folderOf({
      ...both({ cross_service_dependencies: ['shop@1'] }),
      'shop/dependencies.json': JSON.stringify({
        migrations: { '1': { cross_service_dependencies: [{ service: 'auth', migration: '000002_t2' }] }, '2': {} },
      }),
    })
    const told = await skein(folder, ['deps'])
    expect(told).toMatchObject({ code: 5, stdout: expect.stringMatching(/circle: auth → shop@1 → auth@2 NEED-CYCLE/) })
    expect(await skein(folder, ['deps', '--format', 'mermaid'])).toMatchObject({ code: 5, stderr: expect.stringMatching(/circle/) })
  })

  it('rollback_safe: false is not taken back unless that is said, also in a given plan', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf(both({ rollback_safe: false }))
    expect(await skein(folder, ['up', 'auth'], { env })).toMatchObject({ code: 0 })
    for (const args of [
      ['down', 'auth'],
      ['redo', 'auth'],
      ['reset', 'auth'],
      ['goto', 'auth', '1'],
      ['plan', 'auth', '--down'],
    ]) {
      const refused = await skein(folder, args[0] === 'plan' ? args : [...args, '--yes'], { env })
      const stderr = expect.stringMatching(/^ROLLBACK-UNSAFE: auth@000002_t2 says [^]*next: .*--allow-unsafe-rollback/)
      expect(refused, args[0]).toMatchObject({ code: 2, stderr })
    }
    const planned = await skein(folder, ['plan', 'auth', '--down', '--allow-unsafe-rollback', '--json'], { env })
    expect(JSON.parse(planned.stdout)).toMatchObject({ request: { allowUnsafeRollback: true } })
    expect(await skein(folder, ['up', '--plan', '-'], { env, input: planned.stdout })).toMatchObject({ code: 0 })
    const client = await connect(env.DATABASE_URL)
    expect((await client.query("select to_regclass('auth_2') as gone")).rows).toEqual([{ gone: null }])
    await client.end()
  })

  it('--write adds what is missing, keeps all else, and then has nothing to add', async () => {
    const folder = folderOf(platform({}))
    const text =
      '\ufeff{\r\n    // ours\r\n    "migrations": {\r\n        "000002_t2": { "risk_level": "low" } // stays\r\n    },\r\n    "global_config": {}\r\n}'
    writeFiles(folder, {
      'auth/dependencies.json': text,
      ...migration('auth', 3, '-- Old codes go. Nobody reads them.\nalter table public.auth_1 drop column id;\n'),
    })
    const dry = await skein(folder, ['deps', '--write', '--dry-run'])
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringMatching(/would get 2 entries[^]*\+ 000003_t3[^]*rollback_safe: false/) })
    expect(readFileSync(join(folder, 'auth/dependencies.json'), 'utf8')).toBe(text)
    const mode = statSync(join(folder, 'auth/dependencies.json')).mode
    expect(await skein(folder, ['deps', '--write'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/skein deps --write shop makes one/),
    })
    expect(statSync(join(folder, 'auth/dependencies.json')).mode).toBe(mode)
    expect(readFileSync(join(folder, 'auth/dependencies.json'), 'utf8')).toBe(
      [
        '\ufeff{',
        '    // ours',
        '    "migrations": {',
        ...entry('000001_t1', 'T1', [], 'auth_1', 'low', true),
        '        },',
        '        "000002_t2": { "risk_level": "low" }, // stays',
        ...entry('000003_t3', 'Old codes go', ['000002_t2'], 'public.auth_1', 'high', false),
        '        }',
        '    },',
        '    "global_config": {}',
        '}',
      ].join('\r\n'),
    )
    expect(await skein(folder, ['deps', '--write', 'auth'])).toMatchObject({
      code: 0,
      stdout: 'nothing to add: every migration has its entry\n',
    })
    expect(await skein(folder, ['deps', '--write', 'shop'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^shop\/dependencies.json made with 2/),
    })
    expect(await skein(folder, ['validate'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/no errors/) })
  })

  it('--write makes of the example what its people wrote, as far as SQL tells', async () => {
    const folder = temporaryFolder()
    cpSync(join(examples, 'user-service'), folder, { recursive: true })
    const file = join(folder, 'migrations/dependencies.json')
    const tables = () => {
      const { migrations } = JSON.parse(readFileSync(file, 'utf8')) as {
        migrations: Record<string, { affects_tables: string[]; risk_level: string }>
      }
      return Object.entries(migrations).map(([id, one]) => [id, one.affects_tables.toSorted(), one.risk_level])
    }
    const before = tables()
    writeFiles(folder, { 'migrations/dependencies.json': '{ "migrations": {} }' })
    expect(await skein(folder, ['deps', '--write'])).toMatchObject({ code: 0 })
    expect(tables()).toEqual(before)
  })

  it('--write does not hide a typo, and goes with words and JSON only', async () => {
    const folder = folderOf(platform({ '000001_t1': {}, '000002_tt': { rollback_safe: false } }))
    const refused = await skein(folder, ['deps', '--write', 'auth'])
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^METADATA-INVALID: [^]*000002_tt \(did you mean 000002_t2\?\)/),
    })
    expect(await skein(folder, ['deps', '--write', '--format', 'svg'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^USAGE: /),
    })
    expect(await skein(folder, ['deps', '--dry-run'])).toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE: /) })
  })

  it('--write does not touch a file that cannot be read', async () => {
    const folder = folderOf(platform({}))
    writeFiles(folder, { 'auth/dependencies.json': '{ "migrations": { ' })
    const refused = await skein(folder, ['deps', '--write'])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/^METADATA-INVALID: [^]*auth\/dependencies.json:1:/) })
    expect(readFileSync(join(folder, 'auth/dependencies.json'), 'utf8')).toBe('{ "migrations": { ')
  })
})

function entry(id: string, description: string, before: string[], table: string, risk: string, safe: boolean): string[] {
  return [
    `        "${id}": {`,
    `            "description": "${description}",`,
    `            "depends_on": ${JSON.stringify(before)},`,
    `            "affects_tables": ["${table}"],`,
    '            "estimated_duration": "30s",',
    `            "risk_level": "${risk}",`,
    `            "rollback_safe": ${safe}`,
  ]
}
