import type { Edge, Graph, Place } from './graph.ts'

/** What to do at a migration: it is behind us already, it is to be run, or nobody may go past it. */
export type Move = 'pass' | 'run' | 'stop'

export interface Walk {
  /** What is run, in order. */
  order: Place[]
  /** For each of `order`, the earlier ones (by their place in `order`) that it must wait for: the one before it in its service, and no other that those imply. */
  after: number[][]
  /** By service: where it stands in the end, and the edge that it waits for there; no edge where a migration says stop. */
  halts: { position: number; edge?: Edge }[]
}

/**
 * Walks all chains of the graph from start to end, running what `moves` says, as far as needs allow. The rule: go on with the service
 * that ran last while it can go on; else take the first by name that can; of the branches of one service, the first in its list. So services are not interleaved without need,
 * and the order does not depend on the order of anything given. Time grows with migrations + needs × services.
 */
export function walk(graph: Graph, moves: (place: Place) => Move): Walk {
  const size = graph.services.length
  const order: Place[] = []
  const after: number[][] = []
  const positions = graph.services.map(() => 0)
  const ready = graph.services.map(() => false)
  const halts = graph.services.map((): Walk['halts'][number] => ({ position: 0 }))
  const waiting = new Map<Edge, number>()
  const reach = trackReach(size, order)

  let todo: number[] = graph.services.map((_, service) => service)
  let current = -1
  for (;;) {
    for (let service = todo.pop(); service !== undefined; service = todo.pop()) advance(service)
    current = next()
    if (current < 0) return { order, after, halts }
    const place = { service: current, position: positions[current] ?? 0 }
    after.push(reach.run(current, order.length))
    order.push(place)
    ready[current] = false
    leave(current)
    todo.push(current)
  }

  function next(): number {
    const stays = siblings(current).some((service) => ready[service])
    const first = stays ? current : ready.indexOf(true)
    const own = siblings(first)
    if (own.length <= 1) return first
    return own.filter((service) => ready[service]).reduce((best, service) => (placeOf(service) < placeOf(best) ? service : best))
  }

  function siblings(service: number): readonly number[] {
    return graph.index.get(graph.services[service]?.input.name ?? '') ?? []
  }

  function placeOf(service: number): number {
    return graph.listed[service]?.[(positions[service] ?? 0) - 1] ?? Infinity
  }

  function advance(service: number): void {
    const end = (graph.services[service]?.migrations.length ?? 0) + 1
    for (let position = positions[service] ?? 0; position <= end; position = positions[service] ?? 0) {
      const edges = graph.waits[service]?.get(position) ?? []
      const open = edges.find((edge) => (positions[edge.from.service] ?? 0) <= edge.from.position)
      halts[service] = { position, edge: open }
      if (open !== undefined) {
        waiting.set(open, service)
        return
      }
      if (edges.length > 0) reach.merge(service, edges)
      const move = position === 0 || position === end ? 'pass' : moves({ service, position })
      ready[service] = move === 'run'
      if (move !== 'pass') return
      leave(service)
    }
    halts[service] = { position: end + 1 }
  }

  function leave(service: number): void {
    const position = positions[service] ?? 0
    positions[service] = position + 1
    const edges = graph.frees[service]?.get(position) ?? []
    if (edges.length > 0) reach.keep(service, edges)
    for (const edge of edges) {
      const waiter = waiting.get(edge)
      if (waiter === undefined) continue
      waiting.delete(edge)
      todo.push(waiter)
    }
  }
}

/**
 * Knows for each service the last step of every service that must have ended before it (a vector clock), and so which steps a new one
 * has to name: those that no other one implies. Clocks are shared until an edge changes them, so a long chain costs nothing.
 */
function trackReach(size: number, order: readonly Place[]) {
  const nothing = new Int32Array(size).fill(-1)
  const clocks = Array.from({ length: size }, () => nothing)
  const last = Array.from({ length: size }, () => -1)
  const kept = new Map<Edge, Int32Array>()
  const clockOf: Int32Array[] = []

  return { keep, merge, run }

  /** Remembers what is behind the place where edges start. */
  function keep(service: number, edges: readonly Edge[]): void {
    const known = (clocks[service] ?? nothing).slice()
    known[service] = last[service] ?? -1
    for (const edge of edges) kept.set(edge, known)
  }

  function merge(service: number, edges: readonly Edge[]): void {
    const own = clocks[service] ?? nothing
    const merged = own.slice()
    let isNew = false
    for (const edge of edges) {
      const other = kept.get(edge) ?? nothing
      kept.delete(edge)
      for (let at = 0; at < size; at++) {
        const step = other[at] ?? -1
        if (step <= (merged[at] ?? -1)) continue
        merged[at] = step
        isNew = true
      }
    }
    if (isNew) clocks[service] = merged
  }

  function run(service: number, step: number): number[] {
    const clock = clocks[service] ?? nothing
    const previous = last[service] ?? -1
    const before = previous < 0 ? nothing : (clockOf[previous] ?? nothing)
    last[service] = step
    clockOf.push(clock)
    if (clock === before) return previous < 0 ? [] : [previous]

    const news = [...clock.keys()].filter((at) => at !== service && (clock[at] ?? -1) > (before[at] ?? -1)).map((at) => clock[at] ?? -1)
    const needed: number[] = []
    // A later step can imply an earlier one, never the other way round.
    for (const candidate of news.sort((a, b) => b - a)) {
      const at = order[candidate]?.service ?? -1
      if (!needed.some((other) => (clockOf[other]?.[at] ?? -1) >= candidate)) needed.push(candidate)
    }
    return [...(previous < 0 ? [] : [previous]), ...needed.reverse()]
  }
}
