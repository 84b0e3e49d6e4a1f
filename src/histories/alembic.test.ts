import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import { alembicPython } from '../../test/tools.ts'
import type { Migration } from '../model/migration.ts'
import fixture from './__fixtures__/alembic.json' with { type: 'json' }
import { alembic } from './alembic.ts'
import { historyContract, readRows } from './history.contract.ts'
import type { HistoryRow, HistoryState, HistoryTable } from './history.ts'
import { sampleMigrations } from './sample-migrations.contract.ts'
import { compareBytes } from './versions.ts'

const table: HistoryTable = { schema: 'public', table: 'alembic_version' }
const migrations = graph(fixture.graph)

/** Every set of heads of the fixture's graph, with strangers. */
const antichains = fc
  .record({
    known: fc.constantFrom([], ['aa01'], ['aa02'], ['aa03'], ['bb01'], ['bb02'], ['aa03', 'bb02'], ['aa02', 'bb01'], ['aa03', 'bb01']),
    strangers: fc.uniqueArray(fc.string({ unit: fc.constantFrom('0', 'f', 'Z', '_', 'é', "'", '"', '\\'), minLength: 1, maxLength: 16 }), {
      maxLength: 2,
    }),
  })
  .map(({ known, strangers }) => rowsOf([...known, ...strangers]))

for (const major of majors()) {
  describe(`PostgreSQL ${major}`, () => {
    historyContract({
      history: alembic,
      migrations,
      compare: (a, b) => migrations.findIndex(({ version }) => version === a) - migrations.findIndex(({ version }) => version === b),
      catalogue: fixture.catalogue,
      snapshots: antichains,
      database: () => freshDatabase(major),
    })
  })
}

describe('alembic', () => {
  it('leaves the rows that the tool left after every command', () => {
    let [rows, applied]: [HistoryRow[], Set<string>] = [[], new Set()]
    for (const { after, steps, rows: expected } of fixture.states as readonly State[]) {
      for (const { version, direction } of steps) {
        rows = moved(migrations, rows, applied, version, direction)
        if (direction === 'up') applied.add(version)
        else applied.delete(version)
      }
      if (after.startsWith('stamp')) {
        applied = new Set(alembic.applied({ exists: true, rows: rowsOf(expected) }, migrations).applied.keys())
        rows = alembic.rows({ applied: new Map([...applied].map((version) => [version, { assumed: false }])), unknown: [] }, migrations)
      }
      expect(versionsOf(rows), after).toEqual(expected)
      expect(new Set(alembic.applied({ exists: true, rows }, migrations).applied.keys()), after).toEqual(applied)
    }
  })

  it('takes what a row stands on as applied, and says which rows no file has', () => {
    const set = alembic.applied({ exists: true, rows: rowsOf(['bb02', 'zz99']) }, migrations)
    expect([...set.applied.keys()].toSorted()).toEqual(['aa01', 'aa02', 'bb01', 'bb02', 'zz99'])
    expect(set.unknown).toEqual(['zz99'])
  })

  it('leaves rows alone that no file has', () => {
    const rows = moved(migrations, rowsOf(['aa01', 'zz99']), new Set(['aa01', 'zz99']), 'aa02', 'up')
    expect(versionsOf(rows)).toEqual(['aa02', 'zz99'])
  })

  it('says how the tool itself would be set', () => {
    expect(alembic.forceCommand?.(table, 'aa02')).toBe('alembic stamp --purge aa02')
    expect(alembic.forceCommand?.(table, null)).toBe('alembic stamp --purge base')
  })

  it('keeps the heads of what is applied, on every walk through every graph', () => {
    fc.assert(
      fc.property(walks({ redundant: true }), ({ revisions, walk }) => {
        const files = graph(revisions)
        const applied = new Set<string>()
        let rows: HistoryRow[] = []
        for (const [version, direction] of walk) {
          rows = moved(files, rows, applied, version, direction)
          if (direction === 'up') applied.add(version)
          else applied.delete(version)
          expect(versionsOf(rows)).toEqual(headsByDefinition(revisions, applied))
          expect(new Set(alembic.applied({ exists: true, rows }, files).applied.keys())).toEqual(applied)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('walks as Alembic walks', { timeout: 60_000 }, async () => {
    const cases = fc.sample(walks({ redundant: false }), { numRuns: 15, seed: 1872 })
    const database = await freshDatabase()
    const script = join(import.meta.dirname, '__fixtures__', 'alembic-walk.py')
    const input = JSON.stringify({ url: database.url, cases })
    const told: string[][][] = JSON.parse(execFileSync(alembicPython(), ['-W', 'ignore', script], { input, encoding: 'utf8' }))
    const client = new pg.Client(database.url)
    await client.connect()
    for (const statement of alembic.create(table)) await client.query(statement)
    for (const [index, { revisions, walk }] of cases.entries()) {
      const files = graph(revisions)
      const applied = new Set<string>()
      await client.query('begin')
      for (const [at, [version, direction]] of walk.entries()) {
        const rows = await readRows(client, alembic, table)
        await client.query(alembic.write(table, changeOf(files, rows, applied, version, direction)))
        if (direction === 'up') applied.add(version)
        else applied.delete(version)
        const now = versionsOf(await readRows(client, alembic, table))
        expect(now, JSON.stringify({ revisions, walk: walk.slice(0, at + 1) })).toEqual(told[index]?.[at])
      }
      await client.query('rollback')
    }
    await client.end()
    await database.drop()
  })

  it('goes through ten thousand revisions without walking the list for each', () => {
    const chain = graph(Array.from({ length: 10_000 }, (_, at) => ({ version: `r${at}`, parents: at === 0 ? [] : [`r${at - 1}`] })))
    const applied = new Set<string>()
    let rows: readonly HistoryRow[] = []
    for (const migration of chain) {
      const { remove, add } = alembic.change(
        { rows, applied, migrations: chain, greatestApplied: () => null },
        { migration, direction: 'up' },
      )
      expect(remove).toEqual(rows)
      rows = add
      applied.add(migration.version)
    }
    expect(versionsOf(rows)).toEqual(['r9999'])
    for (const migration of chain.toReversed()) {
      rows = alembic.change({ rows, applied, migrations: chain, greatestApplied: () => null }, { migration, direction: 'down' }).add
      applied.delete(migration.version)
    }
    expect(rows).toEqual([])
  })
})

type Step = [version: string, direction: 'up' | 'down']

interface Revision {
  version: string
  downs: string[]
  depends: string[]
}

/**
 * Graphs with branches, merges, several bases and dependencies, and a walk through each: up where everything below is applied, down where
 * nothing above is. Without `redundant` no parent of a revision stands on another one: Alembic itself stumbles over some of these.
 */
function walks({ redundant }: { redundant: boolean }): fc.Arbitrary<{ revisions: Revision[]; walk: Step[] }> {
  const one = fc.record({ downs: fc.array(fc.nat(), { maxLength: 3 }), depends: fc.array(fc.nat(), { maxLength: 2 }) })
  return fc
    .record({ shape: fc.array(one, { minLength: 2, maxLength: 9 }), moves: fc.array(fc.nat(), { minLength: 4, maxLength: 24 }) })
    .map(({ shape, moves }) => {
      const revisions: Revision[] = []
      for (const [at, { downs, depends }] of shape.entries()) {
        const pick = (numbers: readonly number[]) => (at === 0 ? [] : numbers.map((number) => revisions[number % at]?.version ?? ''))
        const parents = [...new Set([...pick(downs), ...pick(depends)])].filter(
          (parent, _, all) => redundant || !all.some((other) => other !== parent && belowOf(revisions, other).has(parent)),
        )
        const isDown = new Set(pick(downs))
        revisions.push({
          version: `r${at}`,
          downs: parents.filter((parent) => isDown.has(parent)),
          depends: parents.filter((parent) => !isDown.has(parent)),
        })
      }
      return { revisions, walk: walkOf(revisions, moves) }
    })
}

function walkOf(revisions: readonly Revision[], moves: readonly number[]): Step[] {
  const applied = new Set<string>()
  return moves.map((move) => {
    const possible = revisions.flatMap(({ version, downs, depends }): Step[] => {
      if (!applied.has(version)) return [...downs, ...depends].every((parent) => applied.has(parent)) ? [[version, 'up']] : []
      const isCovered = revisions.some((other) => applied.has(other.version) && [...other.downs, ...other.depends].includes(version))
      return isCovered ? [] : [[version, 'down']]
    })
    const step = possible[move % possible.length] as Step
    if (step[1] === 'up') applied.add(step[0])
    else applied.delete(step[0])
    return step
  })
}

function belowOf(revisions: readonly Revision[], version: string): Set<string> {
  const own = revisions.find((revision) => revision.version === version)
  const parents = own === undefined ? [] : [...own.downs, ...own.depends]
  return new Set([...parents, ...parents.flatMap((parent) => [...belowOf(revisions, parent)])])
}

/** The maximal elements, by the letter. */
function headsByDefinition(revisions: readonly Revision[], applied: ReadonlySet<string>): string[] {
  return [...applied].filter((version) => ![...applied].some((other) => belowOf(revisions, other).has(version))).toSorted(compareBytes)
}

function graph(revisions: readonly (Revision | { version: string; parents: string[] })[]): Migration[] {
  const samples = sampleMigrations(revisions.map(({ version }) => version))
  return samples.map((migration, at) => {
    const revision = revisions[at]
    if (revision === undefined) throw new Error('as many samples as revisions')
    return { ...migration, parents: 'parents' in revision ? revision.parents : [...revision.downs, ...revision.depends] }
  })
}

function changeOf(files: readonly Migration[], rows: readonly HistoryRow[], applied: ReadonlySet<string>, ...[version, direction]: Step) {
  const migration = files.find((file) => file.version === version)
  if (migration === undefined) throw new Error(`there is a revision ${version}`)
  const state: HistoryState = { rows, applied, migrations: files, greatestApplied: () => null }
  return alembic.change(state, { migration, direction })
}

function moved(files: readonly Migration[], rows: readonly HistoryRow[], applied: ReadonlySet<string>, ...step: Step): HistoryRow[] {
  const { remove, add } = changeOf(files, rows, applied, ...step)
  const gone = new Set(versionsOf(remove))
  expect(versionsOf(rows)).toEqual(expect.arrayContaining([...gone]))
  return [...rows.filter((row) => !gone.has(String(row['version_num']))), ...add]
}

function rowsOf(versions: readonly string[]): HistoryRow[] {
  return versions.toSorted(compareBytes).map((version) => ({ version_num: version }))
}

function versionsOf(rows: readonly HistoryRow[]): string[] {
  return rows.map((row) => String(row['version_num'])).toSorted(compareBytes)
}

interface State {
  after: string
  steps: { version: string; direction: 'up' | 'down' }[]
  rows: string[]
}
