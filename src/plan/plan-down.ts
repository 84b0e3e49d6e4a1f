import { SkeinError } from '../model/errors.ts'
import type { Plan, PlanRequest } from '../model/plan.ts'
import { assemble, reverseOrder } from './assemble.ts'
import type { Fleet } from './fleet.ts'
import { cutAt, wholesOf } from './branches.ts'
import { buildGraph, numbers } from './build-graph.ts'
import type { Graph } from './graph.ts'
import { planBack } from './plan-back.ts'
import { type Reconciled, isInDatabase } from './reconciled.ts'
import { refuseProblems } from './refuse.ts'
import { nothingBack } from './take-back.ts'

/**
 * Plans the way back: the newest migration of each selected service in its tool's order (`count`: so many of each; `'all'`;
 * `across: 'total'`: so many of the platform, from the end of its order). Dependants first. Pure.
 * Throws NOTHING-TO-UNDO, NEEDED-BY, DOWN-MISSING, DOWN-HOLLOW, ROLLBACK-UNSAFE, NEED-UNKNOWN, NEED-CYCLE, SERVICE-UNKNOWN, and what `Reconciled.problems` says; all before any step.
 */
export function planDown(fleet: Fleet, request: PlanRequest): Plan {
  const graph = buildGraph(fleet)
  const { selected, from } = lastOnes(graph, request)
  const back = planBack(graph, request, from)
  return assemble(graph, fleet, {
    request,
    downs: back.downs,
    concerns: [...selected.map((service) => service.input.name), ...back.services],
    notes: back.notes,
  })
}

/** Where each selected service would go back to. Throws NOTHING-TO-UNDO and what stops a service from going back. */
export function lastOnes(graph: Graph, request: PlanRequest): { selected: Reconciled[]; from: number[] } {
  const chains = [...new Set(request.services.flatMap((name) => numbers(graph.index, name)))].sort((a, b) => a - b)
  const selected = wholesOf(graph, chains)
  refuseProblems(selected, ['down'])
  refuseAfterFailure(selected, request)
  const count = request.count === 'all' ? Infinity : (request.count ?? 1)
  const from = nothingBack(graph)
  if (request.across === 'total') {
    const isOurs = new Set(chains)
    const all = reverseOrder(graph, ({ service, position }) => {
      const row = graph.services[service]?.migrations[position - 1]
      return isOurs.has(service) && row !== undefined && isInDatabase(row)
    })
    // The order goes back through each service, so the last one of a service is its lowest.
    for (const { service, position } of all.order.slice(0, count)) from[service] = position
  } else {
    for (const whole of selected) {
      const cut = nthFromEnd(whole, count)
      for (const chain of numbers(graph.index, whole.input.name)) from[chain] = cutAt(graph, chain, cut)
    }
  }
  const isEmpty = from.every((position, service) => position > (graph.services[service]?.migrations.length ?? 0))
  if (isEmpty && count !== Infinity && count > 0) throw nothingToUndo(selected)
  return { selected, from }
}

/** Where the nth applied migration from the end stands in the list; the first when there are fewer; behind the end when there is none. */
function nthFromEnd({ migrations: rows }: Reconciled, count: number): number {
  let found = rows.length
  let left = count
  for (let index = rows.length - 1; index >= 0 && left > 0; index--) {
    const row = rows[index]
    if (row === undefined || !isInDatabase(row)) continue
    found = index
    left--
  }
  return found
}

function nothingToUndo(selected: readonly Reconciled[]): SkeinError {
  const names = selected.map((service) => service.input.name)
  return new SkeinError('NOTHING-TO-UNDO', {
    message: `nothing is applied in ${names.join(', ')}`,
    hint: 'skein status shows what is applied where',
    service: names.length === 1 ? names[0] : undefined,
  })
}

/** A plain `down` means "undo what I just did"; when that left nothing, the step before it was good and must not go. */
function refuseAfterFailure(selected: readonly Reconciled[], request: PlanRequest): void {
  if (request.count !== undefined || request.verb !== 'down') return
  const failed = selected.find((service) => service.input.lastFailure !== undefined)
  const failure = failed?.input.lastFailure
  if (failed === undefined || failure === undefined) return
  const { name } = failed.input
  throw new SkeinError('NOTHING-TO-UNDO', {
    message: `${name}: the last step, ${failure.version} ${failure.direction}, failed and left nothing; what is applied was good before it`,
    hint:
      failed.current === null
        ? 'mend the file and run up again'
        : `skein down ${name} 1 takes back version ${failed.current.version} all the same`,
    service: name,
    version: failure.version,
  })
}
