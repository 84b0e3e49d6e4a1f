import type { InitService, InitWorkspace } from '../../workspace/init/init-service.ts'
import type { Link, Unclear } from './find-links.ts'

/** Writes what services stand on into their needs, each with its reason. Whole services where they come in tiers, else up to the migration that is named. */
export function settleNeeds(
  services: readonly InitService[],
  tiers: InitWorkspace['tiers'],
  links: readonly Link[],
  unclear: readonly Unclear[],
): void {
  const byPath = new Map(services.map((service) => [service.path, service]))
  for (const link of links) {
    const [from, to] = [byPath.get(link.from), byPath.get(link.to)]
    if (from === undefined || to === undefined) continue
    const because = reason(link, to.name)
    if (tiers === undefined) {
      if (leadsBack(link, links))
        from.remarks.push(`${because}, and ${to.name} stands on this service too: say in dependencies.json which migration needs which`)
      else from.needs.push({ service: to.name, version: link.version, because })
      // A lower tier comes first anyway.
    } else if (from.tier === to.tier) from.needs.push({ service: to.name, because })
  }
  for (const { from, name, makers } of unclear) {
    const names = makers.map((path) => byPath.get(path)?.name ?? path)
    const remark =
      names.length > 1
        ? `It names ${name}, which ${names.join(' and ')} make: add the one that is meant to needs.`
        : `It names ${name}, which ${names[0]} makes, or its own code under a name that is computed: add ${names[0]} to needs if that one is meant.`
    byPath.get(from)?.remarks.push(remark)
  }
}

/** True where `link` is against the order of the tiers: then they are no order. */
export function againstTiers(link: Link, tierOf: ReadonlyMap<string, number>): boolean {
  return (tierOf.get(link.from) ?? 0) < (tierOf.get(link.to) ?? 0)
}

/** Also by way of others. */
export function leadsBack({ from, to }: Pick<Link, 'from' | 'to'>, links: readonly Link[]): boolean {
  const seen = new Set([to])
  for (const one of seen) for (const link of links) if (link.from === one) seen.add(link.to)
  return seen.has(from)
}

function reason({ keys, uses }: Link, name: string): string {
  const parts = [
    ...(keys.length === 0 ? [] : [`foreign keys lead to ${shortList(keys)} of ${name}`]),
    ...(uses.length === 0 ? [] : [`it uses ${shortList(uses)}${keys.length === 0 ? ` of ${name}` : ''}`]),
  ]
  return parts.join(', ')
}

function shortList(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
}
