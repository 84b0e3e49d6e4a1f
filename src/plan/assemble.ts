import { SkeinError } from '../model/errors.ts'
import type { Direction } from '../model/migration.ts'
import type { Plan, PlanRequest, Step } from '../model/plan.ts'
import type { Policies } from '../model/service.ts'
import { isOwn } from './branches.ts'
import { basisOf, digestOf } from './digest.ts'
import { hollowDown } from './hollow-down.ts'
import { explainChain, explainNeed } from './explain.ts'
import type { Fleet } from './fleet.ts'
import type { Graph, Place } from './graph.ts'
import type { MigrationStatus, Reconciled } from './reconciled.ts'
import { type Walk, walk } from './walk.ts'

/** What a verb decided: what goes back, what is run, whom it concerns. */
export interface Decision {
  request: PlanRequest
  /** Taken back, in order; from {@link reverseOrder}. */
  downs?: Walk
  /** Run, in order, after what was taken back of the same service. */
  ups?: Walk
  /** Names of the services that the plan is about, with or without steps. */
  concerns: Iterable<string>
  /** More reasons, by step id. */
  because?: ReadonlyMap<string, string>
  notes?: readonly string[]
}

/** The order in which a set goes back: exactly the reverse of the order in which it would be run, edges turned round. */
export function reverseOrder(graph: Graph, isTaken: (place: Place) => boolean): Walk {
  const up = walk(graph, (place) => (isTaken(place) ? 'run' : 'pass'))
  const last = up.order.length - 1
  const after = up.order.map((): number[] => [])
  up.after.forEach((earlier, position) => {
    for (const other of earlier) after[last - other]?.push(last - position)
  })
  // The step before it in its own service first, as in a walk.
  const order = up.order.toReversed()
  const isSame = (other: number, position: number) => order[other]?.service === order[position]?.service
  after.forEach((list, position) => list.sort((a, b) => Number(isSame(b, position)) - Number(isSame(a, position)) || a - b))
  return { order, after, halts: up.halts }
}

/** Makes the plan of a decision: steps with their edges and reasons, digest, basis, notes. Reads (hashes) only the files of its steps. */
export function assemble(graph: Graph, fleet: Fleet, decision: Decision): Plan {
  const steps: Step[] = []
  const notes: string[] = []
  const lastDown = new Map<number, number>()
  const isFirstUp = new Set<number>()

  decision.downs?.order.forEach((place, position) => {
    lastDown.set(place.service, position)
    addStep(place, 'down', decision.downs?.after[position] ?? [])
  })
  const offset = steps.length
  decision.ups?.order.forEach((place, position) => {
    const down = isFirstUp.has(place.service) ? undefined : lastDown.get(place.service)
    isFirstUp.add(place.service)
    const after = (decision.ups?.after[position] ?? []).map((other) => other + offset)
    addStep(place, 'up', down === undefined ? after : [down, ...after])
  })

  const concerns = [...decision.concerns].sort()
  const services = concerns.map((name) => graph.wholes.get(name)).filter((service) => service !== undefined)
  const policies = new Map<string, Policies>(services.map(({ input }) => [input.history, input.policies]))
  return {
    digest: digestOf(steps, policies),
    basis: basisOf(services),
    request: decision.request,
    steps,
    notes: [...services.flatMap((service) => service.notes), ...(decision.notes ?? []), ...notes],
  }

  function addStep(place: Place, direction: Direction, after: readonly number[]): void {
    const [service, row] = at(graph, place)
    const step = makeStep(service, row, direction)
    step.after = after.map((other) => steps[other]?.id ?? '')
    step.because = after.map((other) => why(place, direction, other))
    if (after.length === 0) step.because.push('waits for nothing')
    const more = decision.because?.get(step.id)
    if (more !== undefined) step.because.push(more)
    if (row.state === 'out-of-order' && direction === 'up')
      step.because.push(`sorts before ${service.current?.version}, which is applied; "out-of-order: run" lets it`)
    if (step.resumes === true)
      step.because.push(`stopped half-way, ${row.entry?.partial?.done} of ${row.entry?.partial?.of} statements done: goes on there`)
    if (step.stored === true) notes.push(`${step.id}: its file is gone; the text kept in the ledger goes back`)
    if (step.hollow === true)
      notes.push(`${step.id}: the down ${row.migration?.down == null ? 'is missing' : 'says nothing'}; only the history goes back`)
    steps.push(step)
  }

  function why(place: Place, direction: Direction, other: number): string {
    const downs = decision.downs?.order.length ?? 0
    const otherPlace = other < downs ? decision.downs?.order[other] : decision.ups?.order[other - downs]
    const id = steps[other]?.id ?? ''
    if (otherPlace === undefined) return id
    if (!isOwn(graph, { from: otherPlace, to: place })) return explainNeed(graph, fleet, id, place, otherPlace, direction)
    const [service, row] = at(graph, otherPlace)
    if (direction === 'up' && other < downs) return `after ${id}: what was taken back is run again`
    return explainChain(service.input.tool, row.version, direction)
  }
}

/** The service and the migration of a place. Throws only when a place of another graph is given. */
export function at(graph: Graph, place: Place): [Reconciled, MigrationStatus] {
  const service = graph.services[place.service]
  const row = service?.migrations[place.position - 1]
  if (service === undefined || row === undefined)
    throw new SkeinError('PLAN-INVALID', { message: `there is no migration ${place.position} of service ${place.service}` })
  return [service, row]
}

/** `service@version`, or `service@version:down`. */
export function stepId(service: string, version: string, direction: Direction): string {
  return direction === 'up' ? `${service}@${version}` : `${service}@${version}:down`
}

function makeStep({ input }: Reconciled, row: MigrationStatus, direction: Direction): Step {
  const { version, name, migration, entry } = row
  const body = direction === 'up' ? migration?.up : migration?.down
  const hollow = direction === 'down' && hollowDown(migration, entry) !== false
  const stored = direction === 'down' && body == null && !hollow
  const step: Step = {
    id: stepId(input.name, version, direction),
    service: input.name,
    version,
    name,
    direction,
    history: input.history,
    hash: stored ? (entry?.downHash ?? null) : (body?.hash() ?? null),
    after: [],
    because: [],
  }
  if (body != null) step.file = body.file
  if (hollow) step.hollow = true
  if (stored) step.stored = true
  if (row.state === 'partial' && entry?.partial?.direction === direction) step.resumes = true
  return step
}
