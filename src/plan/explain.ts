import type { Direction } from '../model/migration.ts'
import { tierReason, type Fleet } from './fleet.ts'
import type { Graph, Place } from './graph.ts'

/** Each tool's own rule of order, as its source has it: golang-migrate source/migration.go sorts numbers, diesel_migrations sorts version texts. */
const rules: Record<string, string> = {
  'golang-migrate': 'runs in numeric order',
  numbered: 'runs in the order of the numbers',
  stamped: 'runs in the order of the time stamps',
  diesel: 'runs in the order of the version texts, byte by byte',
  typeorm: 'runs in the order of the time stamps',
  alembic: 'runs along the graph of revisions',
  goose: 'runs in numeric order',
  dbmate: 'runs in the order of the file names',
}

/** Why a step stands after the one before it in its own service. */
export function explainChain(tool: string, previous: string, direction: Direction): string {
  const rule = rules[tool] ?? 'has an order of its own'
  return direction === 'up' ? `after ${previous}: ${tool} ${rule}` : `after ${previous}: ${tool} ${rule}, and goes back the other way`
}

/**
 * Why a step stands after one of another service. Up: `service` needs `other`; down: the other way round.
 * A need that is there only by way of further services is told as the path.
 */
export function explainNeed(graph: Graph, fleet: Fleet, after: string, service: Place, other: Place, direction: Direction): string {
  const [needing, needed] = direction === 'up' ? [service, other] : [other, service]
  const why = reason(graph, fleet, needing, needed)
  return direction === 'up' ? `after ${after}: ${why}` : `after ${after}: ${why}, so ${name(graph, needing)} goes back first`
}

function reason(graph: Graph, fleet: Fleet, needing: Place, needed: Place): string {
  const [from, to] = [name(graph, needing), name(graph, needed)]
  const [own, other] = [graph.services[needing.service], graph.services[needed.service]?.input]
  const row = own?.migrations[needing.position - 1]
  const declared = [...(row?.migration?.needs ?? []), ...(own?.input.needs ?? [])].find((need) => need.service === to)
  if (declared !== undefined) {
    const because = declared.because === 'needs' || declared.because === '' ? '' : ` (${declared.because})`
    return `${from} needs ${declared.version === undefined ? to : `${to}@${declared.version}`}${because}`
  }
  const tier = own === undefined || other === undefined ? undefined : tierReason(own.input, other, fleet.tiers)
  if (tier !== undefined) return `${to} is in a lower tier (${tier})`
  const path = pathOf(graph, needing.service, needed.service)
  const links = path
    .slice(1)
    .map((service, position) => `${name(graph, { service: path[position] ?? 0 })} needs ${name(graph, { service })}`)
  return links.join(', ')
}

/** The shortest way along needs from one service to another. */
function pathOf(graph: Graph, from: number, to: number): number[] {
  const cameFrom = new Map<number, number>([[from, from]])
  const queue = [from]
  for (const service of queue) {
    if (service === to) break
    for (const edges of graph.waits[service]?.values() ?? []) {
      for (const { from: next } of edges) {
        if (cameFrom.has(next.service)) continue
        cameFrom.set(next.service, service)
        queue.push(next.service)
      }
    }
  }
  const path = [to]
  for (let at = cameFrom.get(to); at !== undefined && path[0] !== from; at = cameFrom.get(at)) path.unshift(at)
  return path
}

function name(graph: Graph, { service }: { service: number }): string {
  return graph.services[service]?.input.name ?? ''
}
