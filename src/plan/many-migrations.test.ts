import { expect, it } from 'vitest'
import { makeInput } from './__fixtures__/make-input.ts'
import { makePlan } from './make-plan.ts'
import { reconcile } from './reconcile.ts'

it('plans 10,000 migrations of one service, up and down, in a tenth of a second each', () => {
  const files = Array.from({ length: 10_000 }, (_, index) => String(index + 1))
  const [pending, applied] = [makeInput({ name: 'a', files }), makeInput({ name: 'a', files, table: files })]
  const fastest = (input: typeof pending, verb: 'up' | 'down') => {
    const times = Array.from({ length: 8 }, () => {
      const start = process.cpuUsage()
      expect(makePlan({ services: [reconcile(input)] }, { verb, services: ['a'], count: 'all' }).steps).toHaveLength(10_000)
      return process.cpuUsage(start).user / 1000
    })
    return Math.min(...times)
  }
  // Twice the aim, in processor time: the machine that runs the tests may be busy. Anything quadratic takes seconds.
  expect(fastest(pending, 'up')).toBeLessThan(200)
  expect(fastest(applied, 'down')).toBeLessThan(200)
})
