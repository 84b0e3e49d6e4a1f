import { SkeinError } from '../model/errors.ts'
import type { Plan, PlanRequest } from '../model/plan.ts'
import { assemble } from './assemble.ts'
import type { Wish } from './choose-ups.ts'
import { findVersion } from './find-version.ts'
import type { Fleet } from './fleet.ts'
import { isGraph, isOwn, placeOfRow, standsOn } from './branches.ts'
import { buildGraph, numbers } from './build-graph.ts'
import { planBack } from './plan-back.ts'
import { runUps } from './plan-up.ts'
import type { Graph, Place } from './graph.ts'
import { isInDatabase } from './reconciled.ts'
import { refuseProblems } from './refuse.ts'
import { nothingBack } from './take-back.ts'

/**
 * Plans the way of one service to a version (null: before the first): what is applied above it goes back, what is pending up to it is run.
 * In a graph of revisions "above" is what stands on the version; other branches stay as they are, and a version that is not applied leads up only, to
 * it and what it stands on. Pure. Throws VERSION-UNKNOWN, USAGE (not exactly one service, no version), and what {@link planUp} and {@link planDown} throw.
 */
export function planGoto(fleet: Fleet, request: PlanRequest): Plan {
  const [name, second] = request.services
  if (name === undefined || second !== undefined || request.version === undefined) {
    throw new SkeinError('USAGE', { message: 'goto takes one service and one version', hint: 'skein goto SERVICE VERSION' })
  }
  const graph = buildGraph(fleet)
  const own = numbers(graph.index, name)
  const service = graph.wholes.get(name)
  const target = request.version === null ? undefined : findVersion(name, service?.migrations ?? [], request.version)
  const place = target === undefined ? undefined : placeOfRow(graph.services, own, target)
  const until = place === undefined ? new Map<number, number>() : standsOn(graph, place)
  const from = beyond(graph, own, place)
  const isDown = own.some((chain) =>
    graph.services[chain]?.migrations.some((row, index) => index + 1 >= (from[chain] ?? 0) && isInDatabase(row)),
  )
  // What is in the way only of files above the target goes back with them, so only a way up is stopped by all of it.
  refuseProblems(service === undefined ? [] : [service], isDown ? ['down'] : ['up'])
  const back = planBack(graph, request, from)
  const wishes = graph.services.map((_, index): Wish | undefined =>
    own.includes(index) ? { count: Infinity, until: until.get(index) ?? 0 } : undefined,
  )
  const { ups, notes, concerns } = runUps(graph, request, wishes, back)
  return assemble(graph, fleet, { request, downs: back.downs, ups, concerns, notes: [...back.notes, ...notes] })
}

/** By chain, the first position that does not belong to the way to `place`: what may have to go back. */
function beyond(graph: Graph, own: readonly number[], place: Place | undefined): number[] {
  const from = nothingBack(graph)
  const [service] = own.flatMap((chain) => graph.services[chain] ?? [])
  if (place === undefined) for (const chain of own) from[chain] = 1
  else {
    const row = graph.services[place.service]?.migrations[place.position - 1]
    if (service !== undefined && isGraph(service) && (row === undefined || !isInDatabase(row))) return from
    from[place.service] = place.position + 1
    for (const edge of graph.frees[place.service]?.get(place.position) ?? [])
      if (isOwn(graph, edge)) from[edge.to.service] = Math.min(from[edge.to.service] ?? Infinity, edge.to.position)
  }
  return from
}
