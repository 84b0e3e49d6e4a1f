import { createHash } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import fixture from './__fixtures__/numbered.json' with { type: 'json' }
import { conflictOf } from './conflict.ts'
import { historyContract, readRows } from './history.contract.ts'
import { numbered } from './numbered.ts'
import { sampleMigrations } from './sample-migrations.contract.ts'
import { times } from './times.contract.ts'
import { compareNumeric } from './versions.ts'

const migrations = sampleMigrations(['1', '2', '3', '10', '100', '2147483647'])
const record = fc.record({
  version: fc.oneof(fc.constantFrom('1', '2', '3', '10'), fc.nat().map(String)),
  name: fc.string({ unit: fc.constantFrom('a', '_', "'", '\\', '"', 'é', '%'), maxLength: 12 }),
  applied_at: times,
  checksum: fc.stringMatching(/^[0-9a-f]{0,64}$/),
})

for (const major of majors()) {
  describe(`PostgreSQL ${major}`, () => {
    historyContract({
      history: numbered,
      migrations,
      compare: compareNumeric,
      service: 'discovery-svc',
      catalogue: fixture.catalogue,
      snapshots: fc
        .uniqueArray(record, { selector: (row) => row.version, maxLength: 6 })
        .map((rows) => rows.sort((a, b) => compareNumeric(a.version, b.version))),
      database: () => freshDatabase(major),
    })
  })
}

describe('numbered', () => {
  const table = { schema: 'public', table: 'migration_records', service: 'ai-svc' }
  let client: pg.Client
  let drop: () => Promise<void>
  const applied = new Set<string>()

  beforeAll(async () => {
    const database = await freshDatabase()
    drop = () => database.drop()
    client = new pg.Client(database.url)
    await client.connect()
    for (const statement of numbered.create(table)) await client.query(statement)
  })
  beforeEach(async () => {
    await client.query('truncate migration_records, schema_versions')
    applied.clear()
  })
  afterAll(async () => {
    await client.end()
    await drop()
  })

  async function step(version: string, direction: 'up' | 'down'): Promise<string> {
    const migration = migrations.find((one) => one.version === version)
    if (!migration) throw new Error(`no migration ${version}`)
    const greatestApplied = (except?: string) =>
      [...applied]
        .filter((one) => one !== except)
        .sort(compareNumeric)
        .at(-1) ?? null
    const text = numbered.write(table, numbered.change({ rows: [], applied, migrations, greatestApplied }, { migration, direction }))
    await client.query(text)
    if (direction === 'up') applied.add(version)
    else applied.delete(version)
    return text
  }

  async function current(): Promise<string> {
    const { rows } = await client.query<{ text: string }>(
      `select concat_ws(' ', service, version, description) as text from schema_versions order by 1`,
    )
    return rows.map(({ text }) => text).join(', ')
  }

  it('records title, number and SHA-256 of the up file', async () => {
    await step('3', 'up')
    const [row] = await readRows(client, numbered, table)
    const checksum = createHash('sha256').update('create table t2 ()').digest('hex')
    expect(row).toMatchObject({ version: '3', name: 'create_table_2', checksum })
  })

  it('names the greatest applied version in schema_versions, and none when nothing is applied', async () => {
    await client.query(`insert into schema_versions (service, version) values ('chat-svc', 7)`)
    const seen: string[] = []
    const walk = ['2 up', '10 up', '3 up', '10 down', '2 down', '1 up', '3 down', '1 down', '2147483647 up'] as const
    for (const words of walk) {
      const [version = '', direction] = words.split(' ')
      await step(version, direction === 'up' ? 'up' : 'down')
      seen.push(await current())
    }
    const row = (version: string, index: number) => `ai-svc ${version} create_table_${index}, chat-svc 7`
    const expected = [
      row('2', 1),
      row('10', 3),
      row('10', 3),
      row('3', 2),
      row('3', 2),
      row('3', 2),
      row('1', 0),
      'chat-svc 7',
      row('2147483647', 5),
    ]
    expect(seen).toEqual(expected)
  })

  it('leaves the time of the current version alone when an older one is added', async () => {
    await step('10', 'up')
    const time = async () => (await client.query<{ at: string }>('select applied_at::text as at from schema_versions')).rows[0]?.at
    const before = await time()
    await step('2', 'up')
    expect(await time()).toBe(before)
  })

  it('lets the server find the current version when it is not given', async () => {
    const rows = ['1', '10', '3'].map((version) => ({ version, name: `n${version}`, applied_at: null, checksum: '' }))
    await client.query(numbered.write(table, { remove: [], add: rows }))
    expect(await current()).toBe('ai-svc 10 n10')
    await client.query(numbered.write(table, { remove: rows.slice(1, 2), add: [] }))
    expect(await current()).toBe('ai-svc 3 n3')
    await client.query(numbered.write(table, { remove: [...rows.slice(0, 1), ...rows.slice(2)], add: [] }))
    expect(await current()).toBe('')
  })

  it('refuses a record that is there, whether or not schema_versions is right', async () => {
    const text = await step('3', 'up')
    for (const fault of ['', 'delete from schema_versions', 'update schema_versions set version = 99']) {
      await client.query(fault)
      const error: unknown = await client.query(text).catch((reason: unknown) => reason)
      expect(error instanceof Error && conflictOf(error)).toBe('migration_records already has version 3')
    }
    await expect(readRows(client, numbered, table)).resolves.toHaveLength(1)
  })

  it('takes the first of two records of one version, and removes both', async () => {
    const insert = `insert into migration_records (service, version, name, checksum) values ('ai-svc', 3, $1, 'c')`
    await client.query(insert, ['first'])
    await client.query(insert, ['second'])
    const rows = await readRows(client, numbered, table)
    expect(numbered.applied({ exists: true, rows }, migrations).applied.get('3')?.name).toBe('first')
    applied.add('3')
    await step('3', 'down')
    expect(await readRows(client, numbered, table)).toEqual([])
  })
})
