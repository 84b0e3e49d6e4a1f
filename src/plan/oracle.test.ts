import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import type { Plan, PlanRequest } from '../model/plan.ts'
import { type Platform, type Point, bruteForce } from './__fixtures__/brute-force.ts'
import { type Sketch, makeInput } from './__fixtures__/make-input.ts'
import type { Fleet } from './fleet.ts'
import { makePlan } from './make-plan.ts'
import { reconcile } from './reconcile.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f']
const tiers = ['low', 'mid', 'high']

/** Mostly acyclic: needs lead to services earlier in a random ranking, a few to any. */
const platforms = fc
  .record({
    ranking: fc.shuffledSubarray(names, { minLength: 2 }),
    sizes: fc.array(fc.nat(4), { minLength: 6, maxLength: 6 }),
    applied: fc.array(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), { minLength: 6, maxLength: 6 }),
    prefix: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    ignore: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    tier: fc.array(fc.option(fc.nat(2)), { minLength: 6, maxLength: 6 }),
    links: fc.array(
      fc.record({
        to: fc.nat(5),
        from: fc.nat(5),
        at: fc.option(fc.nat(3)),
        version: fc.option(fc.nat(3)),
        wild: fc.nat(11).map((n) => n === 0),
      }),
      { maxLength: 7 },
    ),
  })
  .map(({ ranking, sizes, applied, prefix, ignore, tier, links }): Platform => {
    const sketches = ranking.map((name, index): Sketch & { files: string[] } => {
      const files = Array.from({ length: sizes[index] ?? 0 }, (_, at) => String(at + 1))
      const chosen = files.map((_, at) => applied[index]?.[at] === true)
      const table = files.filter((_, at) => (prefix[index] === true ? at < chosen.filter(Boolean).length : chosen[at]))
      const level = tier[index]
      return {
        name,
        files,
        table,
        needs: [],
        edges: {},
        policies: { outOfOrder: ignore[index] === true ? 'ignore' : 'run' },
        // Tiers follow the ranking, so that tiers and needs seldom contradict each other.
        ...(level === undefined || level === null ? {} : { tier: tiers[Math.floor((index * 3) / ranking.length)] }),
      }
    })
    for (const link of links) {
      const [to, from] = [link.to % sketches.length, link.from % sketches.length]
      if (!link.wild && from >= to) continue
      const [needing, needed] = [sketches[to], sketches[from]]
      if (needing === undefined || needed === undefined) continue
      const version = link.version === null ? undefined : needed.files[link.version]
      const need = version === undefined ? needed.name : `${needed.name}@${version}`
      const at = link.at === null ? undefined : needing.files[link.at]
      if (at === undefined) needing.needs?.push(need)
      else needing.edges = { ...needing.edges, [at]: [...(needing.edges?.[at] ?? []), need] }
    }
    return { sketches, tiers }
  })

const requests = fc.record({
  picks: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  all: fc.boolean(),
  count: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  across: fc.constantFrom('each' as const, 'total' as const),
  extend: fc.boolean(),
})

function toFleet({ sketches, tiers: order }: Platform): Fleet {
  return { services: sketches.map((sketch) => reconcile(makeInput(sketch))), tiers: new Map([['', order]]) }
}

function attempt(fleet: Fleet, request: PlanRequest): Plan | string {
  try {
    return makePlan(fleet, request)
  } catch (error) {
    if (error instanceof SkeinError) return error.code
    throw error
  }
}

const id = (point: Point) => `${point.service}@${point.at}`
const ids = (plan: Plan | string) => (typeof plan === 'string' ? plan : plan.steps.map((step) => step.id))

function isApplied({ sketches }: Platform, { service, at }: Point): boolean {
  return sketches.find((sketch) => sketch.name === service)?.table?.includes(String(at)) === true
}

/** Left out by "out-of-order: ignore". */
function isIgnored(platform: Platform, { service, at }: Point): boolean {
  const sketch = platform.sketches.find(({ name }) => name === service)
  return (
    sketch?.policies?.outOfOrder === 'ignore' &&
    !isApplied(platform, { service, at }) &&
    (sketch.table ?? []).some((version) => Number(version) > at)
  )
}

/** Everything the edges of a plan say, directly or not, is exactly what the constraints say; and no edge between services could be left out. */
function checkEdges(plan: Plan, must: (earlier: string, later: string) => boolean): void {
  const reaches = (skip?: [string, string]) => {
    const known = new Map<string, Set<string>>()
    for (const step of plan.steps) {
      const mine = new Set<string>()
      for (const earlier of step.after) {
        if (skip?.[0] === earlier && skip[1] === step.id) continue
        // An edge to something that does not stand before it would be a hole in the order.
        for (const further of known.get(earlier) ?? [`no step ${earlier} before ${step.id}`]) mine.add(further)
        mine.add(earlier)
      }
      known.set(step.id, mine)
    }
    return known
  }
  const pairs = (known: Map<string, Set<string>>) =>
    [...known].flatMap(([later, set]) => [...set].map((earlier) => `${earlier} < ${later}`)).sort()
  const expected = plan.steps.flatMap((later) =>
    plan.steps.filter((earlier) => must(earlier.id, later.id)).map((earlier) => `${earlier.id} < ${later.id}`),
  )
  const full = pairs(reaches())
  expect(full).toEqual(expected.sort())
  for (const step of plan.steps) {
    expect(step.because).not.toHaveLength(0)
    for (const earlier of step.after) {
      if (earlier.split('@')[0] === step.service) continue
      if (reaches([earlier, step.id]).get(step.id)?.has(earlier) === true) expect.fail(`${earlier} → ${step.id} is needless`)
    }
  }
}

const toPoint = (text: string): Point => ({ service: text.split('@')[0] ?? '', at: Number(text.split('@')[1]?.replace(':down', '')) })

describe('up, against a brute force', () => {
  it('has the same order, leaves out nothing that may run, runs nothing applied, finds the same circles', () => {
    const seen: Record<string, number> = {}
    fc.assert(
      fc.property(platforms, requests, (platform, { picks, all, count, across, extend }) => {
        const brute = bruteForce(platform)
        const services = platform.sketches.map((sketch) => sketch.name).filter((_, index) => all || picks[index] === true)
        const request: PlanRequest = { verb: 'up', services, count, across, withNeeds: extend }
        const plan = attempt(toFleet(platform), request)
        const expected = expectedUp(platform, brute, request)
        const kind = typeof expected === 'string' ? expected : expected.length === 0 ? 'nothing' : 'steps'
        seen[kind] = (seen[kind] ?? 0) + 1
        expect(ids(plan)).toEqual(expected)
        if (typeof plan === 'string') return
        checkEdges(plan, (earlier, later) => brute.isBefore(toPoint(earlier), toPoint(later)))
        expect(
          makePlan(toFleet({ ...platform, sketches: platform.sketches.toReversed() }), { ...request, services: services.toReversed() })
            .steps,
        ).toEqual(plan.steps)
      }),
      { numRuns: 6000, seed: 20261123 },
    )
    for (const kind of ['NEED-CYCLE', 'NEED-PENDING', 'nothing', 'steps']) expect(seen[kind] ?? 0, kind).toBeGreaterThan(100)
  })

  function expectedUp(
    platform: Platform,
    brute: ReturnType<typeof bruteForce>,
    { services, count, across, withNeeds }: PlanRequest,
  ): string[] | string {
    if (brute.hasCycle) return 'NEED-CYCLE'
    const isPending = (point: Point) => !isApplied(platform, point) && !isIgnored(platform, point)
    const limit = across === 'total' || typeof count !== 'number' ? Infinity : count
    const wanted = services.flatMap((service) =>
      brute.migrations.filter((point) => point.service === service && isPending(point)).slice(0, limit),
    )
    const needed = brute.migrations.filter(
      (point) => !services.includes(point.service) && isPending(point) && wanted.some((other) => brute.isBefore(point, other)),
    )
    if (withNeeds !== true && needed.length > 0) return 'NEED-PENDING'
    const list = [...wanted, ...needed]
    if (list.some((point) => needsIgnored(platform, brute, point))) return 'NEED-PENDING'
    const order = brute.order(list, (point) => !isPending(point))
    return order.slice(0, across === 'total' && typeof count === 'number' ? count : Infinity).map(id)
  }

  /** A need that names exactly a version that is left out, of this migration, one before it, or its service. */
  function needsIgnored(platform: Platform, brute: ReturnType<typeof bruteForce>, point: Point): boolean {
    const { needs = [], edges = {} } = platform.sketches.find((sketch) => sketch.name === point.service) ?? {}
    const own = [...needs, ...Object.entries(edges).flatMap(([version, list]) => (Number(version) <= point.at ? list : []))]
    return own.some((need) => need.includes('@') && isIgnored(platform, toPoint(need)))
  }
})

describe('down, against a brute force', () => {
  it('takes back exactly what was asked and what stands on it, in the reverse order', () => {
    const seen: Record<string, number> = {}
    fc.assert(
      fc.property(platforms, requests, (platform, { picks, all, count, across, extend }) => {
        const brute = bruteForce(platform)
        const services = platform.sketches.map((sketch) => sketch.name).filter((_, index) => all || picks[index] === true)
        const request: PlanRequest = { verb: 'down', services, count: count === 3 ? 'all' : count, across, withDependants: extend }
        const plan = attempt(toFleet(platform), request)
        const expected = expectedDown(platform, brute, request)
        const kind = typeof expected === 'string' ? expected : 'steps'
        seen[kind] = (seen[kind] ?? 0) + 1
        expect(ids(plan)).toEqual(expected)
        if (typeof plan === 'string') return
        checkEdges(plan, (earlier, later) => brute.isBefore(toPoint(later), toPoint(earlier)))
        expect(makePlan(toFleet({ ...platform, sketches: platform.sketches.toReversed() }), request).steps).toEqual(plan.steps)
      }),
      { numRuns: 5000, seed: 20261124 },
    )
    for (const kind of ['NEED-CYCLE', 'NEEDED-BY', 'NOTHING-TO-UNDO', 'steps']) expect(seen[kind] ?? 0, kind).toBeGreaterThan(100)
  })

  function expectedDown(
    platform: Platform,
    brute: ReturnType<typeof bruteForce>,
    { services, count = 1, across, withDependants }: PlanRequest,
  ): string[] | string {
    if (brute.hasCycle) return 'NEED-CYCLE'
    const applied = brute.migrations.filter((point) => isApplied(platform, point))
    const limit = count === 'all' ? Infinity : count
    const ours = applied.filter((point) => services.includes(point.service))
    const asked =
      across === 'total'
        ? brute
            .order(ours, () => true)
            .reverse()
            .slice(0, limit)
        : services.flatMap((service) =>
            ours
              .filter((point) => point.service === service)
              .reverse()
              .slice(0, limit),
          )
    if (asked.length === 0 && limit !== Infinity) return 'NOTHING-TO-UNDO'
    const dependants = applied.filter((point) => !asked.includes(point) && asked.some((other) => brute.isBefore(other, point)))
    if (dependants.length > 0 && withDependants !== true) return 'NEEDED-BY'
    return brute
      .order([...asked, ...dependants], () => true)
      .reverse()
      .map((point) => `${id(point)}:down`)
  }
})

describe('there and back', () => {
  it('up and then down of as much leads back, redo and reset lead to where they started', () => {
    fc.assert(
      fc.property(platforms, (platform) => {
        const fresh = { ...platform, sketches: platform.sketches.map((sketch) => ({ ...sketch, table: [] as string[] })) }
        if (bruteForce(fresh).hasCycle) return
        const services = fresh.sketches.map((sketch) => sketch.name)
        const up = makePlan(toFleet(fresh), { verb: 'up', services })
        const built = after(fresh, up)
        expect(built.sketches.map((sketch) => sketch.table)).toEqual(fresh.sketches.map((sketch) => sketch.files))
        const down = makePlan(toFleet(built), { verb: 'down', services, count: 'all' })
        expect(down.steps.map((step) => step.id)).toEqual(up.steps.map((step) => `${step.id}:down`).toReversed())
        expect(after(built, down).sketches.every((sketch) => sketch.table?.length === 0)).toBe(true)

        const reset = makePlan(toFleet(built), { verb: 'reset', services })
        expect(reset.steps.map((step) => step.id)).toEqual([...down.steps, ...up.steps].map((step) => step.id))
        if (up.steps.length === 0) return
        const redo = makePlan(toFleet(built), { verb: 'redo', services, count: 2, across: 'total' })
        expect(after(built, redo)).toEqual(built)
        expect(redo.steps.map((step) => step.direction)).toEqual(
          redo.steps.map((_, index) => (index < redo.steps.length / 2 ? 'down' : 'up')),
        )
      }),
      { numRuns: 1500, seed: 20261125 },
    )
  })

  function after(platform: Platform, plan: Plan): Platform {
    const applied = new Set(platform.sketches.flatMap(({ name, table }) => (table ?? []).map((version) => `${name}@${version}`)))
    for (const step of plan.steps) {
      const key = `${step.service}@${step.version}`
      expect(applied.has(key)).toBe(step.direction === 'down')
      if (step.direction === 'up') applied.add(key)
      else applied.delete(key)
    }
    return {
      ...platform,
      sketches: platform.sketches.map((sketch) => ({
        ...sketch,
        table: (sketch.files ?? []).filter((version) => applied.has(`${sketch.name}@${version}`)),
      })),
    }
  }
})
