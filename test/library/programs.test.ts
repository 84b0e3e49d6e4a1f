/** The programs that the platforms' own documents print, in TypeScript. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MigrationEngine, openWorkspace, type RunEvent, SkeinError, succeeded } from '../../src/index.ts'
import { connect, freshDatabase, temporaryFolder } from '../server.ts'

const examples = join(import.meta.dirname, '..', '..', 'examples')

function migrations(files: Record<string, string>): string {
  const folder = join(temporaryFolder(), 'migrations')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test('an engine for one service: configured, status as the service asks for it, a health check', async () => {
  const { url } = await freshDatabase()
  const path = join(examples, 'link', 'discovery-svc', 'migrations')
  const plain = new MigrationEngine({ service: 'discovery-svc', path, database: url, env: {} })
  const engine = plain.withConfig({ dryRun: false, useTransactions: true, migrationTimeout: '10m' })

  expect(await engine.isUpToDate()).toBe(false)
  expect(await engine.getStatus()).toMatchObject({ service: 'discovery-svc', currentVersion: null, pending: 14 })
  const planned = await engine.withConfig({ dryRun: true }).up()
  expect(planned).toMatchObject({ outcome: 'dry-run', exit: 0, steps: [] })
  expect(planned.sql).toHaveLength(14)
  expect((await engine.getStatus()).pending).toBe(14)

  const first = succeeded(await engine.up())
  expect(first.steps).toHaveLength(14)
  const status = await engine.getStatus()
  expect(`Service: ${status.service}, Current Version: ${status.currentVersion}, Pending: ${status.pending}`).toBe(
    'Service: discovery-svc, Current Version: 13, Pending: 0',
  )
  expect(await engine.isUpToDate()).toBe(true)
  expect((await engine.verify()).exit).toBe(0)
  expect((await engine.down()).steps.map((step) => step.step.id)).toEqual(['discovery-svc@13:down'])
  const client = await connect(url)
  const { rows } = await client.query('select service, max(version) as version from migration_records group by service')
  expect(rows).toEqual([{ service: 'discovery-svc', version: 12 }])
  await client.end()
})

test('golang-migrate’s program: up, and nothing to do is an empty result and no exception', async () => {
  const { url } = await freshDatabase()
  const m = new MigrationEngine({ path: 'file://migrations', database: url, cwd: join(examples, 'lumi-go'), env: {} })
  expect((await m.up()).steps.length).toBeGreaterThan(3)
  expect(await m.up()).toMatchObject({ outcome: 'nothing', exit: 0, steps: [] })
})

test('without transactions every statement is committed by itself, and the next run goes on behind the last good one', async () => {
  const { url } = await freshDatabase()
  const path = migrations({
    '001_two.up.sql': 'create table a (n int);\nselect 1/0;\ncreate table b (n int);',
    '001_two.down.sql': 'drop table b; drop table a',
  })
  const engine = new MigrationEngine({ path, database: url, tool: 'numbered', env: {} }, { useTransactions: false })
  const broken = await engine.up()
  expect(broken).toMatchObject({ exit: 1, error: { code: 'STEP-FAILED', sqlstate: '22012' } })
  writeFileSync(join(path, '001_two.up.sql'), 'create table a (n int);\nselect 1/1;\ncreate table b (n int);')
  expect((await engine.up()).exit).toBe(0)
  expect((await engine.down()).exit).toBe(0)

  const whole = new MigrationEngine({ path, database: url, tool: 'numbered', env: {} })
  writeFileSync(join(path, '001_two.up.sql'), 'create table a (n int);\nselect 1/0;\ncreate table b (n int);')
  expect((await whole.up()).exit).toBe(1)
  const client = await connect(url)
  const { rows } = await client.query("select to_regclass('a') as a")
  expect(rows).toEqual([{ a: null }])
  await client.end()
})

test('a failing step is a result, and an exception for who asks for one; a health check never throws', async () => {
  const { url } = await freshDatabase()
  const path = migrations({ '001_bad.up.sql': 'select * from nowhere' })
  const engine = new MigrationEngine({ path, database: url, tool: 'numbered', env: {} })
  const result = await engine.up()
  expect(result.error).toMatchObject({ code: 'STEP-FAILED', place: { line: 1, column: 15 } })
  expect(() => succeeded(result)).toThrow(SkeinError)
  const nobody = new MigrationEngine({ path, database: 'postgres://x@127.0.0.1:1/x', tool: 'numbered', env: {} })
  expect(await nobody.isUpToDate()).toBe(false)
  await expect(nobody.getStatus()).rejects.toMatchObject({ code: 'CONNECT-REFUSED' })
  await expect(engine.withConfig({ migrationTimeout: 'soon' }).up()).rejects.toMatchObject({ code: 'USAGE' })
})

test('a workspace: typed results for each verb, events while it runs, an abort that ends it', async () => {
  const { url } = await freshDatabase()
  const folder = temporaryFolder()
  cpSync(join(examples, 'go-factory'), folder, { recursive: true })
  const events: RunEvent[] = []
  const skein = await openWorkspace({ cwd: folder, database: url, env: {}, onEvent: (event) => events.push(event) })
  expect(skein.services).toContain('tenant')
  expect((await skein.plan({ services: ['core'] })).plan.steps).toHaveLength(3)
  const up = succeeded(await skein.up())
  expect(up.steps.every((step) => step.outcome === 'done')).toBe(true)
  expect(events.filter((event) => event.kind === 'step-done')).toHaveLength(up.steps.length)
  expect((await skein.up()).outcome).toBe('nothing')
  expect((await skein.status({ services: ['auth'] })).services[0]).toMatchObject({ name: 'auth', pending: 0 })
  expect((await skein.redo({ services: ['reporting'] })).steps).toHaveLength(2)
  expect((await skein.validate()).findings.filter((finding) => finding.severity === 'error')).toEqual([])
  expect((await skein.verify()).exit).toBe(0)
  expect((await skein.logs({ limit: 1 })).runs).toHaveLength(1)
  expect((await skein.deps()).services.map((service) => service.name).sort()).toEqual(skein.services.toSorted())
  expect((await skein.config({ services: ['auth'] })).services[0]?.settings['database']?.from).toBe('--database')
  expect(await skein.repair()).toMatchObject({ states: [], exit: 0 })
  expect((await skein.drop({ services: ['reporting'], dryRun: true, because: 'a look' })).services[0]?.drops.length).toBeGreaterThan(3)

  const made = await skein.newMigration({ service: 'core', name: 'add currencies', type: 'table', dryRun: true })
  expect(made.files.map((file) => file.file)).toEqual([
    expect.stringMatching(/^database\/migrations\/core\/\d{14}_[0-9a-f]{8}_add_currencies\.up\.sql$/),
    expect.stringMatching(/add_currencies\.down\.sql$/),
  ])

  const stop = new AbortController()
  writeFileSync(join(folder, 'database/migrations/core/20990101000000_0a0b0c0d_sleep.up.sql'), 'select pg_sleep(60)')
  const sleeper = await openWorkspace({
    cwd: folder,
    database: url,
    env: {},
    signal: stop.signal,
    onEvent: (event) => event.kind === 'step-started' && setTimeout(() => stop.abort(), 200),
  })
  expect(await sleeper.up({ services: ['core'] })).toMatchObject({ outcome: 'interrupted', exit: 130 })
})
