import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import fixture from './__fixtures__/stamped.json' with { type: 'json' }
import { historyContract, readRows } from './history.contract.ts'
import { sampleMigrations } from './sample-migrations.contract.ts'
import { stamped } from './stamped.ts'
import { times } from './times.contract.ts'
import { compareBytes } from './versions.ts'

const migrations = sampleMigrations([
  '20240101120000_a1b2c3d4_create_tenants_table',
  '20240101120000_b1b2c3d4_create_plans_table',
  '20240105000000_00000000_add_region',
  '20250101000000_ffffffff_drop_region',
])
const version = fc.oneof(
  fc.constantFrom(...migrations.map((migration) => migration.version)),
  fc.stringMatching(/^\d{14}_[0-9a-f]{8}_[a-z_'\\]{1,40}$/),
)

for (const major of majors()) {
  describe(`PostgreSQL ${major}`, () => {
    historyContract({
      history: stamped,
      migrations,
      compare: compareBytes,
      service: 'tenant_service',
      catalogue: fixture.catalogue,
      snapshots: fc
        .uniqueArray(fc.record({ version, applied_at: times }), { selector: (row) => row.version, maxLength: 6 })
        .map((rows) => rows.sort((a, b) => compareBytes(a.version, b.version))),
      database: () => freshDatabase(major),
    })
  })
}

describe('stamped', () => {
  const [first] = migrations
  if (!first) throw new Error('no migration')
  const row = { version: first.version, applied_at: '2024-01-01T12:00:00.5Z' }

  it('keeps the rows of services apart, in columns of any name and with a time zone', async () => {
    const database = await freshDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    await client.query(
      'create table applied ("Script" text, owner text, "when" timestamptz default now(), note text, primary key (owner, "Script"))',
    )
    const columns = { version: 'Script', service: 'owner', applied_at: 'when' }
    const [tenant, auth] = ['tenant', 'auth'].map((service) => ({ schema: 'public', table: 'applied', service, columns }))
    if (!tenant || !auth) throw new Error('no tables')

    await client.query(stamped.write(tenant, { remove: [], add: [row] }))
    await client.query(stamped.write(auth, { remove: [], add: [row, { version: 'other', applied_at: null }] }))
    expect(await readRows(client, stamped, tenant)).toEqual([row])
    await client.query(stamped.write(auth, { remove: [row], add: [] }))
    expect((await readRows(client, stamped, auth)).map(({ version }) => version)).toEqual(['other'])
    expect(await readRows(client, stamped, tenant)).toEqual([row])
    await client.end()
    await database.drop()
  })

  it('makes the table with the names that are given', () => {
    const columns = { version: 'Script', applied_at: 'when' }
    expect(stamped.create({ schema: 'app', table: 'applied', service: 'tenant', columns })).toEqual([
      'create table if not exists "app"."applied" ("Script" varchar(255), "service" varchar(100), ' +
        '"when" timestamp not null default current_timestamp, primary key ("Script", "service"))',
    ])
  })

  it('refuses to read or write without a service value', () => {
    const table = { schema: 'public', table: 'schema_migrations' }
    expect(() => stamped.select(table)).toThrow('no value for its service column')
    expect(() => stamped.write(table, { remove: [], add: [row] })).toThrow('no value for its service column')
  })
})
