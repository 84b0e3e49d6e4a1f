import { findTable, findTool, papersOf } from '../../workspace/init/find-words.ts'
import { type InitService, toolOf } from '../../workspace/init/init-service.ts'
import type { Paper } from '../../workspace/init/read-papers.ts'

/**
 * Settles the tool where the files of a service fit several: by what a person said, else by the papers around it, else by its neighbours when all that
 * can be told are of one. What stays open is left to the reader. `said`: tools by service name.
 */
export function settleTools(
  services: readonly InitService[],
  papers: readonly Paper[],
  root: string,
  said: Readonly<Record<string, string>>,
): void {
  for (const service of services) {
    const answer = said[service.name]
    if (answer !== undefined) service.tool = { text: answer }
    else if (service.detection.kind === 'ambiguous')
      service.tool = findTool(
        papersOf(papers, root, service.path),
        service.detection.candidates.map((one) => one.tool),
      )
  }
  const told = new Set(services.flatMap((service) => toolOf(service) ?? []))
  const [only] = told
  for (const service of services)
    if (service.detection.kind === 'ambiguous' && service.tool === undefined && told.size === 1)
      if (service.detection.candidates.some((one) => one.tool === only))
        service.tool = { text: only ?? '', because: 'as its neighbours; these files would fit others too' }
}

/** Settles the table of golang-migrate, which is said on its command line: papers tell it, of one service, or by the service's name. */
export function settleTables(services: readonly InitService[], papers: readonly Paper[], root: string): void {
  for (const service of services) {
    if (toolOf(service) !== 'golang-migrate') continue
    const others = services.filter((one) => one !== service)
    const near = papersOf(papers, root, service.path)
    const own = near.filter((paper) => !others.some((other) => papersOf([paper], root, other.path).length > 0))
    const found = findTable(own)
    const byName = `${service.folder.replaceAll(/[^A-Za-z0-9]+/g, '_')}_schema_migrations`
    const shared = near.find(({ text }) => new RegExp(`(?<![A-Za-z0-9_])${byName}\\b`).test(text))
    service.table = found ?? (shared === undefined ? undefined : { text: byName, because: `${shared.file} says so` })
    if (service.table?.text === 'schema_migrations') service.table = undefined
  }
}
