import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Migration } from '../model/migration.ts'
import { conflictOf } from './conflict.ts'
import type { AppliedSet, History, HistoryChange, HistoryRow, HistoryState, HistoryTable } from './history.ts'
import { recogniseTable, refuseForeignTable } from './recognise-table.ts'
import { byVersion } from './versions.ts'

export interface HistoryContract {
  history: History
  /** In the tool's own order. */
  migrations: readonly Migration[]
  compare: (a: string, b: string) => number
  /** Value of the service column, where there is one. */
  service?: string
  /** What the fixture says of the tables; the default names in the schema public. */
  catalogue: readonly string[]
  /** Every set of rows that the tool can leave behind, in its reading order. */
  snapshots: fc.Arbitrary<readonly HistoryRow[]>
  /** A server of some version: a new, empty database. */
  database(): Promise<{ url: string; drop(): Promise<void> }>
}

const catalogueSql = readFileSync(join(import.meta.dirname, '__fixtures__', 'catalogue.sql'), 'utf8')

/** What every history keeps to, on a real server. Called by the test of each. */
export function historyContract(contract: HistoryContract): void {
  const { history, migrations, service } = contract
  const table: HistoryTable = { schema: 'public', table: history.defaultTable('orders'), service }
  let client: pg.Client
  let drop: () => Promise<void>

  beforeAll(async () => {
    const database = await contract.database()
    drop = () => database.drop()
    client = new pg.Client(database.url)
    await client.connect()
    for (const statement of history.create(table)) await client.query(statement)
  })

  afterAll(async () => {
    await client.end()
    await drop()
  })

  const read = (where: HistoryTable) => readRows(client, history, where)
  const send = async (text: string) => text !== '' && (await client.query(text))

  /** Runs in a transaction that is taken back, on an empty table. */
  async function onEmptyTable(work: () => Promise<void>): Promise<void> {
    await client.query('begin')
    try {
      await work()
    } finally {
      await client.query('rollback')
    }
  }

  describe(`${history.name}: laws`, () => {
    it('rows(applied(S)) is S', () => {
      fc.assert(
        fc.property(contract.snapshots, (rows) => {
          expect(history.rows(history.applied({ exists: true, rows }, migrations), migrations)).toEqual(rows)
        }),
      )
    })

    it('no table is nothing applied', () => {
      const none = history.applied({ exists: false, rows: [] }, migrations)
      expect(none).toEqual({ applied: new Map(), unknown: [] })
    })

    it('change() gives the rows of the state after the step, on every walk', () => {
      fc.assert(
        fc.property(walks(contract), (walk) => {
          let rows: HistoryRow[] = []
          for (const { state, step, after } of follow(contract, walk)) {
            const change = history.change({ ...state, rows: history.keeps === 'every-version' ? [] : rows }, step)
            rows = changed(rows, change)
            expect(sorted(rows)).toEqual(sorted(rowsOf(contract, after)))
          }
        }),
      )
    })
  })

  describe(`${history.name}: on a server`, () => {
    it('makes the tables that the tool makes, and leaves tables that are there alone', async () => {
      for (const statement of history.create(table)) await client.query(statement)
      const { rows } = await client.query<{ fact: string }>(catalogueSql, ['public', [table.table, ...history.furtherTables]])
      expect(rows.map(({ fact }) => fact)).toEqual(contract.catalogue)
    })

    it('is recognised by its columns', async () => {
      const columns = await columnsOf(client, table)
      expect(columns).toEqual(history.columns)
      // Tools that are not run here may have the same columns; ours comes first.
      expect(recogniseTable(columns)[0]).toBe(history.name)
      expect(() => refuseForeignTable(history, table, columns)).not.toThrow()
    })

    it('reads back what it writes', async () => {
      const write = (change: HistoryChange) => send(history.write(table, change))
      await fc.assert(
        fc.asyncProperty(contract.snapshots, async (rows) => {
          await onEmptyTable(async () => {
            expect(await read(table)).toEqual([])
            await write({ remove: [], add: rows })
            expect(await read(table)).toEqual(rows)
            await write({ remove: rows, add: [] })
            expect(await read(table)).toEqual([])
          })
        }),
        { numRuns: 25 },
      )
    })

    it('writes every walk as change() says', async () => {
      await fc.assert(
        fc.asyncProperty(walks(contract), async (walk) => {
          await onEmptyTable(async () => {
            for (const { state, step, after } of follow(contract, walk)) {
              const rows = history.keeps === 'every-version' ? [] : await read(table)
              await send(history.write(table, history.change({ ...state, rows }, step)))
              expect(withoutTimes(await read(table))).toEqual(withoutTimes(rowsOf(contract, after)))
            }
          })
        }),
        { numRuns: 15 },
      )
    })

    it('fills times by the server clock', async () => {
      await onEmptyTable(async () => {
        const [first] = migrations
        if (!first) return
        const state = { rows: [], applied: new Set<string>(), migrations, greatestApplied: () => null }
        await send(history.write(table, history.change(state, { migration: first, direction: 'up' })))
        const { applied } = history.applied({ exists: true, rows: await read(table) }, migrations)
        const at = applied.get(first.version)?.appliedAt
        if (at === undefined) expect(history.columns.some((column) => /_at|_on|^tstamp/.test(column))).toBe(false)
        else expect(Math.abs(Date.now() - Date.parse(at))).toBeLessThan(60_000)
      })
    })

    it('notices a row to remove that is gone and a row to add that is there', async () => {
      const [row] =
        fc.sample(
          contract.snapshots.filter((rows) => rows.length > 0).map((rows) => rows.slice(0, 1)),
          1,
        )[0] ?? []
      if (!row) throw new Error('the contract needs snapshots with rows')
      const adding = history.write(table, { remove: [], add: [row] })
      const removing = history.write(table, { remove: [row], add: [] })
      for (const text of [removing, `${adding}${removing}${removing}`, `${adding}${adding}`]) {
        await onEmptyTable(async () => {
          const error: unknown = await client.query(text).catch((reason: unknown) => reason)
          expect(error).toBeInstanceOf(pg.DatabaseError)
          if (!(error instanceof pg.DatabaseError)) return
          if (error.code !== '23505') expect(conflictOf(error)).toContain(table.table)
        })
      }
    })

    it('has words for a name with quotes, capitals, blanks and backslashes', async () => {
      const odd: HistoryTable = { schema: 'The "Odd" one\\', table: `Rows of 'it' "\\x" $$`, service: service && `o'r"d\\ers $1` }
      await onEmptyTable(async () => {
        await client.query(`create schema "The ""Odd"" one\\"`)
        for (const statement of history.create(odd)) await client.query(statement)
        const rows =
          fc.sample(
            contract.snapshots.filter((some) => some.length > 0),
            1,
          )[0] ?? []
        await send(history.write(odd, { remove: [], add: rows }))
        await client.query('set local search_path = pg_catalog')
        await client.query('set local standard_conforming_strings = off')
        expect(await read(odd)).toEqual(rows)
        expect(await read(table)).toEqual([])
        await send(history.write(odd, { remove: rows, add: [] }))
        expect(await read(odd)).toEqual([])
      })
    })

    it('keeps the time whatever the time zone and the date style of the session are', async () => {
      const rows =
        fc.sample(
          contract.snapshots.filter((some) => some.length > 0),
          1,
        )[0] ?? []
      await onEmptyTable(async () => {
        await client.query(`set local timezone = 'Asia/Kolkata'`)
        await client.query(`set local datestyle = 'SQL, DMY'`)
        await send(history.write(table, { remove: [], add: rows }))
        expect(await read(table)).toEqual(rows)
      })
    })

    it('writes on the session that holds an advisory lock which a trigger demands', async () => {
      const rows =
        fc.sample(
          contract.snapshots.filter((some) => some.length > 0),
          1,
        )[0] ?? []
      await onEmptyTable(async () => {
        await client.query(guard(table.table))
        const text = history.write(table, { remove: [], add: rows })
        await client.query('savepoint before')
        await expect(client.query(text)).rejects.toThrow('take the lock first')
        await client.query('rollback to before')
        await client.query('select pg_advisory_xact_lock(0)')
        await client.query(text)
        await send(history.write(table, { remove: rows, add: [] }))
        expect(await read(table)).toEqual([])
      })
    })

    it('says nothing for a change that changes nothing', () => {
      expect(history.write(table, { remove: [], add: [] })).toBe('')
    })
  })
}

/** The rows of a history table. */
export async function readRows(client: pg.Client, history: History, table: HistoryTable): Promise<HistoryRow[]> {
  const result = await client.query<{ rows: string }>(history.select(table))
  expect(result.fields.map(({ name }) => name)).toEqual(['rows'])
  return history.parse(result.rows[0]?.rows ?? '')
}

/** A walk: indexes of migrations; one that is applied goes down, one that is not goes up. */
function walks({ migrations }: HistoryContract): fc.Arbitrary<number[]> {
  return fc.array(fc.nat({ max: migrations.length - 1 }), { maxLength: 12 })
}

function* follow({ migrations, compare }: HistoryContract, walk: readonly number[]) {
  const applied = new Set<string>()
  for (const index of walk) {
    const migration = migrations[index]
    if (!migration) continue
    const before = new Set(applied)
    const direction = applied.has(migration.version) ? 'down' : 'up'
    const greatestApplied = (except?: string) =>
      [...before]
        .filter((version) => version !== except)
        .sort(compare)
        .at(-1) ?? null
    const state: HistoryState = { rows: [], applied: before, migrations, greatestApplied }
    if (direction === 'up') applied.add(migration.version)
    else applied.delete(migration.version)
    yield { state, step: { migration, direction } as const, after: new Set(applied) }
  }
}

/** The rows for a set of versions, worked out anew. */
function rowsOf({ history, migrations }: HistoryContract, versions: ReadonlySet<string>): HistoryRow[] {
  const named = byVersion(migrations)
  const entry = (version: string) => ({ assumed: false, name: named.get(version)?.name })
  const applied: AppliedSet = { applied: new Map([...versions].map((version) => [version, entry(version)])), unknown: [] }
  return history.rows(applied, migrations)
}

function changed(rows: readonly HistoryRow[], { remove, add }: HistoryChange): HistoryRow[] {
  for (const row of remove) expect(rows.map(versionOf)).toContain(versionOf(row))
  const kept = rows.filter((row) => !remove.some((gone) => versionOf(gone) === versionOf(row)))
  return [...kept, ...add]
}

function sorted(rows: readonly HistoryRow[]): HistoryRow[] {
  return [...rows].sort((a, b) => (versionOf(a) < versionOf(b) ? -1 : 1))
}

/** What tells a row from the others, by whichever name the tool has for it. */
function versionOf(row: HistoryRow): string {
  return String(row.version ?? row.version_id ?? row.version_num ?? row.name)
}

function withoutTimes(rows: readonly HistoryRow[]): HistoryRow[] {
  return rows.map((row) => ({
    ...row,
    ...('run_on' in row && { run_on: null }),
    ...('applied_at' in row && { applied_at: null }),
    ...('tstamp' in row && { tstamp: null }),
  }))
}

async function columnsOf(client: pg.Client, { schema, table }: HistoryTable): Promise<string[]> {
  const text = 'select column_name from information_schema.columns where table_schema = $1 and table_name = $2 order by ordinal_position'
  const { rows } = await client.query<{ column_name: string }>(text, [schema, table])
  return rows.map((row) => row.column_name)
}

/** As a project has it on its Diesel table: nobody writes who does not hold the runner's lock. */
function guard(table: string): string {
  return `create function demand_lock() returns trigger language plpgsql as $$
begin
  if not exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and objid = 0 and granted) then
    raise 'take the lock first';
  end if;
  return null;
end $$;
create trigger demand_lock before insert or update or delete or truncate on "${table}" for each statement execute function demand_lock()`
}
