import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import fixture from './__fixtures__/diesel.json' with { type: 'json' }
import { diesel } from './diesel.ts'
import { historyContract, readRows } from './history.contract.ts'
import type { HistoryRow } from './history.ts'
import { sampleMigrations } from './sample-migrations.contract.ts'
import { times } from './times.contract.ts'
import { compareBytes } from './versions.ts'

const migrations = sampleMigrations(['00000000000000', '20140929103760', '20240102030405', '202401020304050000', '2024010203040500ff', 'b'])
const version = fc.oneof(
  fc.constantFrom(...migrations.map((migration) => migration.version)),
  fc.string({ unit: fc.constantFrom('0', 'f', 'A', '_', 'é', '𝄞', '\uffee', "'", '"', '\\'), minLength: 1, maxLength: 18 }),
)

for (const major of majors()) {
  describe(`PostgreSQL ${major}`, () => {
    historyContract({
      history: diesel,
      migrations,
      compare: compareBytes,
      catalogue: fixture.catalogue,
      snapshots: fc
        .uniqueArray(fc.record({ version, run_on: times }), { selector: (row) => row.version, maxLength: 8 })
        .map((rows) => rows.sort((a, b) => compareBytes(a.version, b.version))),
      database: () => freshDatabase(major),
    })
  })
}

describe('diesel', () => {
  it('leaves the rows that the tool left after every command', () => {
    const files = sampleMigrations(['00000000000000', '20240102030405', '202401020304060000'])
    let rows: HistoryRow[] = []
    for (const { after, step, rows: expected } of fixture.states) {
      const migration = files.find((file) => file.version === step.version)
      if (!migration) throw new Error(`the fixture has a version ${step.version}`)
      const direction = step.direction === 'up' ? 'up' : 'down'
      const state = { rows: [], applied: new Set<string>(), migrations: files, greatestApplied: () => null }
      const { remove, add } = diesel.change(state, { migration, direction })
      rows = [...rows.filter((row) => !remove.some((gone) => gone.version === row.version)), ...add]
      const texts = rows.map((row) => ({ run_on: row.run_on === null ? 'now' : String(row.run_on), version: String(row.version) }))
      expect(
        texts.sort((a, b) => compareBytes(a.version, b.version)),
        after,
      ).toEqual(expected)
    }
  })

  it('has no advisory key, as the tool was seen to hold none', () => {
    expect(fixture.locks.keys['2.2.12']).toEqual([])
    expect(diesel.lockKeys({ database: 'app', schema: 'public', table: '__diesel_schema_migrations' })).toEqual([])
    expect(diesel.lockTable).toBe(true)
  })

  it('names the versions that no migration has', () => {
    const rows = [
      { version: '20230101000000', run_on: null },
      { version: '20240102030405', run_on: '2024-01-02T03:04:05Z' },
    ]
    const set = diesel.applied({ exists: true, rows }, migrations)
    expect(set.unknown).toEqual(['20230101000000'])
    expect(set.applied.get('20240102030405')).toEqual({ assumed: false, appliedAt: '2024-01-02T03:04:05Z' })
  })

  it('reads and takes back ten thousand rows in one statement each', async () => {
    const database = await freshDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    const table = { schema: 'public', table: '__diesel_schema_migrations' }
    const rows = Array.from({ length: 10_000 }, (_, index) => ({
      version: String(10_000_000 + index),
      run_on: '2024-01-02T03:04:05.123456Z',
    }))
    for (const statement of diesel.create(table)) await client.query(statement)
    await client.query(diesel.write(table, { remove: [], add: rows }))
    expect(await readRows(client, diesel, table)).toEqual(rows)
    await client.query(diesel.write(table, { remove: rows, add: [] }))
    expect(await readRows(client, diesel, table)).toEqual([])
    await client.end()
    await database.drop()
  })
})
