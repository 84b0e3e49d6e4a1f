import { SkeinError } from '../model/errors.ts'
import type { Need } from '../model/service.ts'
import { didYouMean } from '../util/nearest.ts'
import type { Reconciled } from './reconciled.ts'

/** Tiers of each workspace file, lowest first, by the root of that file; a service without `root` belongs to the file of ''. */
export type Tiers = ReadonlyMap<string, readonly string[]>

/** All that a plan is made from. Services that are not selected are here as well: what the selected ones need, and for going back what needs them. */
export interface Fleet {
  services: readonly Reconciled[]
  tiers?: Tiers
  /** Names of services that exist but were not looked at (or could not be). What stands on them cannot be run; nothing else is hindered. */
  absent?: ReadonlySet<string>
}

/** What order needs to know of a service; nothing of a database. */
export interface Declared {
  name: string
  needs: readonly Need[]
  tier?: string
  root?: string
}

/**
 * The needs of every service, as declared and as its tier implies. Tier n needs all lower tiers: an edge to each service of the
 * nearest lower tier that has any is enough, as needs of needs are needs. Throws CONFIG-INVALID for an unknown tier, NEED-UNKNOWN for an unknown service.
 */
export function allNeeds(
  services: readonly Declared[],
  tiers: Tiers = new Map(),
  absent: ReadonlySet<string> = new Set(),
): Map<string, Need[]> {
  const names = new Set(services.map((service) => service.name))
  const members = tierMembers(services, tiers)
  const needs = new Map<string, Need[]>()
  for (const service of services) {
    for (const need of service.needs)
      if (!names.has(need.service) && !absent.has(need.service)) throw unknownNeed(service.name, need, names)
    needs.set(service.name, [...service.needs, ...tierNeeds(service, tiers, members)])
  }
  return needs
}

/** `core < services`, when the tiers alone say that `service` comes after `need`. */
export function tierReason(service: Declared, need: Declared, tiers: Tiers = new Map()): string | undefined {
  if ((service.root ?? '') !== (need.root ?? '')) return undefined
  const order = tiers.get(service.root ?? '') ?? []
  const lower = rank(order, need)
  return lower >= 0 && lower < rank(order, service) ? `${need.tier} < ${service.tier}` : undefined
}

/** NEED-UNKNOWN, with the nearest name. */
export function unknownNeed(service: string, need: Need, names: Iterable<string>): SkeinError {
  return new SkeinError('NEED-UNKNOWN', {
    message: `${service} needs ${need.service}, which does not exist${didYouMean(need.service, names)}`,
    hint: `correct the needs of ${service}, or add the service ${need.service}`,
    service,
    data: { service, need: need.service, version: need.version },
  })
}

function tierMembers(services: readonly Declared[], tiers: Tiers): Map<string, string[][]> {
  const members = new Map([...tiers].map(([root, order]) => [root, order.map((): string[] => [])]))
  for (const service of services) {
    if (service.tier === undefined) continue
    const order = tiers.get(service.root ?? '') ?? []
    const level = members.get(service.root ?? '')?.[rank(order, service)]
    if (level === undefined) {
      throw new SkeinError('CONFIG-INVALID', {
        message: `${service.name} is in tier ${service.tier}, which is not among the tiers${didYouMean(service.tier, order)}`,
        hint: order.length === 0 ? `add "tiers: [${service.tier}]"` : `the tiers are ${order.join(', ')}`,
        service: service.name,
      })
    }
    level.push(service.name)
  }
  return members
}

function tierNeeds(service: Declared, tiers: Tiers, members: Map<string, string[][]>): Need[] {
  if (service.tier === undefined) return []
  const root = service.root ?? ''
  const order = tiers.get(root) ?? []
  const own = rank(order, service)
  const below = (members.get(root) ?? []).slice(0, own).findLastIndex((level) => level.length > 0)
  const because = `${order[below]} < ${service.tier}`
  return (members.get(root)?.[below] ?? []).map((name) => ({ service: name, because }))
}

function rank(order: readonly string[], service: Declared): number {
  return service.tier === undefined ? -1 : order.indexOf(service.tier)
}
