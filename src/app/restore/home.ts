import type { Manifest } from '../../data/restore/read-backup.ts'
import { SkeinError } from '../../model/errors.ts'
import type { Ports } from '../../model/ports.ts'
import type { ConnectionSpec } from '../../postgres/session.ts'
import { load, type LoadedService } from '../load.ts'
import { isLooked, look, type Looked } from '../look.ts'
import type { Request } from '../request.ts'
import { connectionOf } from '../targets.ts'

/** The one database that is to be replaced. */
export interface Home {
  spec: ConnectionSpec
  target: Looked['target']
  /** All services of the workspace that live in it, asked for or not: they go back together. */
  services: Looked[]
}

/**
 * The database of the services named; of none, that of the manifest's; of none of these, the workspace's only one. Looks at every service, for a neighbour may
 * live in it. Throws USAGE where it is more than one, READ-ONLY for a standby, and what reading and looking throw.
 */
export async function homeOf(request: Request, manifest: Manifest | undefined, ports: Ports): Promise<Home> {
  const loaded = await load(request, ports)
  const noted = new Set(manifest?.services.map((one) => one.name))
  const wanted = loaded.all.map((one) => one.service.name).filter((name) => loaded.selected.has(name))
  const meant = request.services.length === 0 && wanted.some((name) => noted.has(name)) ? wanted.filter((name) => noted.has(name)) : wanted
  const asked: { loaded: LoadedService; spec: ConnectionSpec }[] = []
  for (const one of loaded.all) {
    try {
      asked.push({ loaded: one, spec: await connectionOf(one.service, loaded.workspace, request, ports) })
    } catch (error) {
      if (meant.includes(one.service.name) || !(error instanceof SkeinError)) throw error
    }
  }
  const answers = await look(asked, ports)
  for (const one of answers) if (!isLooked(one) && meant.includes(one.loaded.service.name)) throw one.error
  const all = answers.filter(isLooked)
  const homes = new Map(all.filter((one) => meant.includes(one.loaded.service.name)).map((one) => [one.target.id, one]))
  const [first, second] = homes.values()
  if (first === undefined) throw new SkeinError('DATABASE-MISSING', { message: 'no service has a database' })
  if (second !== undefined)
    throw new SkeinError('USAGE', {
      message: `a restore replaces one database, and the services are in ${homes.size}: ${[...homes.values()].map((one) => one.spec.label).join('; ')}`,
      hint: 'name a service of the one that is meant: skein restore FILE SERVICE',
    })
  if (first.target.standby)
    throw new SkeinError('READ-ONLY', { message: `${first.spec.label} is a standby`, hint: 'restore on the primary; nothing was done' })
  return { spec: first.spec, target: first.target, services: all.filter((one) => one.target.id === first.target.id) }
}
