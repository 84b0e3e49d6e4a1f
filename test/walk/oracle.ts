import type { Need } from '../../src/model/service.ts'
import { type ServiceWorld, inputOf } from './world.ts'
import { versionOf } from './tools.ts'

/**
 * What stands on what, worked out the slow way from the files and the needs alone; shares no code with the planner. Answers with the sentence of
 * what is wrong with a step at this moment, or undefined. `redone`: services that redo exactly what they had, whatever is pending between.
 */
export function wrongWithUp(
  world: readonly ServiceWorld[],
  tiers: readonly string[],
  service: ServiceWorld,
  version: string,
  redone: ReadonlySet<string>,
): string | undefined {
  const { migrations } = inputOf(service)
  if (service.done.has(version)) return `${service.name}@${version} is applied already`
  if (!migrations.some((one) => one.version === version)) return `${service.name}@${version} has no file`
  const isOpen = (one: ServiceWorld, other: string) => !redone.has(one.name) && isPending(one, other)
  const missing = below(service, version).find((one) => isOpen(service, one))
  if (missing !== undefined) return `${service.name}@${version} runs before ${missing}, on which it stands`
  for (const need of needsOf(world, tiers, service, version)) {
    const needed = world.find((one) => one.name === need.service)
    const open = needed === undefined ? undefined : meant(needed, need).find((one) => isOpen(needed, one))
    if (open !== undefined) return `${service.name}@${version} runs before ${need.service}@${open}, which it needs`
  }
  return undefined
}

export function wrongWithDown(
  world: readonly ServiceWorld[],
  tiers: readonly string[],
  service: ServiceWorld,
  version: string,
  ignoreDependants: boolean,
): string | undefined {
  if (!service.done.has(version)) return `${service.name}@${version} is not applied`
  const above = [...service.done].find((one) => one !== version && below(service, one).includes(version))
  if (above !== undefined) return `${service.name}@${version} goes back while ${above} stands on it`
  if (ignoreDependants) return undefined
  for (const other of world) {
    for (const one of other.done) {
      const need = needsOf(world, tiers, other, one).find((each) => each.service === service.name && meant(service, each).includes(version))
      if (need !== undefined) return `${service.name}@${version} goes back while ${other.name}@${one} needs it`
    }
  }
  return undefined
}

/** All that a version stands on in its own service: ancestors in a graph, all smaller ones elsewhere. */
function below(service: ServiceWorld, version: string): string[] {
  if (service.tool !== 'alembic') {
    const input = inputOf(service)
    const all = new Set([...input.migrations.map((one) => one.version), ...service.done])
    return [...all].filter((one) => input.compare(one, version) < 0)
  }
  const found = new Set<string>()
  const todo = [...(service.ever.get(version) ?? [])]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (found.has(next)) continue
    found.add(next)
    todo.push(...(service.ever.get(next) ?? []))
  }
  return [...found]
}

/** Not applied, has a file, and is not one that "out-of-order: ignore" leaves out. */
function isPending(service: ServiceWorld, version: string): boolean {
  if (service.done.has(version)) return false
  const input = inputOf(service)
  if (!input.migrations.some((one) => one.version === version)) return false
  const isLate = service.tool !== 'alembic' && [...service.done].some((one) => input.compare(one, version) > 0)
  return !(isLate && service.policies.outOfOrder === 'ignore')
}

/** What stands behind a need: one version and what is below it, or everything. */
function meant(service: ServiceWorld, need: Need): string[] {
  const all = [...new Set([...inputOf(service).migrations.map((one) => one.version), ...service.done])]
  if (need.version === undefined) return all
  return all.includes(need.version) ? [need.version, ...below(service, need.version)] : []
}

function needsOf(world: readonly ServiceWorld[], tiers: readonly string[], service: ServiceWorld, version: string): Need[] {
  const level = service.tier === undefined ? -1 : tiers.indexOf(service.tier)
  const lower = world.filter((one) => one.tier !== undefined && tiers.indexOf(one.tier) < level)
  const here = new Set([version, ...below(service, version)])
  const written = new Set(inputOf(service).migrations.map((one) => one.version))
  const own = [...service.own].filter(([slot]) => {
    const name = versionOf[service.tool]?.(slot) ?? ''
    return here.has(name) && written.has(name)
  })
  return [...service.needs, ...lower.map((one) => ({ service: one.name, because: 'tier' })), ...own.flatMap(([, needs]) => needs)]
}
