import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import type { PlanRequest } from '../model/plan.ts'
import { type Sketch, makeInput } from './__fixtures__/make-input.ts'
import { makePlan } from './make-plan.ts'
import { reconcile } from './reconcile.ts'

const order = ['aa01', 'aa02', 'aa03', 'bb01', 'bb02']

/** Core aa01 → aa02 → aa03, billing bb01 → bb02, where bb02 depends on aa02 as well. */
const branches: Record<string, string[]> = { aa01: [], aa02: ['aa01'], aa03: ['aa02'], bb01: [], bb02: ['bb01', 'aa02'] }

function revisions(more: Partial<Sketch> = {}, parents = branches): Sketch {
  const files = more.files ?? Object.keys(parents)
  const compare = (a: string, b: string) => files.indexOf(a) - files.indexOf(b)
  return { name: 'ai', tool: 'alembic', keeps: 'heads', history: 'alembic:public.alembic_version', files, compare, parents, ...more }
}

function plan(request: Partial<PlanRequest> & { verb: PlanRequest['verb'] }, ...sketches: Sketch[]) {
  const services = sketches.map((sketch) => sketch.name).filter((name) => name === 'ai')
  return makePlan({ services: sketches.map((sketch) => reconcile(makeInput(sketch))) }, { services, ...request })
}

const steps = (...given: Parameters<typeof plan>) => plan(...given).steps.map((step) => step.id.replace('ai@', ''))

function code(...given: Parameters<typeof plan>): string {
  try {
    return plan(...given).digest
  } catch (error) {
    if (error instanceof SkeinError) return error.code
    throw error
  }
}

describe('several heads', () => {
  it('go up along their own branch and what it stands on', () => {
    expect(steps({ verb: 'goto', version: 'bb02' }, revisions())).toEqual(['aa01', 'aa02', 'bb01', 'bb02'])
    expect(steps({ verb: 'goto', version: 'aa02' }, revisions({ table: ['bb01'] }))).toEqual(['aa01', 'aa02'])
    expect(steps({ verb: 'goto', version: 'bb02' }, revisions({ table: ['aa01', 'aa02', 'aa03'] }))).toEqual(['bb01', 'bb02'])
  })

  it('go down by what stands on the target, and leave the other branch', () => {
    expect(steps({ verb: 'goto', version: 'aa02' }, revisions({ table: order }))).toEqual(['bb02:down', 'aa03:down'])
    expect(steps({ verb: 'goto', version: 'bb01' }, revisions({ table: order }))).toEqual(['bb02:down'])
    expect(steps({ verb: 'goto', version: 'aa01' }, revisions({ table: ['aa01', 'aa02', 'aa03', 'bb01'] }))).toEqual([
      'aa03:down',
      'aa02:down',
    ])
    expect(steps({ verb: 'goto', version: null }, revisions({ table: order }))).toEqual(order.toReversed().map((one) => `${one}:down`))
    expect(steps({ verb: 'goto', version: 'aa03' }, revisions({ table: order }))).toEqual([])
  })

  it('count in the list, both ways', () => {
    expect(steps({ verb: 'up', count: 2 }, revisions({ table: ['aa01'] }))).toEqual(['aa02', 'aa03'])
    expect(steps({ verb: 'up', count: 3 }, revisions({ table: ['aa01'] }))).toEqual(['aa02', 'aa03', 'bb01'])
    expect(steps({ verb: 'down', count: 2 }, revisions({ table: order }))).toEqual(['bb02:down', 'bb01:down'])
    expect(steps({ verb: 'redo' }, revisions({ table: order }))).toEqual(['bb02:down', 'bb02'])
  })

  it('a merge goes back alone', () => {
    const merged = revisions({ table: ['a', 'b', 'c', 'm'] }, { a: [], b: ['a'], c: ['a'], m: ['b', 'c'] })
    expect(steps({ verb: 'down' }, merged)).toEqual(['m:down'])
    expect(steps({ verb: 'goto', version: 'b' }, merged)).toEqual(['m:down'])
    expect(steps({ verb: 'goto', version: 'a' }, merged)).toEqual(['m:down', 'c:down', 'b:down'])
  })

  it("run in Alembic's order, each after its parents", () => {
    const made = plan({ verb: 'up' }, revisions())
    expect(made.steps.map((step) => step.version)).toEqual(order)
    expect(made.steps.map((step) => step.after)).toEqual([[], ['ai@aa01'], ['ai@aa02'], [], ['ai@bb01', 'ai@aa02']])
    expect(made.steps[4]?.because).toEqual([
      'after bb01: alembic runs along the graph of revisions',
      'after aa02: alembic runs along the graph of revisions',
    ])
    const back = plan({ verb: 'goto', version: 'aa01' }, revisions({ table: order }))
    expect(back.steps.map((step) => [step.version, step.after])).toEqual([
      ['bb02', []],
      ['aa03', []],
      ['aa02', ['ai@aa03:down', 'ai@bb02:down']],
    ])
  })

  it('have nothing out of order, on whichever branch it is pending', () => {
    const { state, counts, problems } = reconcile(makeInput(revisions({ table: ['bb01'] })))
    expect([state, counts.outOfOrder, counts.pending, problems]).toEqual(['pending', 0, 4, []])
    expect(steps({ verb: 'up' }, revisions({ table: ['bb01'] }))).toEqual(['aa01', 'aa02', 'aa03', 'bb02'])
  })

  it('are needed by the branch, not by the list', () => {
    const other: Sketch = { name: 'b', files: ['1'], needs: ['ai@bb01'] }
    expect(steps({ verb: 'up', services: ['b'] }, revisions({ table: ['bb01'] }), other)).toEqual(['b@1'])
    expect(steps({ verb: 'up', services: ['b'], withNeeds: true }, revisions(), other)).toEqual(['bb01', 'b@1'])
    expect(code({ verb: 'up', services: ['b'] }, revisions(), other)).toBe('NEED-PENDING')
    const applied = { ...other, table: ['1'] }
    expect(steps({ verb: 'goto', version: 'aa01' }, revisions({ table: order }), applied)).toEqual(['bb02:down', 'aa03:down', 'aa02:down'])
    expect(code({ verb: 'goto', version: null }, revisions({ table: order }), applied)).toBe('NEEDED-BY')
    expect(steps({ verb: 'goto', version: null, ignoreDependants: true }, revisions({ table: order }), applied)).toHaveLength(5)
  })

  it('all stand before a service that needs the whole, and after what they need', () => {
    const made = plan(
      { verb: 'up', services: ['ai', 'b', 'core'] },
      revisions({ needs: ['core'] }),
      { name: 'b', files: ['1'], needs: ['ai'] },
      { name: 'core', files: ['1'] },
    )
    expect(made.steps.map((step) => [step.id, step.after])).toEqual([
      ['core@1', []],
      ['ai@aa01', ['core@1']],
      ['ai@aa02', ['ai@aa01']],
      ['ai@aa03', ['ai@aa02']],
      ['ai@bb01', ['core@1']],
      ['ai@bb02', ['ai@bb01', 'ai@aa02']],
      ['b@1', ['ai@aa03', 'ai@bb02']],
    ])
  })

  it('run again what changed with what stands on it only', () => {
    const redone = revisions({ files: ['aa01', '!aa02', 'aa03', 'bb01', 'bb02'], table: order, policies: { changed: 'redo' } })
    expect(steps({ verb: 'up' }, redone)).toEqual(['bb02:down', 'aa03:down', 'aa02:down', 'aa02', 'aa03', 'bb02'])
  })
})

describe('versions without a file', () => {
  it('an unknown head stops both ways, and nothing below it counts as lost', () => {
    const ahead = reconcile(makeInput(revisions({ table: ['zz99'], ledger: ['aa01', 'aa02', 'zz99'] })))
    expect([ahead.state, ahead.reverted, ahead.problems.map((one) => one.code)]).toEqual(['ahead', [], ['AHEAD']])
    expect(ahead.migrations.map((row) => [row.version, row.state])).toEqual([
      ['aa01', 'applied'],
      ['aa02', 'applied'],
      ['aa03', 'pending'],
      ['bb01', 'pending'],
      ['bb02', 'pending'],
      ['zz99', 'ahead'],
    ])
    const foreign = revisions({ table: ['zz99'], ledger: ['aa01'] })
    expect(reconcile(makeInput(foreign)).problems.map((one) => one.code)).toEqual(['AHEAD'])
    expect(code({ verb: 'goto', version: 'aa01', allowHollow: true }, foreign)).toBe('AHEAD')
    expect(code({ verb: 'up' }, { ...foreign, policies: { ahead: 'ok' } })).toBe('AHEAD')
  })

  it('one that later revisions were run after stays applied; the newest one went back', () => {
    const below = reconcile(makeInput(revisions({ table: ['aa01', 'aa02'], ledger: ['aa01', 'old', 'aa02'] })))
    expect(below.problems.map((one) => [one.code, one.versions])).toEqual([['AHEAD', ['old']]])
    const newest = reconcile(makeInput(revisions({ table: ['aa01'], ledger: ['aa01', 'old'] })))
    expect(newest.problems.map((one) => [one.code, one.versions])).toEqual([['REVERTED', ['old']]])
  })

  it('a branch that Alembic took back is pending again, wherever it stands in the list', () => {
    const { state, reverted, problems } = reconcile(makeInput(revisions({ table: ['aa01', 'aa02', 'bb01', 'bb02'], ledger: order })))
    expect([state, reverted, problems]).toEqual(['pending', ['aa03'], []])
  })
})
