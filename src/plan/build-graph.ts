import { SkeinError } from '../model/errors.ts'
import type { Need } from '../model/service.ts'
import { nearest } from '../util/nearest.ts'
import { findCycle } from './find-cycle.ts'
import type { Edge, Graph, Place } from './graph.ts'
import { matching } from './find-version.ts'
import { type Fleet, allNeeds, unknownNeed } from './fleet.ts'
import { type Reconciled, isInDatabase } from './reconciled.ts'
import { shortList } from './short-list.ts'

/** Builds the graph. Throws NEED-UNKNOWN, NEED-CYCLE (naming the path), CONFIG-INVALID (unknown tier). */
export function buildGraph(fleet: Fleet): Graph {
  const services = fleet.services.toSorted((a, b) => (a.input.name < b.input.name ? -1 : 1))
  const index = new Map(services.map((service, position) => [service.input.name, position]))
  const needs = allNeeds(
    services.map((service) => service.input),
    fleet.tiers,
    fleet.absent,
  )
  const absent = fleet.absent ?? new Set()
  const waits = services.map(() => new Map<number, Edge[]>())
  const frees = services.map(() => new Map<number, Edge[]>())
  const connect = (service: Reconciled, position: number, need: Need) => {
    const to = { service: number(index, service.input.name), position }
    if (absent.has(need.service) && !index.has(need.service)) return
    const from = placeOf(services, index, service, need)
    if (from === undefined) return
    const edge = { from, to, need }
    push(waits[to.service], position, edge)
    push(frees[from.service], from.position, edge)
  }
  for (const service of services) {
    for (const need of needs.get(service.input.name) ?? []) connect(service, 0, need)
    service.migrations.forEach((row, position) => {
      for (const need of row.migration?.needs ?? []) connect(service, position + 1, need)
    })
  }
  const graph = { services, index, needs, absent, waits, frees }
  const cycle = findCycle(graph)
  if (cycle !== undefined) throw cycleError(cycle)
  return graph
}

/** The place of a service in the graph. Throws SERVICE-UNKNOWN. */
export function number(index: ReadonlyMap<string, number>, name: string): number {
  const found = index.get(name)
  if (found === undefined)
    throw new SkeinError('SERVICE-UNKNOWN', { message: `no service is called ${name}`, hint: 'skein status lists them', service: name })
  return found
}

function placeOf(services: readonly Reconciled[], index: ReadonlyMap<string, number>, service: Reconciled, need: Need): Place | undefined {
  const position = index.get(need.service)
  const needed = position === undefined ? undefined : services[position]
  if (position === undefined || needed === undefined) throw unknownNeed(service.input.name, need, index.keys())
  if (need.version === undefined) return { service: position, position: needed.migrations.length + 1 }

  const [first, second] = matching(needed.migrations, need.version)
  if (first !== undefined && second === undefined) {
    // Applied, and its file is gone: there is nothing left to wait for.
    if (first.migration === undefined && isInDatabase(first)) return undefined
    return { service: position, position: needed.migrations.indexOf(first) + 1 }
  }
  const several = matching(needed.migrations, need.version).map((row) => row.version)
  const guess = nearest(
    need.version,
    needed.migrations.map((row) => row.version),
  )
  const which = second !== undefined ? `: it could be ${shortList(several)}` : guess === undefined ? '' : ` (did you mean ${guess}?)`
  throw new SkeinError('NEED-UNKNOWN', {
    message: `${service.input.name} needs ${need.service}@${need.version}, and ${need.service} has no such version${which}`,
    hint: `skein status ${need.service} lists its versions; correct the needs of ${service.input.name}`,
    service: service.input.name,
    data: { service: service.input.name, need: need.service, version: need.version },
  })
}

function cycleError(path: readonly string[]): SkeinError {
  const [first = '', second = ''] = path
  const itself = path.length === 2
  return new SkeinError('NEED-CYCLE', {
    message: itself ? `${first} needs itself: ${path.join(' → ')}` : `these need each other in a circle: ${path.join(' → ')}`,
    hint: itself
      ? `remove ${second} from the needs of ${first}`
      : 'remove one of these needs, or narrow it to the version that is really needed (service@version)',
    service: first.split('@')[0],
    data: { path },
  })
}

function push(map: Map<number, Edge[]> | undefined, position: number, edge: Edge): void {
  const list = map?.get(position)
  if (list === undefined) map?.set(position, [edge])
  else list.push(edge)
}
