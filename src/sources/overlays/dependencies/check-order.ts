import type { Migration } from '../../../model/migration.ts'
import { didYouMean } from '../../../util/nearest.ts'
import { type Known, meant, seenFrom } from './known.ts'
import type { Matched } from './match-entries.ts'

interface Edge {
  from: Migration
  matched: Matched
  node: Matched['entry']['keyNode']
  to: Migration
}

/**
 * Checks every `depends_on` against the order in which the tool runs its migrations: names that exist, that are there in the same environment, that come
 * before, and no circles. Gives for each migration the ids of what it stands on.
 */
export function checkOrder(known: Known, matched: readonly Matched[]): Map<Migration, string[]> {
  const edges = matched.flatMap((one) => one.migrations.flatMap((own) => edgesOf(known, one, own)))
  const inCircle = circles(edges)
  for (const edge of edges) {
    const { from, to, matched: one, node } = edge
    // Where the order is a graph of its own (Alembic), the tool says what comes before.
    if (inCircle.has(edge) || from.parents !== undefined || known.source.compare(to.version, from.version) < 0) continue
    const message = `${from.id} depends on ${to.id}, which comes after it`
    one.entry.reader.say('DEPENDENCIES-ORDER', 'error', node, message, 'the numbers decide the order: give one of them another number')
  }
  const stands = new Map<Migration, string[]>()
  for (const one of matched) for (const own of one.migrations) stands.set(own, [])
  for (const { from, to } of edges) stands.get(from)?.push(to.id)
  return stands
}

function edgesOf(known: Known, matched: Matched, own: Migration): Edge[] {
  const { reader, dependsOn, key } = matched.entry
  const edges: Edge[] = []
  for (const { text, node } of dependsOn) {
    const all = meant(known, text)
    const seen = seenFrom(all, own.environment)
    const to = seen.find((one) => one.environment === own.environment) ?? seen[0]
    if (to !== undefined) {
      if (edges.some((edge) => edge.to === to))
        reader.say('DEPENDENCIES-DUPLICATE', 'error', node, `depends_on of ${key} names ${to.id} twice`, 'keep one of them')
      else edges.push({ from: own, matched, node, to })
    } else if (all.length > 0) {
      const [first] = all
      const message = `${own.id} depends on ${first?.id}, which is there in ${first?.environment} only`
      reader.say('DEPENDENCIES-ENVIRONMENT', 'error', node, message, 'what every environment runs cannot stand on what one has')
    } else {
      const guess = didYouMean(
        text,
        seenFrom(known.all, own.environment).map((one) => one.id),
      )
      const message = `${own.id} depends on ${text}, and there is no such migration${guess}`
      const remedy = 'write the id of a migration of this service; those of others belong into cross_service_dependencies'
      reader.say('DEPENDENCIES-UNKNOWN', 'error', node, message, remedy)
    }
  }
  return edges
}

/** Says each circle once, with its path, and gives the edges that are part of one. */
function circles(edges: readonly Edge[]): Set<Edge> {
  const out = grouped(edges)
  const found = new Set<Edge>()
  const done = new Set<Migration>()
  for (const start of out.keys()) {
    // Iterative: a chain may have ten thousand links.
    const path: { at: Migration; next: number }[] = [{ at: start, next: 0 }]
    const onPath = new Map<Migration, number>([[start, 0]])
    while (path.length > 0) {
      const top = path.at(-1) as (typeof path)[number]
      const edge = done.has(top.at) ? undefined : out.get(top.at)?.[top.next++]
      if (edge === undefined) {
        done.add(top.at)
        onPath.delete(top.at)
        path.pop()
        continue
      }
      const at = onPath.get(edge.to)
      if (at !== undefined) sayCircle([...path.slice(at).map((one) => one.at), edge.to], edge, out, found)
      else if (!done.has(edge.to)) {
        onPath.set(edge.to, path.length)
        path.push({ at: edge.to, next: 0 })
      }
    }
  }
  return found
}

function sayCircle(path: readonly Migration[], last: Edge, out: ReadonlyMap<Migration, readonly Edge[]>, found: Set<Edge>): void {
  path.slice(1).forEach((to, index) => {
    const edge = out.get(path[index] as Migration)?.find((one) => one.to === to)
    if (edge !== undefined) found.add(edge)
  })
  const itself = last.from === last.to
  const message = itself
    ? `${last.from.id} depends on itself`
    : `these depend on each other in a circle: ${path.map((one) => one.id).join(' → ')}`
  last.matched.entry.reader.say('DEPENDENCIES-CYCLE', 'error', last.node, message, 'take one of these out of its depends_on')
}

function grouped(edges: readonly Edge[]): Map<Migration, Edge[]> {
  const out = new Map<Migration, Edge[]>()
  for (const edge of edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge])
  return out
}
