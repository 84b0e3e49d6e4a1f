import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stamped } from '../../src/doors/stamped/run.ts'
import { copyOf, examples } from '../platforms/examples.ts'
import { place, type Place } from './speak.ts'

/** examples/go-factory, on a database that DB_HOST … name: its skein.yaml names none. */
async function goFactory(): Promise<Place> {
  const folder = copyOf('go-factory')
  const config = readFileSync(join(folder, 'skein.yaml'), 'utf8').replace(/^database: .*\n/m, '')
  return place({ 'skein.yaml': config }, folder)
}

/** Two services as they come, and no skein.yaml. */
async function withoutFile(): Promise<Place> {
  const where = await place({})
  for (const name of ['core', 'tenant_service'])
    cpSync(join(examples, 'go-factory/database/migrations', name), join(where.folder, 'database/migrations', name), { recursive: true })
  return where
}

const applied = 'select service, count(*)::int from schema_migrations group by service order by service'

describe('migrator -action=…', () => {
  it('does what the guide of such a platform prints, in its order', async () => {
    const where = await goFactory()
    const made = await where.say(stamped, 'migrator -action=create -service=tenant -name=create_tenants_table')
    expect(made).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^database\/migrations\/tenant_service\/(\d{14}_[0-9a-f]{8}_create_tenants_table)\.up\.sql\n.*\/\1\.down\.sql\n$/,
      ),
      stderr: expect.stringMatching(/^created tenant \d{14}_[0-9a-f]{8}_create_tenants_table\n$/),
    })
    for (const file of made.stdout.trim().split('\n'))
      where.write({ [file]: file.endsWith('.up.sql') ? 'create table tenant_notes ();\n' : 'drop table tenant_notes;\n' })
    const all = await where.say(stamped, 'migrator -action=up -service=all')
    expect(all).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ \d+ migrations applied in /) })
    const order = [...all.stderr.matchAll(/^✓ (\S+) /gm)].map(([, service]) => service)
    expect([...new Set(order)]).toEqual(['core', 'tenant', 'auth', 'user', 'notification', 'platform', 'reporting'])
    expect(await where.say(stamped, 'migrator -action=up -service=tenant')).toMatchObject({ code: 0, stdout: 'nothing to do\n' })
    // Users belong to tenants: here the runner would have stopped at a foreign key, half-way.
    const refused = await where.say(stamped, 'migrator -action=down -service=tenant')
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^NEEDED-BY: [^]*next: add -with-dependants/) })
    expect((await where.query(applied)).length).toBe(7)
    expect(await where.say(stamped, 'migrator -action=down -service=tenant -with-dependants')).toMatchObject({ code: 0 })
    expect(await where.query(applied)).toEqual([{ service: 'core', count: 3 }])
  })

  it('does the same through scripts/migrate.sh, with two dashes', async () => {
    const where = await goFactory()
    expect(readFileSync(join(where.folder, 'scripts/migrate.sh'), 'utf8')).toMatch(/&& exec migrator "\$@"\n$/)
    const say = (line: string) => where.say(stamped, line)
    const folder = join(where.folder, 'database/migrations/tenant_service')
    const before = readdirSync(folder).length
    expect(await say('./scripts/migrate.sh --action=create --service=tenant --name=create_tenants_table --dry-run')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^would create tenant /),
    })
    expect(readdirSync(folder)).toHaveLength(before)
    expect(await say('./scripts/migrate.sh --action=up --service=all')).toMatchObject({ code: 0 })
    expect(await say('./scripts/migrate.sh --action=down --service=tenant')).toMatchObject({ code: 1 })
    expect(await say('./scripts/migrate.sh --action=down --service=reporting')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ 3 migrations taken back in /),
    })
  })

  it('takes back everything of all services only for somebody who says so', async () => {
    const { say, query } = await goFactory()
    await say(stamped, 'migrator -action=up -service=all')
    const down = 'migrator -action=down -service=all'
    expect(await say(stamped, down)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/CONFIRM-NEEDED: all \d+ migrations [^]*-yes/),
    })
    expect(await say(stamped, down, { answer: 'n' })).toMatchObject({ code: 1, stderr: expect.stringContaining('not confirmed') })
    expect(await say(stamped, `${down} -dry-run`)).toMatchObject({ code: 0, stdout: expect.stringMatching(/drop table/i) })
    expect((await query(applied)).length).toBe(7)
    expect(await say(stamped, down, { answer: 'y' })).toMatchObject({ code: 0, stdout: expect.stringMatching(/migrations taken back/) })
    expect(await query(applied)).toEqual([])
    await say(stamped, 'migrator -action=up -service=all')
    expect(await say(stamped, `${down} -yes`)).toMatchObject({ code: 0 })
    expect(await query(applied)).toEqual([])
  })

  it('finds a service by its folder where there is no skein.yaml', async () => {
    const { say, query, folder } = await withoutFile()
    expect(await say(stamped, 'migrator -action=up -service=core')).toMatchObject({ code: 0 })
    expect(await say(stamped, 'migrator -action=up -service=tenant', { in: 'database' })).toMatchObject({ code: 0 })
    expect(await query(applied)).toEqual([
      { service: 'core', count: 3 },
      { service: 'tenant_service', count: 3 },
    ])
    expect(await say(stamped, 'migrator -action=down -service=tenant')).toMatchObject({ code: 0 })
    expect(await say(stamped, 'migrator -action=down -service=tenant')).toMatchObject({ code: 0, stdout: 'nothing to do\n' })
    expect(await query(applied)).toEqual([{ service: 'core', count: 3 }])
    expect(await say(stamped, 'migrator -action=up -service=all')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('in which order services depend on each other'),
    })
    rmSync(join(folder, 'database/migrations/tenant_service'), { recursive: true })
    expect(await say(stamped, 'migrator -action=create -service=tenant -name=x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('mkdir -p database/migrations/tenant_service'),
    })
    expect(await say(stamped, 'migrator -action=up -service=../core')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SERVICE-UNKNOWN'),
    })
  })

  it('refuses a command line that says too little or too much', async () => {
    const { say } = await place({})
    const wrong = async (line: string) => {
      const said = await say(stamped, line)
      expect([said.code, said.stdout], line).toEqual([2, ''])
      return said.stderr.split('\n')[0]
    }
    expect(await wrong('migrator -action=up')).toBe('-service is required: a service, or all')
    expect(await wrong('migrator -action=create -service=all -name=x')).toBe('create makes one migration: name one service')
    expect(await wrong('migrator -action=create -service=tenant')).toMatch(/^-name is required/)
    expect(await wrong('migrator -action=status -service=tenant')).toBe('unknown action: status; use create, up, down')
    expect(await wrong('migrator -action=up -service=tenant -force')).toBe('flag provided but not defined: -force')
    expect(await say(stamped, 'migrator -help')).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Usage of migrator:\n/) })
  })
})
