import type { Edge, Graph, Place } from './graph.ts'
import { type MigrationStatus, type Reconciled, isInDatabase } from './reconciled.ts'

/** One chain of a service, and where each of its migrations stands in the service's whole list. */
export interface Branch {
  service: Reconciled
  listed: readonly number[]
}

/** One migration that stands on another one which is not the one before it in its branch. */
export interface Fork {
  from: MigrationStatus
  to: MigrationStatus
}

/**
 * Takes a service apart into chains in which each migration stands on the one before it, so that what stands on a migration is always the rest of
 * a chain. A service without a graph (`parents`) is one chain. What has no file any more says nothing of its parents: it is taken to stand on everything.
 */
export function branchesOf(service: Reconciled): { branches: Branch[]; forks: Fork[] } {
  const { migrations, input } = service
  if (!isGraph(service)) return { branches: [{ service, listed: migrations.map((_, index) => index) }], forks: [] }
  const chains: number[][] = []
  const forks: Fork[] = []
  const chainOf = new Map<string, number[]>()
  const rows = new Map<string, MigrationStatus>()
  const gone = (row: MigrationStatus) => input.keeps === 'heads' && row.migration === undefined
  const last = (chain: readonly number[]) => migrations[chain.at(-1) ?? -1]
  for (const [index, row] of migrations.entries()) {
    const before = migrations[index - 1]?.version
    const ends = gone(row) ? chains.flatMap((chain) => last(chain)?.version ?? []) : []
    const parents = gone(row) ? ends : (row.migration?.parents ?? (before === undefined ? [] : [before]))
    const own = parents
      .map((parent) => chainOf.get(parent))
      .find((chain, at) => chain !== undefined && last(chain)?.version === parents[at])
    const chain = own ?? []
    if (own === undefined) chains.push(chain)
    for (const parent of parents) {
      const from = rows.get(parent)
      if (from !== undefined && from !== last(chain)) forks.push({ from, to: row })
    }
    chain.push(index)
    chainOf.set(row.version, chain)
    rows.set(row.version, row)
  }
  if (chains.length === 0) chains.push([])
  const branches = chains.map((listed) => ({ service: { ...service, migrations: listed.flatMap((at) => migrations[at] ?? []) }, listed }))
  return { branches, forks }
}

/** Its order is a graph of its own; else each migration stands on the one before it in the list. */
export function isGraph({ input, migrations }: Reconciled): boolean {
  return input.keeps === 'heads' || migrations.some((row) => row.migration?.parents !== undefined)
}

/** The edge joins two branches of one service. */
export function isOwn(graph: Graph, { from, to }: Pick<Edge, 'from' | 'to'>): boolean {
  return graph.services[from.service]?.input.name === graph.services[to.service]?.input.name
}

/** The services that these chains belong to, each once. */
export function wholesOf(graph: Graph, numbers: Iterable<number>): Reconciled[] {
  const names = new Set([...numbers].sort((a, b) => a - b).map((number) => graph.services[number]?.input.name ?? ''))
  return [...names].flatMap((name) => graph.wholes.get(name) ?? [])
}

/** The place of a row of one service. */
export function placeOfRow(services: readonly Reconciled[], numbers: readonly number[], row: MigrationStatus): Place | undefined {
  for (const service of numbers) {
    const at = services[service]?.migrations.indexOf(row) ?? -1
    if (at >= 0) return { service, position: at + 1 }
  }
  return undefined
}

/** By branch number, the last position that `place` stands on within its service, itself included. */
export function standsOn(graph: Graph, place: Place): Map<number, number> {
  const until = new Map([[place.service, place.position]])
  const todo = [place]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const [position, edges] of graph.waits[next.service] ?? []) {
      if (position > next.position) continue
      for (const edge of edges) {
        if (!isOwn(graph, edge) || edge.from.position <= (until.get(edge.from.service) ?? 0)) continue
        until.set(edge.from.service, edge.from.position)
        todo.push(edge.from)
      }
    }
  }
  return until
}

/** How many new ones of each branch are among the first `count` of the whole service. */
export function shareOut(graph: Graph, numbers: readonly number[], count: number): Map<number, number> {
  const [first = -1] = numbers
  if (numbers.length === 1 || count === Infinity) return new Map(numbers.map((number) => [number, count]))
  const whole = graph.wholes.get(graph.services[first]?.input.name ?? '')
  const isNew = (row: MigrationStatus) => row.migration !== undefined && row.state !== 'dirty' && !isInDatabase(row)
  const chosen = new Set(whole?.migrations.filter(isNew).slice(0, count))
  return new Map(numbers.map((number) => [number, graph.services[number]?.migrations.filter((row) => chosen.has(row)).length ?? 0]))
}

/** Where a branch begins that has everything from `cut` on in the whole list (0 is the first); behind its end when it has none of that. */
export function cutAt(graph: Graph, number: number, cut: number): number {
  const listed = graph.listed[number] ?? []
  const at = listed.findIndex((place) => place >= cut)
  return at < 0 ? listed.length + 2 : at + 1
}
