import { readdirSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import type { Service } from '../model/service.ts'
import { type Adhoc, adhocWorkspace } from '../workspace/adhoc.ts'
import { findFile, isFolder } from '../workspace/find.ts'
import { matchServices, selectServices } from '../workspace/select.ts'
import { loadWorkspace } from '../workspace/workspace.ts'
import { databaseSetting } from './database-setting.ts'
import type { Request } from './request.ts'

/** A service as the command line of a home-made runner names it. */
export interface Wish {
  /** As it was typed; undefined: the service in whose folder we are. */
  service?: string
  /** Every service of the workspace. */
  all?: boolean
  tool: 'numbered' | 'stamped'
}

export interface Meant {
  /** For every verb. */
  request: Pick<Request, 'services' | 'adhoc'>
  /** What the services are called; never empty. */
  names: string[]
}

/**
 * Finds the service that a home-made runner's command line means: in skein.yaml by name, alias or the name of its folder; without such a file by its
 * folder alone, as a service of which no file speaks. Opens no database. Throws SERVICE-UNKNOWN, SERVICE-AMBIGUOUS, WORKSPACE-MISSING,
 * DATABASE-AMBIGUOUS where DB_* and skein.yaml name different databases (such a runner knows DB_* alone), and what reading the file throws.
 */
export async function meantService(wish: Wish, ports: Ports): Promise<Meant> {
  if (findFile(ports.cwd) === undefined) return withoutFile(wish, ports.cwd)
  const { services } = await loadWorkspace({ cwd: ports.cwd, env: ports.env })
  const chosen = wish.all === true ? services : wish.service === undefined ? [here(services, ports.cwd)] : named(services, wish.service)
  for (const service of chosen) refuseOtherDatabase(service, ports.env)
  const names = chosen.map(({ name }) => name)
  return { request: { services: names }, names }
}

/** `tenant` is also the service whose migrations are in a folder `tenant` or `tenant_service`. */
function named(services: readonly Service[], word: string): Service[] {
  if (matchServices(services, word).length > 0) return selectServices(services, [word])
  const found = services.filter(({ paths }) =>
    paths.some((path) => path.split(/[\\/]/).some((part) => part === word || part === `${word}_service`)),
  )
  const [only] = found
  return only !== undefined && found.length === 1 ? [only] : selectServices(services, [word])
}

/** The only service, or the only one below the current folder. */
function here(services: readonly Service[], cwd: string): Service {
  const below = services.filter(({ paths }) => paths.some((path) => !relative(cwd, path).startsWith('..')))
  const [only] = services.length === 1 ? services : below
  if (only !== undefined && (services.length === 1 || below.length === 1)) return only
  throw new SkeinError('SERVICE-UNKNOWN', {
    message:
      below.length === 0 ? 'no service of skein.yaml has its migrations in this folder' : `this is the folder of ${below.length} services`,
    hint: `say which: -service=${services.map(({ name }) => name).join(' or -service=')}`,
  })
}

function withoutFile({ service, all, tool }: Wish, cwd: string): Meant {
  if (all === true)
    throw new SkeinError('WORKSPACE-MISSING', {
      message: 'in which order services depend on each other stands in skein.yaml, and there is none here or above',
      hint: 'write one with `skein init`, and the tiers into it; or name one service',
    })
  const local = join(cwd, 'migrations')
  const places = service === undefined ? [] : placesOf(service, tool)
  const path = places.map((place) => upwards(cwd, place)).find((found) => found !== undefined)
  if (path !== undefined) return alone({ path, tool }, cwd)
  // As in an image, where the folder is called after nobody: the name is given, the files are here. Among other services it would be a wrong name.
  if (tool === 'numbered' && isFolder(local) && (service === undefined || !isAmongServices(cwd)))
    return alone({ path: local, tool, name: service }, cwd)
  throw new SkeinError('WORKSPACE-MISSING', {
    message: service === undefined ? 'there is no folder migrations here' : `there is no folder ${places.join(' or ')} here or above`,
    hint: `go to the folder of the service, or make it: mkdir -p ${places[0] ?? 'migrations'}`,
  })
}

function alone(adhoc: Adhoc, cwd: string): Meant {
  return { request: { services: [], adhoc }, names: adhocWorkspace(adhoc, cwd).services.map(({ name }) => name) }
}

function placesOf(service: string, tool: Wish['tool']): string[] {
  // A name, not a way to somewhere else.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(service))
    throw new SkeinError('SERVICE-UNKNOWN', {
      message: `${service} cannot be the name of a service`,
      hint: 'name the service, not its path',
    })
  if (tool === 'numbered') return [`${service}/migrations`]
  return [`database/migrations/${service}_service`, `database/migrations/${service}`]
}

/** The nearest folder of that name, from `cwd` up to the root. */
function upwards(cwd: string, place: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (isFolder(join(folder, place))) return join(folder, place)
    if (dirname(folder) === folder) return undefined
  }
}

/** Beside this folder is another one with migrations. */
function isAmongServices(cwd: string): boolean {
  try {
    return readdirSync(dirname(cwd)).some((name) => name !== basename(cwd) && isFolder(join(dirname(cwd), name, 'migrations')))
  } catch {
    return false
  }
}

function refuseOtherDatabase(service: Service, env: NodeJS.ProcessEnv): void {
  if (service.database === undefined || (!env.DB_HOST && !env.DB_NAME)) return
  const nothing: Request = { services: [] }
  const configured = databaseSetting(service, nothing, env)
  const { DATABASE_URL: _, ...plain } = env
  const variables = databaseSetting({ ...service, database: undefined }, nothing, plain)
  if (configured.value === null || variables.value === null || place(configured.value) === place(variables.value)) return
  throw new SkeinError('DATABASE-AMBIGUOUS', {
    message: `${service.name}: DB_* say ${String(variables.value)}, and ${configured.from} says ${String(configured.value)}`,
    hint: 'take database: out of skein.yaml, or unset DB_HOST and DB_NAME',
    service: service.name,
  })
}

/** Host, port and database, without the user. */
function place(label: unknown): string {
  return String(label)
    .replace(/ as .*$/, '')
    .replace(/^(?:127\.0\.0\.1|\[?::1\]?):/, 'localhost:')
}
