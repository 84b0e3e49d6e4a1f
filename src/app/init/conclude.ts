import { resolve } from 'node:path'
import { findServices } from '../../workspace/init/find-services.ts'
import { type FoundTiers, findTiers } from '../../workspace/init/find-tiers.ts'
import { type InitService, type InitWorkspace, toolOf } from '../../workspace/init/init-service.ts'
import { readPapers } from '../../workspace/init/read-papers.ts'
import { nameFrom } from '../../workspace/names.ts'
import { findLinks, type Link } from './find-links.ts'
import { readFacts, type ServiceFacts } from './read-facts.ts'
import { settleDatabases } from './settle-databases.ts'
import { againstTiers, settleNeeds } from './settle-needs.ts'
import { settleTables, settleTools } from './settle-tools.ts'

/** What a person answered; the rest is concluded. */
export interface InitAnswers {
  /** What `database:` is to say. */
  database?: string
  /** Tools by service name, where the files fit several. */
  tools?: Readonly<Record<string, string>>
}

/**
 * All that can be told of the services below `cwd` from their file names, the papers around them and their SQL: tools, tables, tiers, databases, needs.
 * Reads files only; runs and writes nothing.
 */
export async function conclude(cwd: string, { database, tools = {} }: InitAnswers = {}): Promise<InitWorkspace> {
  const root = resolve(cwd)
  const services = findServices(root)
  const papers = readPapers(
    root,
    services.map(({ path }) => path),
  )
  settleTools(services, papers, root, tools)
  settleTables(services, papers, root)
  const facts = new Map<string, ServiceFacts>()
  for (const service of services) {
    const found = await readFacts(service, root)
    if (found !== undefined) facts.set(service.path, found)
  }
  const { links, unclear } = findLinks([...facts.values()])
  const runnable = services.filter((service) => toolOf(service) !== undefined)
  const tiers = settleTiers(runnable, findTiers(papers, runnable), links)
  const where = settleDatabases(services, facts, links, papers, root, database)
  settleNeeds(services, tiers, links, unclear)
  if (tiers !== undefined) sortByTier(services, tiers.names)
  return { services, ...where, ...(tiers === undefined ? {} : { tiers }) }
}

/** Names and tiers as the guide has them, unless the files say that it is no order. */
function settleTiers(services: readonly InitService[], found: FoundTiers | undefined, links: readonly Link[]): InitWorkspace['tiers'] {
  if (found === undefined) return undefined
  const tierOf = new Map(found.tiers.flatMap((tier, at) => tier.services.map(({ path }) => [path, at])))
  const against = links.find((link) => againstTiers(link, tierOf))
  if (against !== undefined) {
    services
      .find(({ path }) => path === against.from)
      ?.remarks.push(`${found.file} gives an order in tiers, and this service stands on one of a later tier: no tiers were written.`)
    return undefined
  }
  for (const { name, services: placed } of found.tiers)
    for (const { path, word } of placed) {
      const service = services.find((one) => one.path === path)
      if (service === undefined) continue
      service.tier = name
      if (word === service.folder || nameFrom(word) !== word || services.some((one) => one !== service && one.name === word)) continue
      service.aliases.push(service.name)
      service.name = word
    }
  return { names: found.tiers.map(({ name }) => name), because: `The tiers of ${found.file}` }
}

function sortByTier(services: InitService[], names: readonly string[]): void {
  services.sort((a, b) => names.indexOf(a.tier ?? '') - names.indexOf(b.tier ?? ''))
}
