import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import fixture from './__fixtures__/dbmate.json' with { type: 'json' }
import { dbmate } from './dbmate.ts'
import { historyContract } from './history.contract.ts'
import { sampleMigrations } from './sample-migrations.contract.ts'
import { compareBytes } from './versions.ts'

const migrations = sampleMigrations(['001', '1', '10', '2', '20240102030405'])
const version = fc.oneof(
  fc.constantFrom(...migrations.map((migration) => migration.version)),
  fc.string({ unit: fc.constantFrom('0', '7', '9', "'", '\\', 'é'), minLength: 1, maxLength: 18 }),
)

for (const major of majors()) {
  describe(`PostgreSQL ${major}`, () => {
    historyContract({
      history: dbmate,
      migrations,
      compare: compareBytes,
      catalogue: fixture.catalogue,
      snapshots: fc
        .uniqueArray(fc.record({ version }), { selector: (row) => row.version, maxLength: 8 })
        .map((rows) => rows.sort((a, b) => compareBytes(a.version, b.version))),
      database: () => freshDatabase(major),
    })
  })
}

describe('dbmate', () => {
  it('leaves the rows that the tool left after every command', () => {
    const files = sampleMigrations(['1', '02', '10'])
    const state = { rows: [], applied: new Set<string>(), migrations: files, greatestApplied: () => null }
    let rows: string[] = []
    for (const { after, rows: expected } of fixture.states) {
      const now = expected.map((row) => row.version)
      const up = now.find((one) => !rows.includes(one))
      const migration = files.find((file) => file.version === (up ?? rows.find((one) => !now.includes(one))))
      if (migration === undefined) throw new Error(`the fixture has a step ${after}`)
      const { remove, add } = dbmate.change(state, { migration, direction: up === undefined ? 'down' : 'up' })
      rows = [...rows.filter((one) => !remove.some((gone) => gone.version === one)), ...add.map((row) => String(row.version))]
      expect(rows.sort(compareBytes), after).toEqual(now)
    }
  })

  it('takes no key and locks the table, as the tool was seen to hold none', () => {
    expect(fixture.locks).toEqual([])
    expect(dbmate.lockKeys({ database: 'app', schema: 'public', table: 'schema_migrations' })).toEqual([])
    expect(dbmate.lockTable).toBe(true)
  })
})
