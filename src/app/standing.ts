import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import type { Service } from '../model/service.ts'
import type { Standing, StandingService, StandingState } from '../model/standing.ts'
import { embeddedStatus } from '../scratch/embedded.ts'
import { relativeLabel } from '../util/folder.ts'
import { databaseOf } from '../workspace/database.ts'
import { findServices } from '../workspace/init/find-services.ts'
import { databaseSetting } from './database-setting.ts'
import { load, type Loaded } from './load.ts'
import type { Request } from './request.ts'
import { nextOf } from './standing-next.ts'
import { survey } from './survey.ts'

/** Long enough for a server that is there; a black hole is not waited for. */
const patience = { PGCONNECT_TIMEOUT: '3' }

/**
 * Where one stands and what comes next, in a moment: what `skein` alone says. What stops other verbs is an answer here, so nothing that a workspace or a
 * database deserves is thrown. Starts no server, not even an embedded one, writes nothing, takes no lock.
 */
export async function standing(request: Request, given: Ports): Promise<Standing> {
  const ports = { ...given, env: { ...patience, ...given.env } }
  const folder = resolve(ports.cwd)
  let known: Omit<Standing, 'state' | 'next'> = { folder, file: null, environment: null, services: [], databases: [], problems: [] }
  try {
    const loaded = await load(request, ports)
    known = { ...known, ...described(loaded, request, ports) }
    return finished({ ...known, ...(await stand(loaded, request, ports, known.services)) })
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    if (error.code === 'WORKSPACE-MISSING' && request.file === undefined && error.details.place?.file === folder)
      return finished({ ...known, state: 'no-workspace', services: detected(folder, ports) })
    return finished({ ...known, state: stateOf(error), problems: [problemOf(error)] })
  }
}

function finished(found: Omit<Standing, 'next'>): Standing {
  return { ...found, next: nextOf(found) }
}

function described(
  { workspace, all }: Loaded,
  request: Request,
  ports: Ports,
): Pick<Standing, 'file' | 'environment' | 'services' | 'databases'> {
  const settings = all.map(({ service }) => databaseSetting(service, request, ports.env).value)
  return {
    file: workspace.file === undefined ? null : relativeLabel(workspace.file, resolve(ports.cwd)),
    environment: workspace.environment ?? null,
    services: all.map(({ service, migrations }) => ({
      name: service.name,
      tool: service.tool,
      migrations: migrations.length,
      applied: null,
      pending: null,
      asleep: false,
    })),
    databases: [...new Set(settings.filter((value) => typeof value === 'string'))],
  }
}

/** What files and databases say; files that cannot be run come first, since nothing else matters before they are mended. */
async function stand(
  loaded: Loaded,
  request: Request,
  ports: Ports,
  services: StandingService[],
): Promise<Partial<Standing> & { state: StandingState }> {
  const broken = loaded.all.flatMap((one) => one.findings.filter(({ severity }) => severity === 'error'))
  if (broken.length > 0)
    return {
      state: 'invalid',
      problems: broken.map(({ message, remedy, service }) => ({ code: 'SOURCE-INVALID', message, hint: remedy, service })),
    }
  const asleep = await asleepOf(loaded, request, ports)
  if (asleep.size > 0) services = services.map((one) => ({ ...one, asleep: asleep.has(one.name) }))
  if (asleep.size === services.length && asleep.size > 0) return { state: 'not-started', services }
  const found = await survey(request, ports, { loaded: without(loaded, asleep), downs: false, remember: true })
  const problems: Standing['problems'] = [
    ...each(found.unreachable.map(({ loaded: { service }, error }) => ({ ...problemOf(error), service: service.name }))),
    ...[...found.reconciled.values()].flatMap((one) =>
      one.problems.map(({ code, message, hint, service }) => ({ code, message, hint, service })),
    ),
  ]
  const counted = services.map((service) => {
    const counts = found.reconciled.get(service.name)?.counts
    return counts === undefined ? service : { ...service, applied: counts.applied, pending: counts.pending }
  })
  const pending = counted.some((service) => (service.pending ?? 0) > 0)
  const rest = pending ? 'pending' : asleep.size > 0 ? 'not-started' : 'up-to-date'
  const state = found.unreachable.length > 0 ? 'unreachable' : problems.length > 0 ? 'broken' : rest
  return { state, problems, services: counted }
}

/** The services on an embedded server that does not run: to start one takes seconds, and is not what somebody wants who only asks. */
async function asleepOf({ workspace, all }: Loaded, request: Request, ports: Ports): Promise<ReadonlySet<string>> {
  if (request.database !== undefined) return new Set()
  const embedded = all.filter(({ service }) => request.embedded === true || isEmbedded(service, ports))
  if (embedded.length === 0 || (await embeddedStatus(workspace.root)).state === 'running') return new Set()
  return new Set(embedded.map(({ service }) => service.name))
}

/** A connection that is said wrongly is the survey's to tell. */
function isEmbedded(service: Service, ports: Ports): boolean {
  try {
    return databaseOf(service, ports.env)?.kind === 'embedded'
  } catch (error) {
    if (error instanceof SkeinError) return false
    throw error
  }
}

function without(loaded: Loaded, names: ReadonlySet<string>): Loaded {
  if (names.size === 0) return loaded
  return {
    ...loaded,
    all: loaded.all.filter(({ service }) => !names.has(service.name)),
    selected: new Set([...loaded.selected].filter((name) => !names.has(name))),
  }
}

/** One server that does not answer is one trouble, however many services are on it. */
function each(problems: Standing['problems']): Standing['problems'] {
  return problems.filter((one, at) => problems.findIndex(({ code, message }) => code === one.code && message === one.message) === at)
}

function problemOf(error: SkeinError): Standing['problems'][number] {
  return { code: error.code, message: error.message, hint: error.details.hint, service: error.details.service }
}

function stateOf(error: SkeinError): StandingState {
  if (error.code === 'DATABASE-MISSING' || (error.code === 'VARIABLE-UNSET' && error.details.service !== undefined)) return 'no-database'
  return error.exit === 3 ? 'unreachable' : error.exit === 7 ? 'broken' : 'invalid'
}

/** How long migrations are looked for where no workspace is: milliseconds. */
const searchMs = 300

/** A home folder or a whole disk is not searched at all, and nothing is searched for long: what is found then is not all. */
function detected(folder: string, { now }: Ports): StandingService[] {
  if (folder === homedir() || folder === resolve('/')) return []
  const end = now() + searchMs
  return findServices(folder, () => now() > end).map(({ name, detection }) => ({
    name,
    tool: detection.kind === 'tool' ? detection.tool : 'unknown',
    migrations: 0,
    applied: null,
    pending: null,
    asleep: false,
  }))
}
