import { SkeinError } from '../model/errors.ts'
import type { Need } from '../model/service.ts'
import { nearest } from '../util/nearest.ts'
import { findCycle } from './find-cycle.ts'
import type { Edge, Graph, Place } from './graph.ts'
import { branchesOf, placeOfRow } from './branches.ts'
import { matching } from './find-version.ts'
import { type Fleet, allNeeds, unknownNeed } from './fleet.ts'
import type { Reconciled } from './reconciled.ts'
import { shortList } from './short-list.ts'

/** Builds the graph. Throws NEED-UNKNOWN, NEED-CYCLE (naming the path), CONFIG-INVALID (unknown tier). */
export function buildGraph(fleet: Fleet): Graph {
  const wholes = fleet.services.toSorted((a, b) => (a.input.name < b.input.name ? -1 : 1))
  const parts = wholes.map(branchesOf)
  const branches = parts.flatMap((part) => part.branches)
  const services = branches.map((branch) => branch.service)
  const index = new Map<string, number[]>()
  for (const [position, { input }] of services.entries()) index.set(input.name, [...(index.get(input.name) ?? []), position])
  const needs = allNeeds(
    wholes.map((service) => service.input),
    fleet.tiers,
    fleet.absent,
  )
  const absent = fleet.absent ?? new Set()
  const waits = services.map(() => new Map<number, Edge[]>())
  const frees = services.map(() => new Map<number, Edge[]>())
  const join = (from: Place, to: Place, need: Need) => {
    const edge = { from, to, need }
    push(waits[to.service], to.position, edge)
    push(frees[from.service], from.position, edge)
  }
  const byName = new Map(wholes.map((service) => [service.input.name, service]))
  const connect = (to: Place, need: Need) => {
    if (absent.has(need.service) && !index.has(need.service)) return
    for (const from of placesOf(services, byName, index, services[to.service]?.input.name ?? '', need)) join(from, to, need)
  }
  for (const [service, { input, migrations }] of services.entries()) {
    for (const need of needs.get(input.name) ?? []) connect({ service, position: 0 }, need)
    migrations.forEach((row, position) => {
      for (const need of row.migration?.needs ?? []) connect({ service, position: position + 1 }, need)
    })
  }
  for (const [at, { forks }] of parts.entries()) {
    const name = wholes[at]?.input.name ?? ''
    for (const { from, to } of forks) {
      const [below, above] = [from, to].map((row) => placeOfRow(services, index.get(name) ?? [], row))
      if (below !== undefined && above !== undefined) join(below, above, { service: name, version: from.version, because: 'parents' })
    }
  }
  const listed = branches.map((branch) => branch.listed)
  const graph = { services, listed, wholes: byName, index, needs, absent, waits, frees }
  const cycle = findCycle(graph)
  if (cycle !== undefined) throw cycleError(cycle)
  return graph
}

/** The chains of a service in the graph: one, or its branches. Throws SERVICE-UNKNOWN. */
export function numbers(index: ReadonlyMap<string, readonly number[]>, name: string): readonly number[] {
  const found = index.get(name)
  if (found === undefined)
    throw new SkeinError('SERVICE-UNKNOWN', { message: `no service is called ${name}`, hint: 'skein status lists them', service: name })
  return found
}

/** Where a need leads from: one migration, or the ends of all chains of a service. */
function placesOf(
  services: readonly Reconciled[],
  wholes: ReadonlyMap<string, Reconciled>,
  index: ReadonlyMap<string, readonly number[]>,
  name: string,
  need: Need,
): Place[] {
  const needed = wholes.get(need.service)
  const own = index.get(need.service) ?? []
  if (needed === undefined) throw unknownNeed(name, need, index.keys())
  if (need.version === undefined) return own.map((service) => ({ service, position: (services[service]?.migrations.length ?? 0) + 1 }))

  const [first, second] = matching(needed.migrations, need.version)
  if (first !== undefined && second === undefined) {
    const place = placeOfRow(services, own, first)
    return place === undefined ? [] : [place]
  }
  const several = matching(needed.migrations, need.version).map((row) => row.version)
  const guess = nearest(
    need.version,
    needed.migrations.map((row) => row.version),
  )
  const which = second !== undefined ? `: it could be ${shortList(several)}` : guess === undefined ? '' : ` (did you mean ${guess}?)`
  throw new SkeinError('NEED-UNKNOWN', {
    message: `${name} needs ${need.service}@${need.version}, and ${need.service} has no such version${which}`,
    hint: `skein status ${need.service} lists its versions; correct the needs of ${name}`,
    service: name,
    data: { service: name, need: need.service, version: need.version },
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
