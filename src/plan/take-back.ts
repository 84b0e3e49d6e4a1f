import type { Edge, Graph } from './graph.ts'

/**
 * What must go back with something: `from[s]` is the first position of service s that is taken back, with everything after it.
 * Gives the same list with every dependant's first position lowered as far as its needs say, transitively; along the edges of `along` only.
 */
export function takeBack(graph: Graph, from: readonly number[], along: (edge: Edge) => boolean = () => true): number[] {
  const lowest = [...from]
  const done = graph.services.map((service) => service.migrations.length + 2)
  const todo = graph.services.map((_, service) => service)
  for (let service = todo.pop(); service !== undefined; service = todo.pop()) {
    const start = lowest[service] ?? Infinity
    const end = done[service] ?? 0
    if (start >= end) continue
    done[service] = start
    for (const [position, edges] of graph.frees[service] ?? []) {
      if (position < start || position >= end) continue
      for (const edge of edges) {
        const { to } = edge
        if (!along(edge) || to.position >= (lowest[to.service] ?? Infinity)) continue
        lowest[to.service] = to.position
        todo.push(to.service)
      }
    }
  }
  return lowest
}

/** The position behind everything: nothing of this service is taken back. */
export function nothingBack(graph: Graph): number[] {
  return graph.services.map((service) => service.migrations.length + 2)
}
