import type { Place } from '../model/errors.ts'
import type { Service } from '../model/service.ts'
import type { ConfigNode } from './config-tree.ts'
import { environmentEntries } from './environments.ts'

/** A key that this version knows and does not enforce. */
export interface Unenforced {
  /** Dotted, as in the file: `environments.production.approve`. */
  key: string
  place: Place
  /** The environment it stands under; undefined for one that always holds. */
  environment?: string
  /** The service it stands under. */
  service?: string
}

/** What environments.json of a service asks for and nothing in this version acts on: approval and backups. */
export function unenforcedInEnvironmentsFile(service: Service, root: string): Unenforced[] {
  return environmentEntries(service.paths, root).flatMap(({ name, approval, backup }) =>
    [approval, backup].flatMap((asked) => (asked === undefined ? [] : [{ ...asked, environment: name, service: service.name }])),
  )
}

/** The keys of one file that nothing in this version acts on, each with its place. */
export function unenforcedOf(node: ConfigNode): Unenforced[] {
  const { config, placeOf } = node.file
  const found: Unenforced[] = []
  const add = (path: string[], more: Pick<Unenforced, 'environment' | 'service'>) =>
    void found.push({ key: path.join('.'), place: placeOf(path, 'key'), ...more })
  for (const [environment, entry] of Object.entries(config.environments ?? {})) {
    const path = ['environments', environment]
    if (entry?.approve !== undefined) add([...path, 'approve'], { environment })
    if (entry?.backup !== undefined) add([...path, 'backup'], { environment })
  }
  return found
}
