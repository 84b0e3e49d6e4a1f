import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import type { PlanRequest } from '../model/plan.ts'
import { makeInput } from './__fixtures__/make-input.ts'
import type { ServiceInput } from './input.ts'
import { makePlan } from './make-plan.ts'
import { reconcile } from './reconcile.ts'
import { requestOf } from './same-plan.ts'

/** Service a with three applied migrations, of which the second says that it must not go back. */
function outcome(request: Partial<PlanRequest>, change: (input: ServiceInput) => ServiceInput = (input) => input): string[] {
  const input = makeInput({ name: 'a', files: ['1', '2', '3'], table: ['1', '2', '3'] })
  const marked = { ...input, migrations: input.migrations.map((one) => (one.version === '2' ? { ...one, rollbackSafe: false } : one)) }
  try {
    const plan = makePlan({ services: [reconcile(change(marked))] }, { verb: 'down', services: ['a'], ...request })
    expect(requestOf(JSON.parse(JSON.stringify(plan)))).toEqual(plan.request)
    return plan.steps.map((step) => step.id)
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    return [error.code, String(error.details.version), error.details.hint ?? '']
  }
}

describe('rollback_safe: false', () => {
  const refused = ['ROLLBACK-UNSAFE', '2', expect.stringContaining('--allow-unsafe-rollback')]

  it.each<[string, Partial<PlanRequest>]>([
    ['down', { count: 2 }],
    ['goto', { verb: 'goto', version: '1' }],
    ['redo', { verb: 'redo', count: 2 }],
    ['reset', { verb: 'reset' }],
  ])('%s over it is refused before the first step, and done where that is said', (_, request) => {
    expect(outcome(request)).toEqual(refused)
    expect(outcome({ ...request, allowUnsafeRollback: true })).toContain('a@2:down')
  })

  it('does not hinder what stands above it, nor a way up', () => {
    expect(outcome({})).toEqual(['a@3:down'])
    expect(outcome({ verb: 'up' })).toEqual([])
  })

  it('is not known of a file that is gone: what the ledger keeps goes back', () => {
    const without = (input: ServiceInput) => ({
      ...input,
      policies: { ...input.policies, ahead: 'ok' as const },
      migrations: input.migrations.filter((one) => one.version !== '2'),
      ledger: (input.ledger ?? []).map((entry) => ({ ...entry, hasDown: true })),
    })
    expect(outcome({ count: 2 }, without)).toEqual(['a@3:down', 'a@2:down'])
  })
})
