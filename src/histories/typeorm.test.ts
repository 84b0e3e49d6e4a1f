import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import { typeormTimestamp } from '../util/typeorm-name.ts'
import fixture from './__fixtures__/typeorm.json' with { type: 'json' }
import { conflictOf } from './conflict.ts'
import { historyContract, readRows } from './history.contract.ts'
import type { HistoryRow } from './history.ts'
import { sampleMigrations } from './sample-migrations.contract.ts'
import { typeorm } from './typeorm.ts'

const migrations = sampleMigrations([
  'Late1600000000000',
  'CreateUsersTable1615213456789',
  'createdAt1644332647279',
  'AddIndex1700000000000',
  'Renamed1700000000000',
])
const names = fc.oneof(
  fc.constantFrom(...migrations.map((migration) => migration.version)),
  fc
    .tuple(
      fc.string({ unit: fc.constantFrom('A', 'é', '𝄞', ' ', "'", '"', '\\', '$', '-'), maxLength: 8 }),
      fc.integer({ min: 1, max: 9_999_999_999_999 }),
    )
    .map(([title, timestamp]) => `${title}${String(timestamp).padStart(13, '0')}`),
)
const rowOf = (name: string): HistoryRow => ({ timestamp: String(typeormTimestamp(name)), name })

for (const major of majors()) {
  describe(`PostgreSQL ${major}`, () => {
    historyContract({
      history: typeorm,
      migrations,
      compare: (a, b) => (typeormTimestamp(a) ?? 0) - (typeormTimestamp(b) ?? 0) || (a < b ? -1 : a > b ? 1 : 0),
      catalogue: fixture['1.1.1'].catalogue,
      snapshots: fc.uniqueArray(names, { maxLength: 8 }).map((some) => some.map(rowOf)),
      database: () => freshDatabase(major),
    })
  })
}

describe.each(['0.3.31', '1.1.1'] as const)('TypeORM %s', (version) => {
  const { created, catalogue, locks, states } = fixture[version]

  it('leaves the rows that we leave, after every command', () => {
    const files = sampleMigrations(states.map(({ step }) => step.version))
    let rows: HistoryRow[] = []
    for (const { after, step, rows: expected } of states) {
      const migration = files.find((file) => file.version === step.version)
      if (!migration) throw new Error(`the fixture has a version ${step.version}`)
      const direction = step.direction === 'up' ? 'up' : 'down'
      const state = { rows: [], applied: new Set<string>(), migrations: files, greatestApplied: () => null }
      const { remove, add } = typeorm.change(state, { migration, direction })
      rows = [...rows.filter((row) => !remove.some((gone) => gone.name === row.name)), ...add]
      expect(rows, after).toEqual(expected)
    }
  })

  it('makes its table in our words, in any schema and by any name', () => {
    for (const { schema, migrationsTableName, sent } of created) {
      const [first, second] = (migrationsTableName ?? 'migrations').split('.')
      const table = second === undefined ? { schema: schema ?? 'public', table: first ?? '' } : { schema: first ?? '', table: second }
      const own = typeorm.create(table).map((text) => text.replace(' IF NOT EXISTS', '').replace('"public".', ''))
      expect(own).toEqual(sent)
    }
    expect(catalogue).toEqual(fixture['1.1.1'].catalogue)
  })

  it('holds no advisory key while it runs', () => {
    expect(locks).toEqual([])
    expect(typeorm.lockKeys({ database: 'app', schema: 'public', table: 'migrations' })).toEqual([])
    expect(typeorm.lockTable).toBe(true)
  })
})

describe('typeorm', () => {
  it('names the versions that no migration has, and keeps the order in which they were run', () => {
    const rows = [rowOf('Gone1700000000001'), rowOf('Late1600000000000')]
    const set = typeorm.applied({ exists: true, rows }, migrations)
    expect(set.unknown).toEqual(['Gone1700000000001'])
    expect(typeorm.rows(set, migrations)).toEqual(rows)
  })

  it('reads timestamps of any size as texts', () => {
    expect(typeorm.parse('[["9223372036854775807","X"]]')).toEqual([{ timestamp: '9223372036854775807', name: 'X' }])
  })

  it('writes several rows in the order given, and says which one was there', async () => {
    const database = await freshDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    const table = { schema: 'public', table: 'migrations' }
    for (const statement of typeorm.create(table)) await client.query(statement)
    const rows = Array.from({ length: 2_000 }, (_, index) => rowOf(`M${1_700_000_000_000 + ((index * 7919) % 2_000)}`))
    await client.query(typeorm.write(table, { remove: [], add: rows }))
    expect(await readRows(client, typeorm, table)).toEqual(rows)
    const again = client.query(typeorm.write(table, { remove: [], add: [rowOf('M1700000000007')] }))
    const error: unknown = await again.catch((reason: unknown) => reason)
    if (!(error instanceof pg.DatabaseError)) throw new Error('a second row was written')
    expect(conflictOf(error)).toBe(`version 'M1700000000007' should not be in migrations, rows found: 1`)
    await client.query(typeorm.write(table, { remove: rows, add: [] }))
    expect(await readRows(client, typeorm, table)).toEqual([])
    await client.end()
    await database.drop()
  })
})
