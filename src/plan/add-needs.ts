import { type Wish, chooseUps, lastRun } from './choose-ups.ts'
import type { Edge, Graph } from './graph.ts'
import type { Move } from './walk.ts'

/**
 * Widens wishes by everything that their steps need, transitively and no further: a service that is needed only up to a version is run
 * up to there. Services that were wished for keep their own wish.
 */
export function addNeeds(graph: Graph, wishes: readonly (Wish | undefined)[], back: readonly number[]): (Wish | undefined)[] {
  const { until } = neededUntil(graph, wishes, chooseUps(graph, wishes, back))
  return wishes.map((wish, service) => wish ?? ((until[service] ?? -1) >= 0 ? { count: Infinity, until: until[service] ?? -1 } : undefined))
}

/**
 * By service, the last position that the steps to be run need to be behind them (or that is run itself), -1 where nothing is needed; and
 * for each service with nothing to run, the edge by which it came in first.
 */
export function neededUntil(
  graph: Graph,
  wishes: readonly (Wish | undefined)[],
  moves: readonly Move[][],
): { until: number[]; cause: ReadonlyMap<number, Edge> } {
  const until = graph.services.map((_, service) => (wishes[service] === undefined ? -1 : lastRun(moves[service])))
  const cause = new Map<number, Edge>()
  const seen = until.map(() => -1)
  const todo = [...until.keys()].reverse()
  for (let service = todo.pop(); service !== undefined; service = todo.pop()) {
    const [start, end] = [seen[service] ?? -1, until[service] ?? -1]
    if (end <= start) continue
    seen[service] = end
    for (const [position, edges] of graph.waits[service] ?? []) {
      if (position <= start || position > end) continue
      for (const edge of edges) {
        const { from } = edge
        if (from.position <= (until[from.service] ?? -1)) continue
        if ((until[from.service] ?? -1) < 0) cause.set(from.service, edge)
        until[from.service] = from.position
        todo.push(from.service)
      }
    }
  }
  return { until, cause }
}
