import { describe, expect, it } from 'vitest'
import { type Sketch, makeInput } from './__fixtures__/make-input.ts'
import { reconcile } from './reconcile.ts'

function look(sketch: Omit<Sketch, 'name'>, options = {}) {
  const result = reconcile(makeInput({ name: 'tenant', ...sketch }), options)
  const states = Object.fromEntries(result.migrations.map((row) => [row.version, row.state]))
  return {
    ...result,
    states,
    codes: result.problems.map((problem) => problem.code),
    text: result.problems.map((problem) => `${problem.message} ${problem.hint}`).join(' '),
  }
}

const golang = { keeps: 'latest-version' } as const

describe('tool and ledger agree', () => {
  it('goes on', () => {
    const result = look({ files: ['1', '2', '3'], table: ['1', '2'] })
    expect(result.states).toEqual({ 1: 'applied', 2: 'applied', 3: 'pending' })
    expect(result).toMatchObject({ state: 'pending', current: { version: '2', id: '2_title' }, codes: [], toRecord: [], reverted: [] })
    expect(result.counts).toMatchObject({ applied: 2, pending: 1, hollow: 0 })
  })

  it('is up to date when nothing is pending, and empty when there is nothing', () => {
    expect(look({ files: ['1'], table: ['1'] }).state).toBe('up-to-date')
    expect(look({ files: [], table: null, ledger: null })).toMatchObject({ state: 'up-to-date', current: null, codes: [] })
  })
})

describe('first adoption', () => {
  it('adopts what the table has', () => {
    const result = look({ files: ['1', '2', '3'], table: ['1', '2'], ledger: null })
    expect(result.toRecord).toMatchObject([
      { version: '1', kind: 'adopted' },
      { version: '2', kind: 'adopted' },
    ])
    expect(result).toMatchObject({ codes: [], states: { 1: 'applied', 2: 'applied', 3: 'pending' }, notes: [] })
  })

  it('assumes what a mark implies', () => {
    const result = look({ ...golang, files: ['1', '2', '3'], table: ['2'], ledger: [] })
    expect(result.toRecord).toMatchObject([
      { version: '1', kind: 'assumed' },
      { version: '2', kind: 'adopted' },
    ])
    expect(result.states).toEqual({ 1: 'assumed', 2: 'applied', 3: 'pending' })
    expect(result.counts).toMatchObject({ applied: 2, assumed: 1, pending: 1 })
  })
})

describe('the tool ran ahead', () => {
  it.each(['every-version', 'latest-version'] as const)('records what it ran as observed and goes on under %s', (keeps) => {
    const result = look({ keeps, files: ['1', '2', '3', '4'], table: keeps === 'every-version' ? ['1', '2', '3'] : ['3'], ledger: ['1'] })
    expect(result.toRecord).toMatchObject([
      { version: '2', kind: 'observed' },
      { version: '3', kind: 'observed' },
    ])
    expect(result.codes).toEqual([])
    expect(result.states).toEqual({ 1: 'applied', 2: 'applied', 3: 'applied', 4: 'pending' })
    expect(result.notes.join()).toContain('2, 3')
  })
})

describe('the database has what the files have not', () => {
  it('stops when it is newer', () => {
    const result = look({ files: ['1'], table: ['1', '2'], ledger: ['1'] })
    expect(result).toMatchObject({
      state: 'ahead',
      codes: ['AHEAD'],
      states: { 1: 'applied', 2: 'ahead' },
      toRecord: [],
      current: { version: '2' },
    })
    expect(result.problems[0]).toMatchObject({ versions: ['2'], stops: ['up'] })
  })

  it('lets it go under "ahead: ok", and says so', () => {
    const result = look({ files: ['1'], table: ['1', '2'], ledger: ['1'], policies: { ahead: 'ok' } })
    expect(result).toMatchObject({ state: 'ahead', codes: [], states: { 2: 'ahead' } })
    expect(result.notes.join()).toContain('without a file here: 2')
  })

  it('records the known ones of several', () => {
    const result = look({ files: ['1', '2'], table: ['1', '2', '3'], ledger: ['1'] })
    expect(result).toMatchObject({ codes: ['AHEAD'], toRecord: [{ version: '2', kind: 'observed' }] })
  })

  it('calls a deleted file missing', () => {
    const result = look({ files: ['1', '3'], table: ['1', '2', '3'] })
    expect(result).toMatchObject({ codes: ['AHEAD'], states: { 1: 'applied', 2: 'missing', 3: 'applied' } })
    expect(result.text).toContain('file is gone')
  })

  it('finds a deleted file below the mark of golang-migrate in the ledger', () => {
    expect(look({ ...golang, files: ['1', '3'], table: ['3'], ledger: ['1', '2', '3'] })).toMatchObject({
      codes: ['AHEAD'],
      states: { 2: 'missing' },
    })
  })

  it('takes an up file that went as missing', () => {
    const input = makeInput({ name: 'tenant', files: ['1'], table: ['1'] })
    const [migration] = input.migrations
    if (migration !== undefined) migration.up = null
    expect(reconcile(input).migrations[0]?.state).toBe('missing')
  })
})

describe('the table lost something', () => {
  it.each(['every-version', 'latest-version'] as const)('follows a tool that took back the newest: pending again under %s', (keeps) => {
    const result = look({ keeps, files: ['1', '2', '3'], table: keeps === 'every-version' ? ['1', '2'] : ['2'], ledger: ['1', '2', '3'] })
    expect(result).toMatchObject({ codes: [], reverted: ['3'], state: 'pending', states: { 2: 'applied', 3: 'pending' } })
    expect(result.notes.join()).toContain('took back: 3')
  })

  it('follows all the way down while the table is there', () => {
    expect(look({ ...golang, files: ['1', '2'], table: [], ledger: ['1', '2'] })).toMatchObject({
      codes: [],
      reverted: ['1', '2'],
      current: null,
    })
  })

  it('knows the newest by the order of being applied as well', () => {
    expect(look({ files: ['1', '2', '3'], table: ['1', '3'], ledger: ['1', '3', '2'], policies: { outOfOrder: 'run' } })).toMatchObject({
      codes: [],
      reverted: ['2'],
      states: { 2: 'out-of-order' },
    })
  })

  it.each([
    ['in the middle', { files: ['1', '2', '3'], table: ['1', '3'], ledger: ['1', '2', '3'] }, 'not the newest'],
    ['without a down', { files: ['1', '-2'], table: ['1'], ledger: ['1', '2'] }, 'no down that says anything'],
    ['with an empty down', { files: ['1', '~2'], table: ['1'], ledger: ['1', '2'] }, 'no down that says anything'],
    ['without a file', { files: ['1'], table: ['1'], ledger: ['1', '2'] }, 'no down that says anything'],
    [
      'that could stop half-way',
      { files: ['1', '2'], table: ['1'], ledger: ['1', '2'], nonTransactional: () => true },
      'cannot run in a transaction',
    ],
  ])('stops when one is gone %s', (_, sketch, why) => {
    const result = look(sketch)
    expect(result.codes).toContain('REVERTED')
    expect(result).toMatchObject({ reverted: [] })
    expect(result.problems[0]).toMatchObject({ stops: ['up', 'down'] })
    expect(result.text).toContain(why)
    expect(result.text).toContain('skein adopt tenant')
  })

  it('stops when the table itself is gone', () => {
    const result = look({ files: ['1', '2'], table: null, ledger: ['1', '2'] })
    expect(result).toMatchObject({ codes: ['REVERTED'], reverted: [] })
    expect(result.text).toContain('dropped')
    expect(result.text).toContain('skein baseline tenant 2')
  })

  it('goes on with a file that only the ledger keeps a down of', () => {
    expect(look({ files: ['1'], table: ['1'], ledger: ['1', { version: '2', hasDown: true }] })).toMatchObject({
      codes: [],
      reverted: ['2'],
    })
  })
})

it('stops when both have what the other has not, and shows both', () => {
  const result = look({ files: ['1', '2', '3'], table: ['1', '3'], ledger: ['1', '2'] })
  expect(result.codes[0]).toBe('MIXED')
  expect(result.problems[0]?.message).toMatch(/has 3.*lacks 2/)
  expect(result).toMatchObject({ toRecord: [], reverted: [] })
})

describe('dirty', () => {
  it('is ours when the journal knows it: resumable', () => {
    const ledger = ['1', { version: '2', partial: { done: 2, of: 5, direction: 'up' as const } }]
    const result = look({ ...golang, files: ['1', '2', '3'], table: ['2'], dirty: '2', ledger })
    expect(result).toMatchObject({ state: 'partial', states: { 1: 'applied', 2: 'partial', 3: 'pending' }, current: { version: '1' } })
    expect(result.problems).toMatchObject([{ code: 'PARTIAL', stops: ['down'] }])
    expect(result.text).toContain('2 of 5')
    expect(result.counts.pending).toBe(2)
  })

  it('is ours when it is the mark of a down', () => {
    const ledger = ['1', { version: '2', partial: { done: 1, of: 2, direction: 'down' as const } }]
    const result = look({ ...golang, files: ['1', '2'], table: ['1'], dirty: '1', ledger })
    expect(result).toMatchObject({ state: 'partial', states: { 1: 'applied', 2: 'partial' }, current: { version: '2' } })
    expect(result.problems).toMatchObject([{ code: 'PARTIAL', stops: ['up'] }])
    expect(
      look({
        ...golang,
        files: ['1'],
        table: [],
        dirty: null,
        ledger: ledger.slice(1).map(() => ({ version: '1', partial: { done: 1, of: 2, direction: 'down' as const } })),
      }).codes,
    ).toEqual(['PARTIAL'])
  })

  it('is somebody else’s otherwise: both readings, and a way out of each', () => {
    const result = look({ ...golang, files: ['1', '2', '3'], table: ['2'], dirty: '2', ledger: ['1'] })
    expect(result).toMatchObject({ codes: ['DIRTY'], state: 'dirty', states: { 1: 'applied', 2: 'dirty', 3: 'pending' }, toRecord: [] })
    for (const words of ['an up of 2', 'a down of 3', 'skein force tenant 2', 'skein force tenant 1', 'skein force tenant 3'])
      expect(result.text).toContain(words)
  })

  it('says nothing worse of what lies below the mark than it is, however far the ledger came', () => {
    const result = look({ ...golang, files: ['1', '2', '3', '4'], table: ['2'], dirty: '2', ledger: ['1', '2', '3', '4'] })
    expect(result).toMatchObject({ codes: ['DIRTY'], states: { 1: 'applied', 2: 'dirty', 3: 'pending', 4: 'pending' } })
  })

  it('reads a mark before the first', () => {
    const result = look({ ...golang, files: ['1', '2'], table: [], dirty: null, ledger: ['1'] })
    expect(result).toMatchObject({ codes: ['DIRTY'], states: { 1: 'dirty', 2: 'pending' } })
    expect(result.text).toContain('skein force tenant none')
    expect(result.text).not.toContain('an up of')
  })

  it('stays ours when an out-of-order up left the row at the greatest version', () => {
    const ledger = ['1', '3', { version: '2', partial: { done: 1, of: 2, direction: 'up' as const } }]
    expect(look({ ...golang, files: ['1', '2', '3'], table: ['3'], dirty: '3', ledger, policies: { outOfOrder: 'run' } })).toMatchObject({
      codes: ['PARTIAL'],
      states: { 2: 'partial', 3: 'applied' },
    })
  })
})

describe('half-done without a mark', () => {
  const half = { version: '2', partial: { done: 1, of: 3, direction: 'up' as const } }
  it('is resumable', () => {
    expect(look({ files: ['1', '2'], table: ['1'], ledger: ['1', half] })).toMatchObject({ state: 'partial', states: { 2: 'partial' } })
  })
  it('is over when the tool says that it is applied', () => {
    expect(look({ files: ['1', '2'], table: ['1', '2'], ledger: ['1', half] })).toMatchObject({
      codes: [],
      toRecord: [{ version: '2', kind: 'observed' }],
      states: { 2: 'applied' },
    })
  })
  it('does not count as lost when the table is not there yet', () => {
    expect(look({ files: ['2'], table: null, ledger: [half] })).toMatchObject({ states: { 2: 'partial' }, state: 'partial' })
  })
})

describe('an applied file changed', () => {
  it.each([
    ['error', ['CHANGED'], 0],
    ['warn', [], 1],
    ['redo', [], 0],
  ] as const)('under %s', (changed, codes, notes) => {
    const result = look({ files: ['!1', '2'], table: ['1', '2'], policies: { changed } })
    expect(result).toMatchObject({ codes, state: 'changed', states: { 1: 'changed', 2: 'applied' } })
    expect(result.notes).toHaveLength(notes)
  })

  it('is no change when the meaning is the same, when nobody saw the old one, or when nobody asks', () => {
    expect(look({ files: ['!1'], table: ['1'], meaningChanged: () => false }).state).toBe('up-to-date')
    expect(look({ files: ['!1'], table: ['1'], ledger: [{ version: '1', kind: 'assumed', hash: null }] }).states).toEqual({ 1: 'assumed' })
    expect(look({ files: ['!1'], table: ['1'] }, { content: false }).state).toBe('up-to-date')
  })

  it('is a change when an empty migration ran and has a file now', () => {
    expect(look({ files: ['1'], table: ['1'], ledger: [{ version: '1', hash: null }] }).codes).toEqual(['CHANGED'])
  })
})

describe('pending below an applied one', () => {
  it.each(['every-version', 'latest-version'] as const)('stops, runs or stays out by policy under %s', (keeps) => {
    const sketch = { keeps, files: ['1', '2', '3'], table: keeps === 'every-version' ? ['1', '3'] : ['3'], ledger: ['1', '3'] }
    expect(look(sketch)).toMatchObject({ codes: ['OUT-OF-ORDER'], states: { 2: 'out-of-order' }, counts: { pending: 1 }, toRecord: [] })
    expect(look({ ...sketch, policies: { outOfOrder: 'run' } })).toMatchObject({ codes: [], state: 'pending' })
    const ignored = look({ ...sketch, policies: { outOfOrder: 'ignore' } })
    expect(ignored).toMatchObject({ codes: [], state: 'up-to-date', states: { 2: 'out-of-order' }, counts: { pending: 0, outOfOrder: 1 } })
    expect(ignored.notes.join()).toContain('left out')
  })

  it('is unknown to a graph of revisions', () => {
    expect(look({ keeps: 'heads', files: ['1', '2', '3'], table: ['1', '3'] })).toMatchObject({ codes: [], states: { 2: 'pending' } })
  })
})

describe('hollow downs', () => {
  it('are shown', () => {
    const result = look({ files: ['-1', '~2', '3'], table: ['1', '2'] })
    expect(result.migrations.map((row) => row.hollowDown)).toEqual(['missing', 'empty', false])
    expect(result.counts.hollow).toBe(2)
  })
  it('are not read where nobody asks', () => {
    expect(look({ files: ['-1', '~2'] }, { downs: false }).migrations.map((row) => row.hollowDown)).toEqual(['missing', false])
  })
  it('count as there when the ledger keeps the text', () => {
    expect(look({ files: [], table: ['1'], ledger: [{ version: '1', hasDown: true }] }).migrations[0]).toMatchObject({
      hollowDown: false,
      state: 'ahead',
    })
  })
})
