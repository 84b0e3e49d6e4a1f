import type { Plan, PlanRequest } from '../model/plan.ts'
import { assemble } from './assemble.ts'
import type { Wish } from './choose-ups.ts'
import type { Fleet } from './fleet.ts'
import { buildGraph } from './build-graph.ts'
import { planBack } from './plan-back.ts'
import { lastOnes } from './plan-down.ts'
import { runUps } from './plan-up.ts'

/**
 * Plans all the way down and all the way up: everything applied of the selected services goes back, then everything that has a file is run
 * (dependants that went along with `withDependants` too). Versions without a file go for good. Pure. Throws what {@link planDown} and {@link planUp} throw.
 */
export function planReset(fleet: Fleet, request: PlanRequest): Plan {
  const graph = buildGraph(fleet)
  const { from } = lastOnes(graph, { ...request, count: 'all', across: 'each' })
  const back = planBack(graph, request, from)
  const both = new Set([...request.services, ...back.services])
  const wishes = graph.services.map(({ input }): Wish | undefined =>
    both.has(input.name) ? { count: Infinity, until: Infinity } : undefined,
  )
  const { ups, notes, concerns } = runUps(graph, request, wishes, back)
  return assemble(graph, fleet, { request, downs: back.downs, ups, concerns, notes: [...back.notes, ...notes] })
}
