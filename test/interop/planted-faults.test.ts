/** Do the walks see anything? Ten faults, one at a time in our histories: a walk finds each, and passes without it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { History } from '../../src/histories/history.ts'
import { historyNamed } from '../../src/histories/index.ts'
import type { ToolInTests } from './real-tools.ts'
import { moveLists } from './walks/moves.ts'
import { emptyTally } from './walks/tally.ts'
import { seed, walkOf } from './walks/walk.ts'

interface Fault {
  tool: ToolInTests
  what: string
  /** The members of the history in which it is. */
  plant: (real: History) => Partial<History>
}

const nothing = { remove: [], add: [] }
const upOnly = (real: History): Partial<History> => ({
  change: (state, step) => (step.direction === 'up' ? real.change(state, step) : nothing),
})

const faults: Fault[] = [
  {
    tool: 'golang-migrate',
    what: 'a late file takes the row back',
    plant: (real) => ({
      change(state, step) {
        const { version } = step.migration
        return step.direction === 'up' ? { remove: state.rows, add: [{ version, dirty: false }] } : real.change(state, step)
      },
    }),
  },
  { tool: 'golang-migrate', what: 'a down leaves the row as it was', plant: upOnly },
  {
    tool: 'golang-migrate',
    what: 'the mark of what broke off stays',
    plant: (real) => ({
      write: (table, { remove, add }) => real.write(table, { remove, add: add.map((row) => ({ ...row, dirty: true })) }),
      prepared: undefined,
    }),
  },
  {
    tool: 'goose',
    what: 'the table is made without its row of version 0',
    plant: (real) => ({ create: (table) => real.create(table).slice(0, 1) }),
  },
  { tool: 'goose', what: 'a down leaves its row', plant: upOnly },
  {
    tool: 'dbmate',
    what: 'the column of the table has another type',
    plant: (real) => ({ create: (table) => real.create(table).map((one) => one.replace('varchar', 'varchar(255)')) }),
  },
  {
    tool: 'diesel',
    what: 'the column of the time has a time zone',
    plant: (real) => ({ create: (table) => real.create(table).map((one) => one.replace(/timestamp/i, 'timestamptz')) }),
  },
  {
    tool: 'diesel',
    what: 'the newest row is not read',
    plant: (real) => ({ parse: (json) => real.parse(json).slice(0, -1) }),
  },
  { tool: 'typeorm', what: 'the newest row is not read', plant: (real) => ({ parse: (json) => real.parse(json).slice(0, -1) }) },
  {
    tool: 'alembic',
    what: 'what a head stands on is forgotten',
    plant: (real) => ({
      applied(snapshot, migrations) {
        const heads = new Set(snapshot.rows.map((row) => row['version_num']))
        const { applied, ...more } = real.applied(snapshot, migrations)
        return { ...more, applied: new Map([...applied].filter(([version]) => heads.has(version))) }
      },
    }),
  },
]

/** Walks as random as those of each tool's own test, fewer where each step starts a runtime. */
function listsFor(tool: ToolInTests) {
  const isSlow = tool === 'typeorm' || tool === 'alembic'
  return fc.sample(moveLists(isSlow ? 6 : 8), { seed, numRuns: isSlow ? 3 : 30 })
}

/** Does it while the history has the fault. What executes steps asks the history anew each time. */
async function planted<T>({ tool, plant }: Fault, what: () => Promise<T>): Promise<T> {
  const history = historyNamed(tool)
  const real = { ...history }
  Object.assign(history, plant(real))
  try {
    return await what()
  } finally {
    Object.assign(history, real)
  }
}

describe.each(faults)('$tool: $what', (fault) => {
  it('is found by a walk that passes without it', { timeout: 300_000 }, async () => {
    const { tool } = fault
    for (const list of listsFor(tool)) {
      const found = await planted(fault, () => walkOf(tool, list, emptyTally(tool, seed)).then(() => undefined, String))
      if (found === undefined) continue
      await walkOf(tool, list, emptyTally(tool, seed))
      return
    }
    expect.fail(`no walk found it: ${fault.what}`)
  })
})
