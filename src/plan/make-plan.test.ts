import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import type { PlanRequest } from '../model/plan.ts'
import { type Sketch, makeInput } from './__fixtures__/make-input.ts'
import type { Fleet } from './fleet.ts'
import { makePlan } from './make-plan.ts'
import { reconcile } from './reconcile.ts'

function fleet(...sketches: Sketch[]): Fleet {
  return {
    services: sketches.map((sketch) => reconcile(makeInput(sketch))),
    tiers: new Map([['', ['core', 'foundation', 'empty', 'services']]]),
  }
}

function plan(given: Fleet, verb: PlanRequest['verb'], services?: string[], more: Partial<PlanRequest> = {}) {
  return makePlan(given, { verb, services: services ?? given.services.map((service) => service.input.name), ...more })
}

const ids = (...given: Parameters<typeof plan>) => plan(...given).steps.map((step) => step.id)

function error(...given: Parameters<typeof plan>): SkeinError {
  try {
    plan(...given)
  } catch (thrown) {
    if (thrown instanceof SkeinError) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}

describe('up', () => {
  it('goes by tiers, inside a tier by name, and says why', () => {
    const made = plan(
      fleet(
        { name: 'user', tier: 'services', files: ['1'] },
        { name: 'tenant', tier: 'foundation', files: ['1', '2'] },
        { name: 'auth', tier: 'foundation', files: ['1'] },
        { name: 'core', tier: 'core', files: ['1'] },
      ),
      'up',
    )
    expect(made.steps.map((step) => step.id)).toEqual(['core@1', 'auth@1', 'tenant@1', 'tenant@2', 'user@1'])
    expect(made.steps.map((step) => step.after)).toEqual([[], ['core@1'], ['core@1'], ['tenant@1'], ['auth@1', 'tenant@2']])
    expect(made.steps.map((step) => step.because)).toEqual([
      ['waits for nothing'],
      ['after core@1: core is in a lower tier (core < foundation)'],
      ['after core@1: core is in a lower tier (core < foundation)'],
      ['after 1: stamped runs in the order of the time stamps'],
      [
        'after auth@1: auth is in a lower tier (foundation < services)',
        'after tenant@2: tenant is in a lower tier (foundation < services)',
      ],
    ])
  })

  it('lets services run side by side where only a version is needed', () => {
    const made = plan(fleet({ name: 'a', needs: ['b@1'], files: ['1'] }, { name: 'b', files: ['1', '2'] }), 'up')
    expect(made.steps.map((step) => [step.id, step.after])).toEqual([
      ['b@1', []],
      ['b@2', ['b@1']],
      ['a@1', ['b@1']],
    ])
    expect(made.steps[2]?.because).toEqual(['after b@1: a needs b@1'])
  })

  it('interleaves where single migrations need each other', () => {
    expect(
      ids(
        fleet({ name: 'a', files: ['1', '2'], edges: { 2: ['b@1'] } }, { name: 'b', files: ['1', '2'], edges: { 1: ['a@1'], 2: ['a@2'] } }),
        'up',
      ),
    ).toEqual(['a@1', 'b@1', 'a@2', 'b@2'])
  })

  it('tells the way of needs through a service that has nothing to do', () => {
    const made = plan(fleet({ name: 'a', needs: ['b'], files: ['1'] }, { name: 'b', needs: ['c'] }, { name: 'c', files: ['1'] }), 'up')
    expect(made.steps[1]?.because).toEqual(['after c@1: a needs b, b needs c'])
  })

  it('refuses unknown needs, unknown versions, and circles by their path', () => {
    expect(error(fleet({ name: 'a', needs: ['tenent'] }, { name: 'tenant' }), 'up')).toMatchObject({
      code: 'NEED-UNKNOWN',
      message: 'a needs tenent, which does not exist (did you mean tenant?)',
    })
    expect(error(fleet({ name: 'a', needs: ['b@9'] }, { name: 'b', files: ['1'] }), 'up')).toMatchObject({ code: 'NEED-UNKNOWN' })
    expect(error(fleet({ name: 'a', needs: ['a'] }), 'up')).toMatchObject({ code: 'NEED-CYCLE', message: 'a needs itself: a → a', exit: 5 })
    const circle = fleet(
      { name: 'x', needs: ['b'] },
      { name: 'c', needs: ['a'] },
      { name: 'b', needs: ['c@1'], files: ['1'] },
      { name: 'a', needs: ['b'] },
    )
    expect(
      error(
        {
          ...circle,
          services: circle.services.map((service) =>
            service.input.name === 'c' ? reconcile(makeInput({ name: 'c', needs: ['a'], files: ['1'] })) : service,
          ),
        },
        'up',
      ).message,
    ).toContain('a → b → c@1 → a')
    expect(error(fleet({ name: 'a', tier: 'servces' }), 'up')).toMatchObject({ code: 'CONFIG-INVALID' })
  })

  it('refuses a need that is not selected and not up to date; --with-needs adds just what is needed', () => {
    const given = fleet(
      { name: 'a', needs: ['b@2'], files: ['1'] },
      { name: 'b', needs: ['c'], files: ['1', '2', '3'] },
      { name: 'c', files: ['1'] },
    )
    const refused = error(given, 'up', ['a'])
    expect(refused).toMatchObject({ code: 'NEED-PENDING', exit: 5 })
    expect(refused.message).toContain('a needs b@2: b is not selected and has 2 pending (first 1)')
    expect(refused.message).toContain('a needs b@2, b needs c: c is not selected')
    expect(ids(given, 'up', ['a'], { withNeeds: true })).toEqual(['c@1', 'b@1', 'b@2', 'a@1'])
    expect(ids(fleet({ name: 'a', needs: ['b@1'], files: ['1'] }, { name: 'b', files: ['1', '2'], table: ['1'] }), 'up', ['a'])).toEqual([
      'a@1',
    ])
  })

  it('is hindered by a service that could not be looked at only where something stands on it', () => {
    const given = { ...fleet({ name: 'a', files: ['1'] }, { name: 'b', needs: ['a', 'far'], files: ['1'] }), absent: new Set(['far']) }
    expect(ids(given, 'up', ['a'])).toEqual(['a@1'])
    expect(error(given, 'up')).toMatchObject({ code: 'NEED-PENDING', message: 'b needs far, whose database could not be looked at' })
  })

  it('counts for each service, or for the plan, and says what stays out', () => {
    const given = fleet({ name: 'a', needs: ['b'], files: ['1'] }, { name: 'b', files: ['1', '2'] })
    expect(ids(given, 'up', undefined, { count: 1 })).toEqual(['b@1'])
    expect(plan(given, 'up', undefined, { count: 1 }).notes.join()).toContain('a: 1 left out (a → b): b@2 is beyond the limit')
    expect(ids(given, 'up', undefined, { count: 2 })).toEqual(['b@1', 'b@2', 'a@1'])
    expect(ids(given, 'up', undefined, { count: 2, across: 'total' })).toEqual(['b@1', 'b@2'])
  })

  it('is stopped by what stops a selected service only, the gravest first', () => {
    const given = fleet(
      { name: 'a', files: ['!1'], table: ['1'] },
      { name: 'b', files: ['1', '2', '3'], table: ['1', '3'], ledger: ['1', '2'] },
      { name: 'c', files: ['1'] },
    )
    expect(error(given, 'up')).toMatchObject({ code: 'MIXED', exit: 7, details: { service: 'b' } })
    expect(error(given, 'up').message).toContain('a: 1 changed')
    expect(error(given, 'up', ['a'])).toMatchObject({ code: 'CHANGED' })
    expect(ids(given, 'up', ['c'])).toEqual(['c@1'])
  })

  it('goes on with what stopped half-way, and refuses above a half-done down', () => {
    const half = (direction: 'up' | 'down') => [{ version: '1', partial: { done: 1, of: 2, direction } }]
    expect(plan(fleet({ name: 'a', files: ['1', '2'], table: direction('up'), ledger: half('up') }), 'up').steps).toMatchObject([
      { id: 'a@1', resumes: true },
      { id: 'a@2' },
    ])
    expect(error(fleet({ name: 'a', files: ['1', '2'], table: direction('down'), ledger: half('down') }), 'up')).toMatchObject({
      code: 'PARTIAL',
    })
    expect(plan(fleet({ name: 'a', files: ['1', '2'], table: direction('down'), ledger: half('down') }), 'down').steps).toMatchObject([
      { id: 'a@1:down', resumes: true },
    ])
    function direction(which: 'up' | 'down') {
      return which === 'up' ? [] : ['1']
    }
  })

  it('runs what is out of order when told to', () => {
    const made = plan(fleet({ name: 'a', files: ['1', '2', '3'], table: ['1', '3'], policies: { outOfOrder: 'run' } }), 'up')
    expect(made.steps).toMatchObject([
      { id: 'a@2', because: ['waits for nothing', 'sorts before 3, which is applied; "out-of-order: run" lets it'] },
    ])
  })

  it('redoes what changed, with everything that stands on it', () => {
    const given = [
      { name: 'a', files: ['1', '!2', '3'], table: ['1', '2', '3'], policies: { changed: 'redo' as const } },
      { name: 'b', needs: ['a'], files: ['1', '2'], table: ['1'] },
    ]
    const made = plan(fleet(...given), 'up')
    expect(made.steps.map((step) => step.id)).toEqual(['b@1:down', 'a@3:down', 'a@2:down', 'a@2', 'a@3', 'b@1', 'b@2'])
    expect(made.steps[2]?.because.at(-1)).toContain('its file changed')
    expect(made.steps[3]?.after).toEqual(['a@2:down'])
    expect(made.steps[5]?.after).toEqual(['b@1:down', 'a@3'])
    expect(error(fleet(...given), 'up', ['a'])).toMatchObject({ code: 'NEEDED-BY' })
    expect(ids(fleet(...given), 'up', undefined, { count: 0 })).toEqual(['b@1:down', 'a@3:down', 'a@2:down', 'a@2', 'a@3', 'b@1'])
  })
})

describe('down', () => {
  const platform = () =>
    fleet(
      { name: 'core', tier: 'core', files: ['1', '2'], table: ['1', '2'] },
      { name: 'user', tier: 'services', files: ['1', '2'], table: ['1', '2'] },
    )

  it('takes back one, N or all, dependants first', () => {
    expect(ids(platform(), 'down', ['user'])).toEqual(['user@2:down'])
    expect(ids(platform(), 'down', undefined, { count: 'all' })).toEqual(['user@2:down', 'user@1:down', 'core@2:down', 'core@1:down'])
    expect(ids(platform(), 'down', undefined, { count: 3, across: 'total' })).toEqual(['user@2:down', 'user@1:down', 'core@2:down'])
    expect(plan(platform(), 'down', undefined, { count: 'all' }).steps[2]?.because).toEqual([
      'after user@1:down: core is in a lower tier (core < services), so user goes back first',
    ])
  })

  it('refuses while others stand on it, unless they come along or are left on purpose', () => {
    expect(error(platform(), 'down', ['core'])).toMatchObject({
      code: 'NEEDED-BY',
      exit: 5,
      details: { data: { dependants: [{ service: 'user', versions: ['1', '2'] }] } },
    })
    expect(error(platform(), 'down', ['core'], { count: 2 }).details).toMatchObject({
      message: 'core cannot go back: user (2 applied: 1, 2) stands on it and would have to go first',
      hint: 'skein down core 2 --with-dependants takes it back as well; --ignore-dependants leaves it applied',
    })
    expect(ids(platform(), 'down', ['core'], { withDependants: true })).toEqual(['user@2:down', 'user@1:down', 'core@2:down'])
    const left = plan(platform(), 'down', ['core'], { ignoreDependants: true })
    expect(left.steps.map((step) => step.id)).toEqual(['core@2:down'])
    expect(left.notes.join()).toContain('user: 2 applied')
  })

  it('names only what something stands on, and the first of many that do', () => {
    const many = Array.from({ length: 20 }, (_, at) => ({ name: `s${String(at + 10)}`, needs: ['core'], files: ['1', '2'], table: ['1'] }))
    const wide = fleet({ name: 'core', files: ['1', '2'], table: ['1', '2'] }, ...many)
    const { details } = error(wide, 'goto', ['core'], { version: '1' })
    expect(details.message).toBe(
      'core cannot go back: s10 (1 applied), s11 (1 applied), s12 (1 applied), s13 (1 applied), s14 (1 applied) and 15 more stand on it and would have to go first',
    )
    expect(details.hint).toMatch(/^skein goto core 1 --with-dependants takes them back as well; /)
    expect(details.data?.['dependants']).toHaveLength(20)
    const three = fleet(
      { name: 'a', files: ['1'], table: ['1'] },
      { name: 'b', files: ['1', '2'], table: ['1', '2'], needs: ['a'] },
      { name: 'c', files: ['1'], table: ['1'] },
    )
    expect(error(three, 'down').details).toMatchObject({
      message: 'a cannot go back: b (1 applied: 1) stands on it and would have to go first',
      hint: 'skein down --with-dependants takes it back as well; --ignore-dependants leaves it applied',
    })
  })

  it('leaves a service alone that needs an older version only', () => {
    expect(
      ids(fleet({ name: 'a', files: ['1', '2'], table: ['1', '2'] }, { name: 'b', needs: ['a@1'], files: ['1'], table: ['1'] }), 'down', [
        'a',
      ]),
    ).toEqual(['a@2:down'])
  })

  it('keeps what others stand on also when its file is gone', () => {
    const gone = { name: 'a', files: ['1'], table: ['1', '2'], ledger: ['1', { version: '2', hasDown: true, downHash: 'abc' }] }
    expect(error(fleet(gone, { name: 'b', needs: ['a@2'], files: ['1'], table: ['1'] }), 'down', ['a'])).toMatchObject({
      code: 'NEEDED-BY',
    })
  })

  it('refuses hollow downs before the first step, all of them at once, unless they are named', () => {
    const given = () => fleet({ name: 'a', files: ['1', '~2', '-3'], table: ['1', '2', '3'] })
    expect(error(given(), 'down', undefined, { count: 'all' })).toMatchObject({
      code: 'DOWN-MISSING',
      details: { data: { missing: ['a@3'], empty: ['a@2'] } },
    })
    expect(error(given(), 'down', undefined, { count: 2, allowHollow: ['a@3'] })).toMatchObject({ code: 'DOWN-HOLLOW' })
    expect(plan(given(), 'down', undefined, { count: 2, allowHollow: ['3', '2_title'] }).steps).toMatchObject([
      { id: 'a@3:down', hollow: true, hash: null },
      { id: 'a@2:down', hollow: true },
    ])
    expect(ids(given(), 'down', undefined, { count: 'all', allowHollow: true })).toHaveLength(3)
  })

  it('goes back with the text in the ledger when the file is gone', () => {
    const made = plan(
      fleet({ name: 'a', files: ['1'], table: ['1', '2'], ledger: ['1', { version: '2', hasDown: true, downHash: 'abc' }] }),
      'down',
    )
    expect(made.steps).toMatchObject([{ id: 'a@2:down', stored: true, hash: 'abc' }])
    expect(made.steps[0]).not.toHaveProperty('file')
    expect(made.notes.join()).toContain('kept in the ledger')
    expect(error(fleet({ name: 'a', files: ['1'], table: ['1', '2'] }), 'down')).toMatchObject({ code: 'DOWN-MISSING' })
  })

  it('has nothing to undo where nothing is applied, or where the last step left nothing', () => {
    expect(error(fleet({ name: 'a', files: ['1'] }), 'down')).toMatchObject({ code: 'NOTHING-TO-UNDO', exit: 2 })
    expect(ids(fleet({ name: 'a', files: ['1'] }), 'down', undefined, { count: 'all' })).toEqual([])
    const failed = () => fleet({ name: 'a', files: ['1', '2'], table: ['1'], lastFailure: { version: '2', direction: 'up' } })
    expect(error(failed(), 'down').details.hint).toContain('skein down a 1')
    expect(ids(failed(), 'down', undefined, { count: 1 })).toEqual(['a@1:down'])
  })
})

describe('goto, redo, reset', () => {
  const given = () => fleet({ name: 'a', files: ['1', '2', '3', '4'], table: ['1', '2'] })
  it('goes up or down to a version', () => {
    expect(ids(given(), 'goto', undefined, { version: '003' })).toEqual(['a@3'])
    expect(ids(given(), 'goto', undefined, { version: '1_title' })).toEqual(['a@2:down'])
    expect(ids(given(), 'goto', undefined, { version: '2' })).toEqual([])
    expect(ids(given(), 'goto', undefined, { version: null })).toEqual(['a@2:down', 'a@1:down'])
    expect(error(given(), 'goto', undefined, { version: '9' })).toMatchObject({ code: 'VERSION-UNKNOWN' })
    expect(error(given(), 'goto', [], { version: '1' })).toMatchObject({ code: 'USAGE' })
  })
  it('takes back what is newer, so that nothing is out of order any more', () => {
    const early = fleet({ name: 'a', files: ['1', '2', '3'], table: ['1', '3'], policies: { outOfOrder: 'ignore' } })
    expect(ids(early, 'goto', undefined, { version: '2' })).toEqual(['a@3:down', 'a@2'])
  })
  it('does not bring dependants back', () => {
    const given = fleet({ name: 'a', files: ['1', '2'], table: ['1', '2'] }, { name: 'b', needs: ['a'], files: ['1'], table: ['1'] })
    expect(ids(given, 'goto', ['a'], { version: '1', withDependants: true })).toEqual(['b@1:down', 'a@2:down'])
    expect(ids(given, 'reset', ['a'], { withDependants: true })).toEqual(['b@1:down', 'a@2:down', 'a@1:down', 'a@1', 'a@2', 'b@1'])
  })
  it('redoes exactly the newest, also when it changed', () => {
    const made = plan(fleet({ name: 'a', files: ['1', '!2', '3'], table: ['1', '2'] }), 'redo')
    expect(made.steps).toMatchObject([
      { id: 'a@2:down', after: [] },
      { id: 'a@2', after: ['a@2:down'], hash: 'a 2 changed' },
    ])
    expect(
      error(fleet({ name: 'a', files: ['1'], table: ['1', '2'], ledger: ['1', { version: '2', hasDown: true }] }), 'redo'),
    ).toMatchObject({ code: 'AHEAD' })
  })
  it('does not redo what stands on something that never ran', () => {
    const given = fleet({ name: 'a', files: ['1'] }, { name: 'b', needs: ['a'], files: ['1'], table: ['1'] })
    expect(error(given, 'redo', ['b'])).toMatchObject({ code: 'NEED-PENDING' })
  })
  it('resets all the way, pending ones included', () => {
    expect(ids(given(), 'reset')).toEqual(['a@2:down', 'a@1:down', 'a@1', 'a@2', 'a@3', 'a@4'])
  })
})
