import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, skein, sql } from './kit.ts'

const workspace = { ...shopFiles(), 'skein.yaml': 'services:\n  shop: { path: migrations }\n' }

/** What is printed, in ten lines at most, exit 0; and the commands that it names first. */
async function stands(
  folder: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ text: string; next: string[]; json: Record<string, unknown> }> {
  const [words, data] = await Promise.all([inProcess(folder, [], { env }), inProcess(folder, ['--json'], { env })])
  expect(words).toMatchObject({ code: 0, stderr: '' })
  expect(data).toMatchObject({ code: 0, stderr: '' })
  expect(words.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(10)
  const json = JSON.parse(data.stdout) as { next: { command: string }[] }
  return { text: words.stdout, next: json.next.map(({ command }) => command), json: { ...json } }
}

describe.concurrent('skein alone: where one stands, and what comes next', () => {
  it('nothing here', async () => {
    const { text, next, json } = await stands(folderOf({ 'README.md': '' }))
    expect(text).toMatch(/^no skein\.yaml in .* or above it, and no migrations below it\n\nnext {2}skein help tools /)
    expect(next).toEqual(['skein help tools', 'skein init'])
    expect(json).toMatchObject({ state: 'no-workspace', file: null, services: [] })
  })

  it('migrations, and no skein.yaml', async () => {
    const folder = folderOf({ ...shopFiles('services/shop/migrations'), ...shopFiles('services/wallet/migrations') })
    const { text, next } = await stands(folder)
    expect(text).toMatch(/\nfound below it: shop \(golang-migrate\), wallet \(golang-migrate\)\n\nnext {2}skein init /)
    expect(next[0]).toBe('skein init')
  })

  it('one service in ./migrations needs no file, and no database is said', async () => {
    const { text, next, json } = await stands(folderOf(shopFiles()))
    expect(text).toMatch(/ \(golang-migrate\), 2 migrations, no skein\.yaml needed\n✗ DATABASE-MISSING: no database is configured\n/)
    expect(next).toEqual(['skein help connections', 'skein plan --embedded', 'skein validate'])
    expect(json).toMatchObject({ state: 'no-database' })
  })

  it('a variable of skein.yaml that is not set', async () => {
    const folder = folderOf({ ...workspace, 'skein.yaml': `database: \${SHOP_URL}\n${workspace['skein.yaml']}` })
    const { text, json } = await stands(folder)
    expect(json).toMatchObject({ state: 'no-database', file: 'skein.yaml', problems: [{ code: 'VARIABLE-UNSET' }] })
    expect(text).toContain('SHOP_URL')
  })

  it('a skein.yaml that cannot be used, and files that cannot', async () => {
    const wrong = await stands(folderOf({ ...workspace, 'skein.yaml': `databse: x\n${workspace['skein.yaml']}` }))
    expect(wrong.json).toMatchObject({ state: 'invalid', problems: [{ code: 'CONFIG-UNKNOWN-KEY' }] })
    expect(wrong.next).toEqual(['skein help CONFIG-UNKNOWN-KEY'])
    const twice = await stands(folderOf({ ...workspace, 'migrations/000001_again.up.sql': 'select 1;\n' }))
    expect(twice.json).toMatchObject({ state: 'invalid', services: [{ name: 'shop' }] })
    expect(twice.next).toEqual(['skein validate'])
  })

  it('a server that is not there', async () => {
    const { text, next, json } = await stands(folderOf(workspace), { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/shop' })
    expect(text).toMatch(/\non 127\.0\.0\.1:1\/shop as me\n✗ CONNECT-REFUSED: /)
    expect(text).not.toContain('secret')
    expect(next).toEqual(['skein wait', 'skein config'])
    expect(json).toMatchObject({ state: 'unreachable' })
  })

  it('pending, then broken, then all applied', async () => {
    const { url } = await freshDatabase()
    const env = { DATABASE_URL: url }
    const folder = folderOf(workspace)
    const before = await stands(folder, env)
    expect(before.text).toMatch(/\n0 applied, 2 pending\n\nnext {2}skein plan .*\n {6}skein up /)
    expect(before.json).toMatchObject({ state: 'pending', services: [{ name: 'shop', migrations: 2, applied: 0, pending: 2 }] })
    expect((await inProcess(folder, ['up'], { env })).code).toBe(0)
    const after = await stands(folder, env)
    expect(after.text).toMatch(/\n✓ all 2 migrations are applied: nothing to do\n\nnext {2}skein new NAME /)
    expect(after.json).toMatchObject({ state: 'up-to-date', problems: [] })
    await sql(url, 'update schema_migrations set dirty = true')
    const broken = await stands(folder, env)
    expect(broken.json).toMatchObject({ state: 'broken', problems: expect.arrayContaining([expect.objectContaining({ code: 'DIRTY' })]) })
    expect(broken.next[0]).toBe('skein repair')
  })

  it('an embedded server that sleeps is not started', async () => {
    const folder = folderOf({ ...workspace, 'skein.yaml': `database: embedded\n${workspace['skein.yaml']}` })
    const { text, next } = await stands(folder)
    expect(text).toMatch(/\non the embedded PostgreSQL \(skein\), which is not running\n/)
    expect(next).toEqual(['skein up', 'skein status'])
    expect((await inProcess(folder, ['embedded', 'status'])).stdout).toBe('absent\n')
  })

  it('who is on an embedded server that sleeps hides nobody else', async () => {
    const { url } = await freshDatabase()
    const config = `services:\n  shop: { path: migrations, database: "\${SHOP_URL}" }\n  wallet: { path: wallet, database: embedded }\n`
    const folder = folderOf({ ...shopFiles(), ...shopFiles('wallet'), 'skein.yaml': config })
    const env = { SHOP_URL: url }
    const before = await stands(folder, env)
    expect(before.text).toContain('\n0 applied, 2 pending in shop\nnot asked: wallet, on the embedded PostgreSQL that is not running\n')
    expect(before.json).toMatchObject({
      state: 'pending',
      services: [
        { applied: 0, asleep: false },
        { applied: null, asleep: true },
      ],
    })
    expect((await inProcess(folder, ['up', 'shop'], { env })).code).toBe(0)
    const after = await stands(folder, env)
    expect(after.text).toContain('\n2 applied\nnot asked: wallet, ')
    expect(after.json).toMatchObject({ state: 'not-started' })
  })

  it('options without a verb are its options; a wrong one is said to be', async () => {
    const folder = folderOf(workspace)
    const ran = await skein(join(folder, '..'), ['-f', folder, '--json'])
    expect(JSON.parse(ran.stdout)).toMatchObject({ state: 'no-database', services: [{ name: 'shop' }] })
    expect(await skein(folder, ['--jsn'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Did you mean --json?') })
  })
})
