import { SkeinError } from '../model/errors.ts'
import type { Plan, PlanRequest } from '../model/plan.ts'
import { assemble } from './assemble.ts'
import type { Wish } from './choose-ups.ts'
import { findVersion } from './find-version.ts'
import type { Fleet } from './fleet.ts'
import { buildGraph, number } from './build-graph.ts'
import { planBack } from './plan-back.ts'
import { runUps } from './plan-up.ts'
import { isInDatabase } from './reconciled.ts'
import { refuseProblems } from './refuse.ts'
import { nothingBack } from './take-back.ts'

/**
 * Plans the way of one service to a version (null: before the first): what is applied above it goes back, what is pending up to it is run.
 * Pure. Throws VERSION-UNKNOWN, USAGE (not exactly one service, no version), and what {@link planUp} and {@link planDown} throw.
 */
export function planGoto(fleet: Fleet, request: PlanRequest): Plan {
  const [name, second] = request.services
  if (name === undefined || second !== undefined || request.version === undefined) {
    throw new SkeinError('USAGE', { message: 'goto takes one service and one version', hint: 'skein goto SERVICE VERSION' })
  }
  const graph = buildGraph(fleet)
  const own = number(graph.index, name)
  const service = graph.services[own]
  const rows = service?.migrations ?? []
  const target = request.version === null ? undefined : findVersion(name, rows, request.version)
  const position = target === undefined ? 0 : rows.indexOf(target) + 1

  const isDown = rows.some((row, index) => index + 1 > position && isInDatabase(row))
  const from = nothingBack(graph)
  if (isDown) from[own] = position + 1
  // What is in the way only of files above the target goes back with them, so only a way up is stopped by all of it.
  refuseProblems(service === undefined ? [] : [service], isDown ? ['down'] : ['up'])
  const back = planBack(graph, request, from)
  const wishes = graph.services.map((_, index): Wish | undefined => (index === own ? { count: Infinity, until: position } : undefined))
  const { ups, notes, concerns } = runUps(graph, request, wishes, back)
  return assemble(graph, fleet, { request, downs: back.downs, ups, concerns, notes: [...back.notes, ...notes] })
}
