import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SkeinError, errorCodes } from '../../src/model/errors.ts'
import type { Plan, PlanRequest, Step } from '../../src/model/plan.ts'
import type { Fleet } from '../../src/plan/fleet.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { isInDatabase } from '../../src/plan/reconciled.ts'
import { type Command, type Run, act, commands, isLost, knowsAll, sameVersions } from './commands.ts'
import { wrongWithDown, wrongWithUp } from './oracle.ts'
import { platforms, tiers } from './platforms.ts'
import { asRead, historyOf, keyOf, versionOf } from './tools.ts'
import { type ServiceWorld, execute, inputOf, look, migrations, observe, stateOf } from './world.ts'

const seed = Number(process.env.WALK_SEED ?? 20261125)

/** Another seed, or more runs: WALK_SEED=7 WALK_RUNS=20000 npx vitest run test/walk */
const numRuns = Number(process.env.WALK_RUNS ?? 1000)

/** How often what came out, so that no branch is walked past for ever. */
const seen: Record<string, number> = {}
/** What a digest stands for. */
const digests = new Map<string, string>()

it(`keeps planner, tables and ledger of all tools in step on random walks (seed ${seed})`, () => {
  fc.assert(
    fc.property(platforms, commands, (world, list) => {
      const told: string[] = []
      // A platform is changed as it is walked; shrinking needs it as it was.
      const mine = structuredClone(world)
      try {
        for (const command of list) walkOn(mine, command, told)
        thereAndBack(structuredClone(world), told)
      } catch (error) {
        throw new Error(`${describeWorld(world)}\n${told.join('\n')}\n${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        })
      }
    }),
    { numRuns, seed },
  )
  for (const kind of [
    'steps',
    'nothing',
    'NEED-PENDING',
    'NEEDED-BY',
    'OUT-OF-ORDER',
    'AHEAD',
    'CHANGED',
    'DOWN-HOLLOW',
    'NOTHING-TO-UNDO',
  ])
    expect(seen[kind] ?? 0, JSON.stringify(seen)).toBeGreaterThan(5)
})

function walkOn(world: readonly ServiceWorld[], command: Command, told: string[]): void {
  if (command.kind === 'run') {
    run(world, command, told)
  } else {
    const service = world[command.service % world.length]
    const done = service === undefined ? undefined : act(service, command)
    if (done !== undefined) told.push(done)
  }
  for (const service of world) checkRows(service)
}

/** The tool's rows say what is true, as far as they can: the law of histories, and the truth seen through the planner's eyes. */
function checkRows(service: ServiceWorld): void {
  const { name, tool, done } = service
  const list = migrations(service)
  const rows = asRead(tool, service.rows)
  const applied = historyOf(tool).applied({ exists: true, rows }, list)
  expect(historyOf(tool).rows(applied, list), `${name}: rows(applied(rows))`).toEqual(rows)
  if (!knowsAll(service) || isLost(service)) return
  const made = historyOf(tool).rows({ applied: new Map([...done].map((version) => [version, { assumed: false }])), unknown: [] }, list)
  expect(asRead(tool, made).map(keyOf), `${name}: rows of what is applied`).toEqual(rows.map(keyOf))
  const { migrations: statuses, problems } = look(service)
  if (problems.some((one) => ['MIXED', 'REVERTED'].includes(one.code))) return
  const known = new Set(statuses.filter(isInDatabase).map((row) => row.version))
  expect(known, `${name}: applied, as the planner sees it`).toEqual(new Set(done))
}

function run(world: readonly ServiceWorld[], command: Run, told: string[]): void {
  const { request, plan } = planOf(world, command, told)
  if (typeof plan === 'string') return
  const names = new Set([...request.services, ...plan.steps.map((step) => step.service)])
  for (const service of world) if (names.has(service.name)) observe(service)
  const states = new Map(world.map((service) => [service.name, stateOf(service)]))
  const ended = new Set<string>()
  const redone = new Set(request.verb === 'redo' ? plan.steps.map((step) => step.service) : [])
  const limit = command.kill ?? Infinity
  for (const [at, step] of mixed(plan.steps, command.mix).slice(0, limit).entries()) {
    told.push(`  ${step.id}`)
    const service = world.find((one) => one.name === step.service)
    const state = states.get(step.service)
    if (service === undefined || state === undefined) throw new Error(`no service ${step.service}`)
    if (ended.has(step.id)) throw new Error(`${step.id} is there twice`)
    const wrong =
      step.direction === 'up'
        ? wrongWithUp(world, tiers, service, step.version, redone)
        : wrongWithDown(world, tiers, service, step.version, request.ignoreDependants === true)
    if (wrong !== undefined) throw new Error(`step ${at + 1}: ${wrong}`)
    execute(service, state, step)
    ended.add(step.id)
  }
  for (const service of world) {
    if (!names.has(service.name)) continue
    const ledger = new Set(service.ledger?.map((entry) => entry.version))
    const stopped = look(service).problems.some((one) => ['MIXED', 'REVERTED'].includes(one.code))
    // What has no file is not written down: nobody knows what it was.
    const files = new Set(migrations(service).map((one) => one.version))
    const done = [...service.done].filter((version) => files.has(version) || ledger.has(version))
    if (knowsAll(service) && !stopped) expect(ledger, `${service.name}: the ledger`).toEqual(new Set(done))
  }
  const isWhole = request.verb === 'up' && request.count === undefined && limit >= plan.steps.length
  if (!isWhole) return
  const again = makePlan(fleetOf(world), request)
  expect(
    again.steps.map((step) => step.id),
    'up right after up',
  ).toEqual([])
}

function planOf(world: readonly ServiceWorld[], command: Run, told: string[]): { request: PlanRequest; plan: Plan | string } {
  const picked = world.filter((_, index) => command.picks[index] === true).map((service) => service.name)
  const services = picked.length === 0 ? world.map((service) => service.name) : picked
  const request: PlanRequest = { ...command.request, services }
  if (request.verb === 'goto') {
    request.services = services.slice(0, 1)
    const tool = world.find((service) => service.name === services[0])?.tool ?? ''
    request.version = command.slot === null ? null : (versionOf[tool]?.(command.slot) ?? '')
  }
  told.push(`skein ${JSON.stringify(request)}${command.kill === undefined ? '' : ` killed after ${command.kill}`}`)
  const before = JSON.stringify(world, plain)
  const plan = attempt(fleetOf(world), request)
  const kind = typeof plan === 'string' ? plan : plan.steps.length === 0 ? 'nothing' : 'steps'
  seen[kind] = (seen[kind] ?? 0) + 1
  told.push(`  → ${kind}`)
  expect(JSON.stringify(world, plain), 'planning changes nothing').toBe(before)
  const turned = attempt(fleetOf(world.toReversed()), { ...request, services: request.services.toReversed() })
  if (typeof plan === 'string' || typeof turned === 'string') expect(turned).toBe(plan)
  else {
    expect({ ...turned, request: 0 }, 'the order in which services come').toEqual({ ...plan, request: 0 })
    checkDigest(world, plan)
  }
  return { request, plan }
}

/** One digest for one content, and one content for one digest. */
function checkDigest(world: readonly ServiceWorld[], plan: Plan): void {
  const ordinals = new Map(plan.steps.map((step, at) => [step.id, at]))
  const histories = new Set(plan.steps.map((step) => step.service))
  const content = JSON.stringify([
    world
      .filter(({ name }) => histories.has(name))
      .map(({ name, tool, policies }) => [name, tool, policies.outOfOrder, policies.changed, policies.ahead])
      .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    plan.steps.map(({ history, version, direction, hash, after }) => [
      history,
      version,
      direction,
      hash,
      after.map((id) => ordinals.get(id) ?? -1).toSorted((a, b) => a - b),
    ]),
  ])
  expect(digests.get(plan.digest) ?? content, 'what this digest stood for before').toBe(content)
  digests.set(plan.digest, content)
}

/** From nothing, up and all the way down again: nothing is left. */
function thereAndBack(world: readonly ServiceWorld[], told: string[]): void {
  const picks = world.map(() => true)
  told.push('there and back:')
  for (const verb of ['up', 'down'] as const) {
    const request = verb === 'up' ? { verb } : { verb, count: 'all' as const, allowHollow: true as const }
    run(world, { kind: 'run', request, picks, slot: null, mix: [] }, told)
    for (const service of world) checkRows(service)
    for (const service of world) {
      const all = new Set(migrations(service).map((one) => one.version))
      expect(sameVersions(service.done, verb === 'up' ? all : new Set()), `${service.name} after ${verb}`).toBe(true)
    }
  }
  expect(world.flatMap((service) => service.rows)).toEqual([])
}

/** Another order that `after` allows: services side by side, each in the plan's order. */
function mixed(steps: readonly Step[], mix: readonly number[]): Step[] {
  const left = [...steps]
  const order: Step[] = []
  for (let turn = 0; left.length > 0; turn++) {
    const ids = new Set(order.map((step) => step.id))
    const ready = left.filter(
      (step, at) => step.after.every((id) => ids.has(id)) && !left.slice(0, at).some((other) => other.service === step.service),
    )
    const next = ready[(mix[turn] ?? 0) % Math.max(ready.length, 1)]
    if (next === undefined) throw new Error(`nobody can start: ${left.map((step) => step.id).join(', ')}`)
    left.splice(left.indexOf(next), 1)
    order.push(next)
  }
  return order
}

function fleetOf(world: readonly ServiceWorld[]): Fleet {
  return { services: world.map(look), tiers: new Map([['', tiers]]) }
}

function attempt(fleet: Fleet, request: PlanRequest): Plan | string {
  try {
    return makePlan(fleet, request)
  } catch (error) {
    if (!(error instanceof SkeinError) || !(error.code in errorCodes)) throw error
    return error.code
  }
}

function plain(_: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value
}

function describeWorld(world: readonly ServiceWorld[]): string {
  return world
    .map((service) => {
      const { name, tool, tier = '-', policies } = service
      const needs = service.needs.map((need) => `${need.service}${need.version === undefined ? '' : `@${need.version}`}`)
      const files = inputOf(service).migrations.map((one) => {
        const own = (one.needs ?? []).map((need) => `${need.service}@${need.version ?? ''}`)
        return `${one.version}${one.parents === undefined ? '' : `(${one.parents.join(' ')})`}${own.length === 0 ? '' : ` needs ${own.join(' ')}`}`
      })
      return `${name}: ${tool}, tier ${tier}, needs [${needs.join(' ')}], ${JSON.stringify(policies)}, files [${files.join(', ')}]`
    })
    .join('\n')
}
