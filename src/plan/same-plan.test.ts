import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import { makeInput } from './__fixtures__/make-input.ts'
import { makePlan } from './make-plan.ts'
import { reconcile } from './reconcile.ts'
import { requestOf, samePlan } from './same-plan.ts'

const now = makePlan(
  {
    services: [makeInput({ name: 'a', files: ['1', '2'], needs: ['b'] }), makeInput({ name: 'b', files: ['1'] })].map((input) =>
      reconcile(input),
    ),
  },
  { verb: 'up', services: ['a', 'b'], count: 'all' },
)

function outcome(change: (plan: ReturnType<typeof copy>) => unknown): string {
  const given = copy()
  const result = change(given)
  try {
    samePlan(result ?? given, now)
    return 'same'
  } catch (error) {
    if (error instanceof SkeinError) return `${error.code} ${error.message}`
    throw error
  }
}

function copy() {
  return JSON.parse(JSON.stringify(now)) as { digest: string; basis: string; steps: Record<string, unknown>[]; request: unknown }
}

describe('a given plan', () => {
  it('is the same after a round trip', () => {
    expect(outcome(() => undefined)).toBe('same')
    expect(requestOf(copy())).toEqual(now.request)
  })

  it.each([
    ['a hash', { hash: 'x' }, 'the file of b@1 changed'],
    ['an edge more', { after: ['a@1'] }, 'b@1 does not wait for a@1 any more'],
    ['a name', { name: 'y' }, 'name was y'],
    ['an id', { id: 'c@1' }, 'step 1 was c@1 and is b@1 now'],
    ['a history', { history: 'z' }, 'history was z'],
  ])('with another %s is refused', (_, change, says) => {
    expect(outcome(({ steps }) => void Object.assign(steps[0] ?? {}, change))).toMatch(new RegExp(`^PLAN-CHANGED .*${says}`))
  })

  it('with an edge less, a step more or less, another basis or digest is refused', () => {
    expect(outcome(({ steps }) => void Object.assign(steps[1] ?? {}, { after: [] }))).toContain('a@1 has to wait for b@1 now')
    expect(outcome((plan) => void plan.steps.pop())).toContain('step 3 is new: a@2')
    expect(outcome((plan) => void plan.steps.push({ id: 'a@9', after: [] }))).toContain('step 4 is not to be done any more: a@9')
    expect(outcome((plan) => ({ ...plan, basis: 'x' }))).toContain('(basis)')
    expect(outcome((plan) => ({ ...plan, digest: 'x' }))).toContain('digest')
  })

  it.each([
    [null],
    ['text'],
    [{}],
    [{ digest: '', basis: '' }],
    [{ digest: '', basis: '', steps: [1] }],
    [{ digest: '', basis: '', steps: [{ id: 'x' }] }],
  ])('that is %j cannot be read', (given) => {
    expect(outcome(() => given ?? [])).toMatch(/^PLAN-INVALID/)
  })

  it('may lack a request, but not have a false one', () => {
    const { request: _, ...rest } = copy()
    expect(requestOf(rest)).toBeUndefined()
    for (const request of [
      1,
      { verb: 'drop', services: [] },
      { verb: 'up', services: [1] },
      { verb: 'up', services: [], count: -1 },
      { verb: 'up', services: [], withNeeds: 1 },
    ]) {
      expect(() => requestOf({ ...rest, request })).toThrow('request')
    }
  })
})
