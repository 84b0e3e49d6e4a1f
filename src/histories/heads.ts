import type { Migration } from '../model/migration.ts'

/** Migrations as a graph: where each stands in the list, which no parent stands behind, and what it stands on. */
export interface MigrationGraph {
  positions: ReadonlyMap<string, number>
  parentsOf: (version: string) => readonly string[]
}

const graphs = new WeakMap<readonly Migration[], MigrationGraph>()

/** The graph of a list, made once for each: a run asks for every step. A migration that names no parents stands on the one before it. */
export function graphOf(migrations: readonly Migration[]): MigrationGraph {
  const made = graphs.get(migrations)
  if (made) return made
  const positions = new Map(migrations.map(({ version }, at) => [version, at]))
  const before = (at: number) => migrations.slice(Math.max(at - 1, 0), at).map(({ version }) => version)
  const parentsOf = (version: string) => {
    const at = positions.get(version)
    return at === undefined ? [] : (migrations[at]?.parents ?? before(at))
  }
  const graph = { positions, parentsOf }
  graphs.set(migrations, graph)
  return graph
}

/** The versions and all that they stand on. */
export function withAncestors({ parentsOf }: MigrationGraph, versions: Iterable<string>): Set<string> {
  const seen = new Set<string>()
  const todo = [...versions]
  for (let version = todo.pop(); version !== undefined; version = todo.pop()) {
    if (seen.has(version)) continue
    seen.add(version)
    todo.push(...parentsOf(version))
  }
  return seen
}

/** Does `above` stand on `below`, directly or not? Looks no further down the list than `below`, so that two neighbours cost nothing. */
export function standsOn({ positions, parentsOf }: MigrationGraph, above: string, below: string): boolean {
  const floor = positions.get(below)
  if (floor === undefined) return false
  const seen = new Set<string>()
  const todo = [...parentsOf(above)]
  for (let version = todo.pop(); version !== undefined; version = todo.pop()) {
    if (version === below) return true
    if (seen.has(version) || (positions.get(version) ?? -1) < floor) continue
    seen.add(version)
    todo.push(...parentsOf(version))
  }
  return false
}

/** Those of `versions` that no other of them stands on. Versions that no migration has stand for themselves. */
export function headsOf(graph: MigrationGraph, versions: Iterable<string>): string[] {
  const all = [...versions]
  const below = withAncestors(
    graph,
    all.flatMap((version) => graph.parentsOf(version)),
  )
  return all.filter((version) => !below.has(version))
}

/** The heads of `applied` that come to light when `gone`, a head, goes: what it stood on, unless one of `others` or one of these stands on it. */
export function uncovered(graph: MigrationGraph, applied: ReadonlySet<string>, gone: string, others: readonly string[]): string[] {
  const found = new Set<string>()
  const seen = new Set<string>()
  const todo = [...graph.parentsOf(gone)]
  for (let version = todo.pop(); version !== undefined; version = todo.pop()) {
    if (seen.has(version)) continue
    seen.add(version)
    if (applied.has(version)) found.add(version)
    else todo.push(...graph.parentsOf(version))
  }
  const candidates = [...found]
  return candidates.filter((version) => ![...others, ...candidates].some((other) => other !== version && standsOn(graph, other, version)))
}
