import { historyNamed } from '../../histories/index.ts'
import { type TableClash, tableClashes } from '../../histories/table-clashes.ts'
import { type InitService, type InitWorkspace, toolOf } from '../../workspace/init/init-service.ts'
import { findVariable, papersOf } from '../../workspace/init/find-words.ts'
import type { Paper } from '../../workspace/init/read-papers.ts'
import { tellingPart } from '../../workspace/names.ts'
import { parseTableName } from '../../workspace/table-name.ts'
import { tools } from '../../workspace/tools.ts'
import { commonFolder, type Link } from './find-links.ts'
import type { ServiceFacts } from './read-facts.ts'

const usual = '${DATABASE_URL}'

/**
 * One database for all, or one for each service where their tools' tables would be the same one: no tool of theirs can have worked in one database
 * then. Services that name each other's tables share one all the same. `said`: what a person answered, which holds.
 */
export function settleDatabases(
  services: readonly InitService[],
  facts: ReadonlyMap<string, ServiceFacts>,
  links: readonly Link[],
  papers: readonly Paper[],
  root: string,
  said: string | undefined,
): Pick<InitWorkspace, 'database' | 'apart'> {
  const clashes = clashesOf(services, facts)
  const [first] = clashes
  if (first === undefined || (said !== undefined && said !== usual && said !== 'embedded')) {
    for (const { services: pair, table, line } of firstOfEach(clashes))
      services
        .find(({ name }) => name === pair[1])
        ?.remarks.push(`${pair.join(' and ')} cannot both keep ${table} in one database: add ${line}`)
    return { database: databaseOf(papers, said) }
  }
  for (const service of services) {
    if (toolOf(service) === undefined) continue
    const group = groupOf(service, services, links)
    const shared = group.length > 1 ? tellingPart(commonFolder(group.map(({ path }) => path))) : undefined
    const prefix = (shared ?? group[0]?.name ?? service.name).replaceAll(/[^A-Za-z0-9]+/g, '_')
    service.database =
      said === 'embedded'
        ? `embedded:${prefix.toLowerCase()}`
        : `\${${findVariable(papersOf(papers, root, service.path), prefix.toUpperCase())?.text ?? `${prefix.toUpperCase()}_DATABASE_URL`}}`
  }
  const together = clashes.filter(({ services: [a, b] }) => databaseNamed(services, a) === databaseNamed(services, b))
  for (const { services: pair, line } of firstOfEach(together))
    services
      .find(({ name }) => name === pair[1])
      ?.remarks.push(`Its tables and those of ${pair[0]} name each other, and both keep one history table: add ${line}`)
  return { apart: `${first.services.join(' and ')} both keep their history in ${first.table}` }
}

function databaseOf(papers: readonly Paper[], said: string | undefined): NonNullable<InitWorkspace['database']> {
  if (said !== undefined) return { text: said }
  const found = findVariable(papers)
  return found === undefined || found.text === 'DATABASE_URL' ? { text: usual } : { text: `\${${found.text}}`, because: found.because }
}

/** One remedy for a service is enough. */
function firstOfEach(clashes: readonly TableClash[]): TableClash[] {
  return clashes.filter((one, at) => clashes.findIndex((other) => other.services[1] === one.services[1]) === at)
}

/** As if all were in one database. */
function clashesOf(services: readonly InitService[], facts: ReadonlyMap<string, ServiceFacts>): TableClash[] {
  const uses = services.flatMap((service) => {
    const tool = tools.get(toolOf(service) ?? '')
    if (tool === undefined) return []
    const history = historyNamed(tool.history)
    const found = facts.get(service.path)
    const written = parseTableName(service.table?.text ?? '')
    const named = typeof written === 'string' ? found?.table : written
    return [
      {
        name: service.name,
        tool: tool.history,
        database: '',
        schema: named?.schema,
        table: named?.table ?? history.defaultTable(service.name),
        service: history.sharesTable ? service.folder : undefined,
        versions: found?.migrations.map((one) => one.version) ?? [],
      },
    ]
  })
  return tableClashes(uses)
}

/** The services that `service` must share a database with, itself among them, in the order of the file. */
function groupOf(service: InitService, services: readonly InitService[], links: readonly Link[]): InitService[] {
  const seen = new Set([service.path])
  for (const path of seen)
    for (const { from, to } of links) {
      if (from === path) seen.add(to)
      if (to === path) seen.add(from)
    }
  return services.filter(({ path }) => seen.has(path))
}

function databaseNamed(services: readonly InitService[], name: string): string | undefined {
  return services.find((one) => one.name === name)?.database
}
