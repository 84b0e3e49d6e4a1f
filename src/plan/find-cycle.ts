import type { Edge, Graph } from './graph.ts'

/**
 * A circle of needs, as `a → b → a` (a needs b, b needs a), versions where the need names one; undefined when there is none.
 * The same circle is always told from its first service by name. Time and memory grow with services and needs, not with migrations.
 */
export function findCycle(graph: Graph): string[] | undefined {
  const stuck = unreachable(graph)
  const first = stuck.findIndex((edge) => edge !== undefined)
  if (first < 0) return undefined

  // Every stuck service waits for another stuck one: following that must come round.
  const seen = new Map<number, number>()
  const path: Edge[] = []
  let at = first
  while (!seen.has(at)) {
    seen.set(at, path.length)
    const edge = stuck[at]
    if (edge === undefined) return undefined
    path.push(edge)
    at = edge.from.service
  }
  return told(graph, path.slice(seen.get(at)))
}

/** Walks all chains as far as they go, as if nothing were applied; for each that stops, the edge that it waits for. */
function unreachable(graph: Graph): (Edge | undefined)[] {
  const places = graph.services.map((_, service) =>
    [...new Set([...(graph.waits[service]?.keys() ?? []), ...(graph.frees[service]?.keys() ?? [])])].sort((a, b) => a - b),
  )
  const next = graph.services.map(() => 0)
  const waiting = new Map<Edge, number>()
  const isBehind = (edge: Edge) => {
    const at = places[edge.from.service]?.[next[edge.from.service] ?? 0]
    return at === undefined || at > edge.from.position
  }
  const stuck = graph.services.map((): Edge | undefined => undefined)
  const todo = graph.services.map((_, service) => service)
  for (let service = todo.pop(); service !== undefined; service = todo.pop()) {
    stuck[service] = undefined
    for (let position = places[service]?.[next[service] ?? 0]; position !== undefined; position = places[service]?.[next[service] ?? 0]) {
      const open = graph.waits[service]?.get(position)?.find((edge) => !isBehind(edge))
      if (open !== undefined) {
        stuck[service] = open
        waiting.set(open, service)
        break
      }
      next[service] = (next[service] ?? 0) + 1
      for (const edge of graph.frees[service]?.get(position) ?? []) {
        const waiter = waiting.get(edge)
        if (waiter === undefined) continue
        waiting.delete(edge)
        todo.push(waiter)
      }
    }
  }
  return stuck
}

function told(graph: Graph, circle: readonly Edge[]): string[] {
  const name = (service: number) => graph.services[service]?.input.name ?? ''
  const start = circle.reduce((best, edge, position) => (edge.to.service < (circle[best]?.to.service ?? Infinity) ? position : best), 0)
  const turned = [...circle.slice(start), ...circle.slice(0, start)]
  const steps = turned.map((edge) => (edge.need.version === undefined ? edge.need.service : `${edge.need.service}@${edge.need.version}`))
  return [name(turned[0]?.to.service ?? 0), ...steps]
}
