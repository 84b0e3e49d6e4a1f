import { expect, it } from 'vitest'
import type { Plan } from '../model/plan.ts'
import { type Sketch, makeInput } from './__fixtures__/make-input.ts'
import { digestOf } from './digest.ts'
import { makePlan } from './make-plan.ts'
import { reconcile } from './reconcile.ts'

const base: Sketch = { name: 'a', files: ['1', '2', '3'], table: ['1'], history: 'h' }

function up(change: Partial<Sketch> = {}): Plan {
  return makePlan({ services: [reconcile(makeInput({ ...base, ...change }))] }, { verb: 'up', services: ['a'] })
}

it('is a SHA-256 that knows histories, versions, hashes and policies', () => {
  const digests = [{}, { history: 'g' }, { files: ['1', '2'] }, { files: ['1', '2', '!3'] }, { policies: { ahead: 'ok' as const } }].map(
    (change) => up(change).digest,
  )
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/)
  expect(new Set(digests).size).toBe(digests.length)
  expect(up().digest).toBe(digests[0])
})

it('knows directions and edges, and nothing of names and paths', () => {
  const { steps } = up()
  const digest = digestOf(steps, new Map())
  const renamed = steps.map((step) => ({
    ...step,
    id: `z/${step.id}`,
    service: `z/${step.service}`,
    file: 'elsewhere.sql',
    after: step.after.map((id) => `z/${id}`),
  }))
  expect(digestOf(renamed, new Map())).toBe(digest)
  expect(
    digestOf(
      steps.map((step) => ({ ...step, after: [] })),
      new Map(),
    ),
  ).not.toBe(digest)
  expect(
    digestOf(
      steps.map((step) => ({ ...step, direction: 'down' as const })),
      new Map(),
    ),
  ).not.toBe(digest)
})

it('has a basis beside it that knows every row of the tool and the head of the ledger', () => {
  const older = up({ files: ['0', '1', '2', '3'], table: ['0', '1'] })
  expect(older.digest).toBe(up().digest)
  const bases = [up(), older, up({ ledger: [] }), up({ ledger: [{ version: '1', seq: 7 }] })].map((plan) => plan.basis)
  expect(new Set(bases).size).toBe(bases.length)
})
