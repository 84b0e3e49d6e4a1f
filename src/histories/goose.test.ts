import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import fixture from './__fixtures__/goose.json' with { type: 'json' }
import { goose } from './goose.ts'
import { historyContract, readRows } from './history.contract.ts'
import { sampleMigrations } from './sample-migrations.contract.ts'
import { times } from './times.contract.ts'
import { compareNumeric } from './versions.ts'

const migrations = sampleMigrations(['1', '2', '10', '20240102030405', '9223372036854775807'])
const version = fc.oneof(
  fc.constantFrom(...migrations.map((migration) => migration.version)),
  fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String),
)
const table = { schema: 'public', table: 'goose_db_version' }

for (const major of majors()) {
  describe(`PostgreSQL ${major}`, () => {
    historyContract({
      history: goose,
      migrations,
      compare: compareNumeric,
      catalogue: fixture.catalogue,
      snapshots: fc.uniqueArray(fc.record({ version_id: version, is_applied: fc.constant(true), tstamp: times }), {
        selector: (row) => row.version_id,
        maxLength: 8,
      }),
      database: () => freshDatabase(major),
    })
  })
}

async function connected(): Promise<pg.Client> {
  const database = await freshDatabase()
  const client = new pg.Client(database.url)
  await client.connect()
  onTestFinished(async () => {
    await client.end()
    await database.drop()
  })
  return client
}

async function versions(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query<{ version_id: string }>(`select version_id from goose_db_version order by id`)
  return rows.map((row) => Number(row.version_id))
}

/** As goose made it before 3.22. */
const serial = `create table goose_db_version (
  id serial NOT NULL, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp NULL default now(), PRIMARY KEY(id))`

describe('goose', () => {
  it('leaves the rows that the tool left after every command', async () => {
    const client = await connected()
    for (const statement of goose.create(table)) await client.query(statement)
    const state = { rows: [], applied: new Set<string>(), migrations, greatestApplied: () => null }
    let before = ['0']
    for (const { after, rows } of fixture.states) {
      const now = rows.map((row) => String(row.version_id))
      const [up, down] = [now.find((one) => !before.includes(one)), before.find((one) => !now.includes(one))]
      const migration = migrations.find((one) => one.version === (up ?? down))
      if (migration === undefined) throw new Error(`the fixture has a step ${after}`)
      await client.query(goose.write(table, goose.change(state, { migration, direction: up === undefined ? 'down' : 'up' })))
      expect(await versions(client), after).toEqual(now.map(Number))
      before = now
    }
  })

  it('reads and writes the table of releases before 3.22, where the newest row of a version decides', async () => {
    const client = await connected()
    await client.query(serial)
    await client.query(
      `insert into goose_db_version (version_id, is_applied) values (0, true), (1, true), (2, true), (2, false), (3, true), (3, false), (3, true)`,
    )
    await client.query(`update goose_db_version set tstamp = null where version_id = 1`)
    const rows = await readRows(client, goose, table)
    expect(rows.map((row) => row.version_id)).toEqual(['1', '3'])
    expect(rows[0]?.tstamp).toBeNull()
    const row = (id: string) => ({ version_id: id, is_applied: true, tstamp: null })
    await client.query(goose.write(table, { remove: [row('3')], add: [row('2')] }))
    expect((await readRows(client, goose, table)).map((one) => one.version_id)).toEqual(['1', '2'])
    expect(await versions(client)).toEqual([0, 1, 2, 2, 2])
    await expect(client.query(goose.write(table, { remove: [], add: [row('2')] }))).rejects.toThrow('version 2 should not be in')
  })

  it('makes the id an identity, as releases since 3.22 do', async () => {
    const client = await connected()
    for (const statement of goose.create(table)) await client.query(statement)
    const { rows } = await client.query<{ identity: string }>(
      `select attidentity::text as identity from pg_attribute where attrelid = 'goose_db_version'::regclass and attname = 'id'`,
    )
    expect(rows).toEqual([{ identity: 'd' }])
    expect(await versions(client)).toEqual([0])
  })

  it('refuses a table without the row of version 0, as goose does', async () => {
    const client = await connected()
    await client.query(serial)
    await client.query(`insert into goose_db_version (version_id, is_applied) values (1, true)`)
    const rows = await readRows(client, goose, table)
    expect(() => goose.applied({ exists: true, rows }, migrations)).toThrow('the row of version 0 is missing')
  })

  it('keeps the order in which migrations were applied, which decides what goose takes back', () => {
    const rows = ['2', '10', '1'].map((id) => ({ version_id: id, is_applied: true, tstamp: '2024-01-02T03:04:05Z' }))
    const set = goose.applied({ exists: true, rows }, migrations)
    expect(goose.rows(set, migrations)).toEqual(rows)
  })

  it('takes the keys of its library; the command was seen to hold none', () => {
    expect(fixture.locks).toEqual([])
    expect(goose.lockKeys({ database: 'app', ...table })).toEqual([4097083626n, 5887940537704921958n])
    expect(goose.lockTable).toBe(true)
  })
})
