import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import fixture from './__fixtures__/golang-migrate.json' with { type: 'json' }
import { conflictOf } from './conflict.ts'
import { advisoryLockId, golangLockKeys } from './golang-lock-key.ts'
import { golangMigrate } from './golang-migrate.ts'
import { historyContract, readRows } from './history.contract.ts'
import type { HistoryRow, HistoryState, HistoryStep } from './history.ts'
import { sampleMigrations } from './sample-migrations.contract.ts'
import { compareNumeric } from './versions.ts'

const migrations = sampleMigrations(['0', '1', '2', '10', '20240102030405'])
const versions = fc.oneof(
  fc.constantFrom('0', '1', '2', '10', '11', '20240102030405'),
  fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
)
const row = fc.record({ version: versions, dirty: fc.boolean() })

for (const major of majors()) {
  describe(`PostgreSQL ${major}`, () => {
    historyContract({
      history: golangMigrate,
      migrations,
      compare: compareNumeric,
      catalogue: fixture.catalogue,
      snapshots: fc.oneof(
        fc.constant([]),
        fc.constant([{ version: '-1', dirty: true }]),
        row.map((one) => [one]),
      ),
      database: () => freshDatabase(major),
    })
  })
}

describe('golang-migrate', () => {
  it('leaves the rows that the tool left after every command, failed ones too', () => {
    const files = sampleMigrations(['1', '2', '10'])
    let rows: HistoryRow[] = []
    for (const state of fixture.states) {
      if (state.force) rows = [{ version: state.force, dirty: false }]
      if (state.step) {
        const migration = files.find(({ version }) => version === state.step.version)
        if (!migration) throw new Error(`the fixture has a version ${state.step.version}`)
        const step: HistoryStep = { migration, direction: state.step.direction === 'up' ? 'up' : 'down' }
        const before = stateOf(rows)
        rows = golangMigrate.marked?.(before, step) ?? []
        if (!state.failed) rows = [...golangMigrate.change({ ...before, rows }, step).add]
      }
      expect(
        rows.map(({ version, dirty }) => ({ version, dirty: String(dirty) })),
        state.after,
      ).toEqual(state.rows)
    }

    function stateOf(current: readonly HistoryRow[]): HistoryState {
      const { applied } = golangMigrate.applied({ exists: true, rows: current }, files)
      const greatestApplied = (except?: string) =>
        [...applied.keys()]
          .filter((version) => version !== except)
          .sort(compareNumeric)
          .at(-1) ?? null
      return { rows: current, applied: new Set(applied.keys()), migrations: files, greatestApplied }
    }
  })

  it('has the keys under which the tool was seen to lock, and those of its own tests', () => {
    const { database, schema, table, keys } = fixture.locks
    const ours = golangLockKeys({ database, schema, table })
    expect(ours).toEqual([1726534663n, 1787120056n, 2621266710n, 2802248011n])
    for (const seen of [...keys['v4.19.1'], ...keys['v4.14.1']]) expect(ours).toContain(BigInt(seen))
    expect(advisoryLockId('database_name')).toBe(1764327054n)
    expect(advisoryLockId('schema_name_1', 'database_name')).toBe(2453313553n)
    expect(advisoryLockId('schema_name_1', 'schema_name_2', 'database_name')).toBe(3743845847n)
  })

  it('adds the keys of a URL path that is not the name of the database', () => {
    const keys = golangLockKeys({ database: 'app', schema: 'public', table: 'schema_migrations', urlPath: '/pool/app' })
    expect(keys).toHaveLength(6)
    expect(keys).toContain(advisoryLockId('public', 'schema_migrations', '/pool/app'))
    expect(keys).toEqual([...keys].sort((a, b) => Number(a - b)))
  })

  it('takes lower versions as applied on the word of one row', () => {
    const set = golangMigrate.applied({ exists: true, rows: [{ version: '10', dirty: false }] }, migrations)
    expect([...set.applied]).toEqual([
      ['0', { assumed: true }],
      ['1', { assumed: true }],
      ['2', { assumed: true }],
      ['10', { assumed: false }],
    ])
    expect(set.unknown).toEqual([])
    expect(golangMigrate.applied({ exists: true, rows: [{ version: '5', dirty: false }] }, migrations).unknown).toEqual(['5'])
  })

  it('says of a dirty row only what both of its readings say', () => {
    const set = golangMigrate.applied({ exists: true, rows: [{ version: '2', dirty: true }] }, migrations)
    expect([...set.applied.keys()]).toEqual(['0', '1'])
    expect(set.dirty).toEqual({ version: '2' })
    expect(golangMigrate.applied({ exists: true, rows: [{ version: '-1', dirty: true }] }, migrations).dirty).toEqual({ version: null })
  })

  it('keeps the row at the greatest version when a late file runs or goes', () => {
    const [, one] = migrations
    if (!one) throw new Error('no migration')
    const rows = [{ version: '10', dirty: false }]
    const state = { rows, applied: new Set(['10']), migrations, greatestApplied: () => '10' }
    for (const direction of ['up', 'down'] as const) {
      expect(golangMigrate.change(state, { migration: one, direction })).toEqual({ remove: [], add: [] })
      expect(golangMigrate.marked?.(state, { migration: one, direction })).toEqual([{ version: '10', dirty: true }])
      const dirty = { ...state, rows: [{ version: '10', dirty: true }] }
      expect(golangMigrate.change(dirty, { migration: one, direction }).add).toEqual(rows)
    }
  })

  it('marks, and ends what it marked, on a server', async () => {
    const database = await freshDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    const table = { schema: 'public', table: 'schema_migrations' }
    for (const statement of golangMigrate.create(table)) await client.query(statement)
    const walk = [
      { at: 1, direction: 'up', applied: [], seen: ['1 true', '1 false'] },
      { at: 2, direction: 'up', applied: ['1'], seen: ['2 true', '2 false'] },
      { at: 0, direction: 'up', applied: ['1', '2'], seen: ['2 true', '2 false'] },
      { at: 2, direction: 'down', applied: ['0', '1', '2'], seen: ['1 true', '1 false'] },
      { at: 1, direction: 'down', applied: ['1'], seen: ['-1 true', ''] },
    ] as const
    for (const { at, direction, applied, seen } of walk) {
      const migration = migrations[at]
      if (!migration) throw new Error(`no migration ${at}`)
      const greatestApplied = (except?: string) => applied.filter((version) => version !== except).at(-1) ?? null
      const state = async () => ({
        rows: await readRows(client, golangMigrate, table),
        applied: new Set(applied),
        migrations,
        greatestApplied,
      })
      const shown = async () => (await state()).rows.map(({ version, dirty }) => `${version} ${dirty}`).join()
      const before = await state()
      await client.query(golangMigrate.mark?.(table, before, { migration, direction }) ?? '')
      const marked = await state()
      expect(marked.rows).toEqual(golangMigrate.marked?.(before, { migration, direction }))
      await client.query(golangMigrate.mark?.(table, marked, { migration, direction }) ?? '')
      expect(await shown()).toBe(seen[0])
      await client.query(golangMigrate.write(table, golangMigrate.change(marked, { migration, direction })))
      expect(await shown()).toBe(seen[1])
    }
    await client.end()
    await database.drop()
  })

  it('writes by its prepared statement what write writes, and fails as it does', async () => {
    const database = await freshDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    const table = { schema: 'public', table: 'schema_migrations' }
    for (const statement of golangMigrate.create(table)) await client.query(statement)
    const prepared = golangMigrate.prepared?.(table)
    await client.query(`prepare step (${prepared?.types.join()}) as ${prepared?.text}`)
    const step = (from: string, to: string) => ({ remove: [{ version: from, dirty: false }], add: [{ version: to, dirty: false }] })
    const execute = (change: ReturnType<typeof step>) => client.query(`execute step (${prepared?.values(change)?.join()})`)

    await client.query(golangMigrate.write(table, { remove: [], add: [{ version: '1', dirty: false }] }))
    await execute(step('1', '9223372036854775807'))
    expect(await readRows(client, golangMigrate, table)).toEqual([{ version: '9223372036854775807', dirty: false }])
    const gone = await execute(step('7', '8')).catch((error: pg.DatabaseError) => error)
    const alsoGone = await client.query(golangMigrate.write(table, step('7', '8'))).catch((error: pg.DatabaseError) => error)
    expect(conflictOf(gone as pg.DatabaseError)).toBe('the row of version 7 in schema_migrations is gone, rows found: 0')
    expect(conflictOf(alsoGone as pg.DatabaseError)).toBe(conflictOf(gone as pg.DatabaseError))

    const clean = { version: '1', dirty: false }
    for (const change of [
      { remove: [], add: [clean] },
      { remove: [clean], add: [] },
      { remove: [clean], add: [{ version: '2', dirty: true }] },
    ]) {
      expect(prepared?.values(change)).toBeUndefined()
    }
    await client.end()
    await database.drop()
  })

  it('refuses a second row', () => {
    const rows = ['1', '2'].map((version) => ({ version, dirty: false }))
    expect(() => golangMigrate.applied({ exists: true, rows }, migrations)).toThrow('keeps one row, and there are 2: 1, 2')
    const table = { schema: 'public', table: 'schema_migrations' }
    expect(() => golangMigrate.write(table, { remove: [], add: rows })).toThrow('keeps one row')
    expect(() => golangMigrate.write(table, { remove: [], add: [{ version: '1; drop', dirty: false }] })).toThrow('not a version')
  })

  it('has the words for `force`', () => {
    const force = (schema: string, table: string, version: string | null) => golangMigrate.forceCommand?.({ schema, table }, version)
    expect(force('public', 'schema_migrations', '5')).toBe('migrate -path FOLDER -database URL force 5')
    expect(force('public', 'schema_migrations', null)).toBe('migrate -path FOLDER -database URL force -1')
    expect(force('app', 'T', '5')).toContain('x-migrations-table=%22app%22.%22T%22&x-migrations-table-quoted=true')
  })
})
