import { type Declared, type Tiers, allNeeds } from './fleet.ts'

/**
 * The services so that each stands after what it needs, whole or up to a version; of those that could stand next, the first by name. Services that need
 * each other migration by migration keep their order by name; {@link buildGraph} tells whether that is a circle. For lists and pictures: a plan orders
 * steps, not services. Throws NEED-UNKNOWN, CONFIG-INVALID.
 */
export function serviceOrder(services: readonly Declared[], tiers?: Tiers): string[] {
  const needs = allNeeds(services, tiers)
  const rest = new Set([...needs.keys()].sort())
  const order: string[] = []
  for (const _ of services) {
    const isReady = (name: string) => (needs.get(name) ?? []).every((need) => need.service === name || !rest.has(need.service))
    const next = [...rest].find(isReady) ?? [...rest][0]
    if (next === undefined) break
    rest.delete(next)
    order.push(next)
  }
  return order
}

/** Services that need each other whole in a circle, as the path back to the first one; undefined when there is none. Throws NEED-UNKNOWN, CONFIG-INVALID. */
export function needCircle(services: readonly Declared[], tiers?: Tiers): string[] | undefined {
  const needs = allNeeds(services, tiers)
  const fine = new Set<string>()
  function search(name: string, path: readonly string[]): string[] | undefined {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (fine.has(name)) return undefined
    for (const need of needs.get(name) ?? []) {
      const circle = need.version === undefined ? search(need.service, [...path, name]) : undefined
      if (circle !== undefined) return circle
    }
    fine.add(name)
    return undefined
  }
  for (const name of [...needs.keys()].sort()) {
    const circle = search(name, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

/** The given services and everything they need, transitively, by name: who must be looked at to plan their way up. Throws NEED-UNKNOWN, CONFIG-INVALID. */
export function withNeeds(names: readonly string[], services: readonly Declared[], tiers?: Tiers): string[] {
  const needs = allNeeds(services, tiers)
  return reach(names, (name) => (needs.get(name) ?? []).map((need) => need.service))
}

/** The given services and everything that needs them, transitively, by name: who must be looked at to plan their way down. Throws NEED-UNKNOWN, CONFIG-INVALID. */
export function withDependants(names: readonly string[], services: readonly Declared[], tiers?: Tiers): string[] {
  const dependants = new Map<string, string[]>()
  for (const [name, list] of allNeeds(services, tiers)) {
    for (const need of list) dependants.set(need.service, [...(dependants.get(need.service) ?? []), name])
  }
  return reach(names, (name) => dependants.get(name) ?? [])
}

function reach(names: readonly string[], next: (name: string) => readonly string[]): string[] {
  const seen = new Set(names)
  for (const name of seen) for (const other of next(name)) seen.add(other)
  return [...seen].sort()
}
