import type { Plan, PlanRequest } from '../model/plan.ts'
import { addNeeds } from './add-needs.ts'
import { assemble, at, stepId } from './assemble.ts'
import { type Wish, chooseUps, lastRun } from './choose-ups.ts'
import { type Back, planBack } from './plan-back.ts'
import type { Fleet } from './fleet.ts'
import { isOwn, shareOut, wholesOf } from './branches.ts'
import { buildGraph, numbers } from './build-graph.ts'
import type { Graph } from './graph.ts'
import { refuseLeftOut, refusePending } from './refuse-needs.ts'
import { refuseProblems } from './refuse.ts'
import { nothingBack } from './take-back.ts'
import { type Move, type Walk, walk } from './walk.ts'

/**
 * Plans what is pending in the selected services: all of it, or `count` migrations of each (`across: 'total'`: of the plan). A service
 * whose policy is "changed: redo" goes back to its first changed migration before. Pure.
 * Throws NEED-UNKNOWN, NEED-CYCLE, NEED-PENDING (a need that is not selected and not up to date), NEEDED-BY, DOWN-MISSING, DOWN-HOLLOW (both: when
 * something must be done again), SERVICE-UNKNOWN, and what `Reconciled.problems` says.
 */
export function planUp(fleet: Fleet, request: PlanRequest): Plan {
  const graph = buildGraph(fleet)
  const selected = new Set(request.services.flatMap((name) => numbers(graph.index, name)))
  refuseProblems(wholesOf(graph, selected), ['up'])
  const back = planBack(graph, { ...request, ignoreDependants: false, withDependants: false }, firstChanged(graph, selected), {
    comesBack: true,
    selected,
  })
  const limit = request.across === 'total' || request.count === undefined || request.count === 'all' ? Infinity : request.count
  const shares = new Map(request.services.flatMap((name) => [...shareOut(graph, numbers(graph.index, name), limit)]))
  const wishes = graph.services.map((_, service): Wish | undefined =>
    selected.has(service) ? { count: shares.get(service) ?? 0, until: Infinity } : undefined,
  )
  const { ups, notes, concerns } = runUps(graph, request, wishes, back)
  const total = request.across === 'total' && typeof request.count === 'number' ? request.count : Infinity
  return assemble(graph, fleet, {
    request,
    downs: back.downs,
    ups: firstSteps(ups, back, total),
    concerns,
    because: whyAgain(graph, back),
    notes: [...back.notes, ...notes],
  })
}

/** The steps of wishes, in order, with what is needed; refuses what cannot be reached because somebody else would have to go first. */
export function runUps(graph: Graph, request: PlanRequest, wishes: readonly (Wish | undefined)[], back: Back) {
  const all = request.withNeeds === true ? addNeeds(graph, wishes, back.from) : wishes
  const moves = chooseUps(graph, all, back.from)
  const isAdded = (service: number) => wishes[service] === undefined && all[service] !== undefined && lastRun(moves[service]) >= 0
  const added = wholesOf(graph, [...graph.services.keys()].filter(isAdded))
  refuseProblems(added, ['up'])
  refusePending(graph, wishes, moves)
  refuseLeftOut(graph, moves)
  const ups = walk(graph, ({ service, position }) => moves[service]?.[position] ?? 'pass')
  const concerns = new Set([...request.services, ...added.map((service) => service.input.name), ...back.services])
  return { ups, notes: leftOut(graph, moves, ups), concerns }
}

/** Notes for what was wished and stays out, because what it needs is beyond the limit. */
function leftOut(graph: Graph, moves: readonly Move[][], ups: Walk): string[] {
  return graph.services.flatMap(({ input }, service) => {
    const halt = ups.halts[service]
    const waits = (moves[service] ?? []).filter((move, position) => move === 'run' && position >= (halt?.position ?? Infinity)).length
    if (halt?.edge === undefined || waits === 0) return []
    const path = [input.name]
    let root = service
    for (let edge = ups.halts[root]?.edge; edge !== undefined; edge = ups.halts[root]?.edge) {
      root = edge.from.service
      if (!isOwn(graph, edge)) path.push(edge.need.version === undefined ? edge.need.service : `${edge.need.service}@${edge.need.version}`)
    }
    const blocker = graph.services[root]
    const first = blocker?.migrations[(ups.halts[root]?.position ?? 0) - 1]?.version
    return [`${input.name}: ${waits} left out (${path.join(' → ')}): ${blocker?.input.name}@${first} is beyond the limit of this plan`]
  })
}

function firstChanged(graph: Graph, selected: ReadonlySet<number>): number[] {
  const from = nothingBack(graph)
  for (const service of selected) {
    const { input, migrations } = graph.services[service] ?? {}
    const changed = input?.policies.changed === 'redo' ? (migrations?.findIndex((row) => row.state === 'changed') ?? -1) : -1
    if (changed >= 0) from[service] = changed + 1
  }
  return from
}

/** The first `total` new steps; what was taken back is always run again. */
function firstSteps(ups: Walk, back: Back, total: number): Walk {
  if (total === Infinity) return ups
  let left = total
  let end = 0
  for (const [step, { service, position }] of ups.order.entries()) {
    if (back.isTaken({ service, position })) {
      // Whatever new stands before something that has to come back stays as well, or the order would have a hole.
      end = step + 1
    } else if (left > 0) {
      left--
      if (end === step) end = step + 1
    }
  }
  return { ...ups, order: ups.order.slice(0, end), after: ups.after.slice(0, end) }
}

function whyAgain(graph: Graph, back: Back): Map<string, string> {
  const because = new Map<string, string>()
  for (const place of back.downs.order) {
    const [service, row] = at(graph, place)
    const why =
      row.state === 'changed'
        ? 'its file changed after it was applied; "changed: redo" runs it again'
        : 'stands on something that changed and is run again'
    because.set(stepId(service.input.name, row.version, 'down'), why)
  }
  return because
}
