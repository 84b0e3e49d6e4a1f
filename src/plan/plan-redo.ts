import type { Plan, PlanRequest } from '../model/plan.ts'
import { assemble } from './assemble.ts'
import { type Wish, chooseUps } from './choose-ups.ts'
import type { Fleet } from './fleet.ts'
import { buildGraph } from './build-graph.ts'
import { planBack } from './plan-back.ts'
import { refusePending } from './refuse-needs.ts'
import { lastOnes } from './plan-down.ts'
import { walk } from './walk.ts'

/**
 * Plans to take back the newest migration of each selected service (or `count`) and to run exactly these again, as their files are now.
 * Nothing else that is pending is run: what another service would have to run first refuses the plan. Pure. Throws what {@link planDown} throws,
 * NEED-PENDING, and AHEAD when one could not be run again.
 */
export function planRedo(fleet: Fleet, request: PlanRequest): Plan {
  const graph = buildGraph(fleet)
  const { selected, from } = lastOnes(graph, request)
  const back = planBack(graph, request, from, { comesBack: true })
  const ups = walk(graph, (place) => (back.isTaken(place) ? 'run' : 'pass'))
  const again = new Set(back.downs.order.map((place) => place.service))
  const wishes = graph.services.map((_, service): Wish | undefined => (again.has(service) ? { count: 0, until: Infinity } : undefined))
  refusePending(graph, wishes, chooseUps(graph, wishes, back.from))
  const concerns = [...selected.map((service) => service.input.name), ...back.services]
  return assemble(graph, fleet, { request, downs: back.downs, ups, concerns, notes: back.notes })
}
