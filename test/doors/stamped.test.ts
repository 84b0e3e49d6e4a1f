import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stamped } from '../../src/doors/stamped/run.ts'
import { copyOf, examples } from '../platforms/examples.ts'
import { place, type Place } from './speak.ts'
import { guide, wrong } from './stamped-situations.ts'

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
    for (const one of guide) {
      const said = await where.say(stamped, one.line, { in: one.in, answer: one.answer })
      expect(said, one.line).toEqual({ code: one.code ?? 0, stdout: fitting(one.stdout), stderr: fitting(one.stderr) })
      if (one.applied !== undefined) expect(await standing(where), one.line).toEqual(one.applied)
    }
    expect(readFileSync(join(where.folder, 'scripts/migrate.sh'), 'utf8')).toMatch(/&& exec migrator "\$@"\n$/)
    const folder = join(where.folder, 'database/migrations/tenant_service')
    expect(readdirSync(folder).filter((name) => name.includes('create_tenants_table'))).toHaveLength(4)
  })

  it('runs services tier by tier', async () => {
    const { say } = await goFactory()
    const { stderr } = await say(stamped, 'migrator -action=up -service=all')
    const order = [...stderr.matchAll(/^✓ (\S+) /gm)].map(([, service]) => service)
    expect([...new Set(order)]).toEqual(['core', 'tenant', 'auth', 'user', 'notification', 'platform', 'reporting'])
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
    for (const [line, said] of Object.entries(wrong)) {
      const { code, stdout, stderr } = await say(stamped, line)
      expect([code, stdout, stderr.split('\n')[0]], line).toEqual([2, '', fitting(said)])
    }
  })
})

/** How many migrations of each service are applied. */
async function standing({ query }: Place): Promise<Record<string, number>> {
  const [there] = await query("select to_regclass('schema_migrations') is not null as it")
  if (there?.['it'] !== true) return {}
  const rows = await query(applied)
  return Object.fromEntries(rows.map((row) => [String(row['service']).replace(/_service$/, ''), Number(row['count'])]))
}

function fitting(text: string | RegExp | undefined): unknown {
  return text instanceof RegExp ? expect.stringMatching(text) : (text ?? expect.any(String))
}
