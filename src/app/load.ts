import { SkeinError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { Migration } from '../model/migration.ts'
import type { Ports } from '../model/ports.ts'
import type { Service } from '../model/service.ts'
import { sources } from '../sources/index.ts'
import { mergeEnvironments } from '../sources/overlays/environments.ts'
import type { Source } from '../sources/source.ts'
import { openFolder } from '../util/folder.ts'
import { adhocWorkspace } from '../workspace/adhoc.ts'
import { selectServices } from '../workspace/select.ts'
import { loadWorkspace, type Workspace } from '../workspace/workspace.ts'
import type { Request } from './request.ts'

/** A service with its files read: names only, no SQL bodies yet. */
export interface LoadedService {
  service: Service
  source: Source
  migrations: Migration[]
  findings: Finding[]
}

export interface Loaded {
  workspace: Workspace
  /** All services: planning needs the neighbours too. */
  all: LoadedService[]
  /** Names of those that were asked for. */
  selected: Set<string>
}

/** Stage one, "read": the workspace and every service's file names. Throws what the workspace and its files deserve; opens no database. */
export async function load(request: Request, ports: Ports): Promise<Loaded> {
  const workspace =
    request.adhoc === undefined
      ? await loadWorkspace({ cwd: ports.cwd, file: request.file, env: ports.env, environment: request.environment })
      : adhocWorkspace(request.adhoc, ports.cwd)
  const selected = new Set(selectServices(workspace.services, request.services).map((service) => service.name))
  return { workspace, all: workspace.services.map((service) => readService(service, workspace)), selected }
}

function readService(service: Service, workspace: Workspace): LoadedService {
  const source = sources.get(service.source)
  if (source === undefined)
    throw new SkeinError('TOOL-UNKNOWN', { message: `${service.name}: there is no source ${service.source}`, service: service.name })
  const folders = service.paths.map((path) => openFolder(path, workspace.root))
  const reading = mergeEnvironments(source, folders, source.read(folders), {
    environment: service.environment,
    environments: service.environments,
  })
  return {
    service,
    source,
    migrations: reading.migrations,
    findings: reading.findings.map((finding) => ({ ...finding, service: service.name })),
  }
}

/** Refuses files that cannot be run at all: every finding of severity `error` of the selected services, together. Throws SOURCE-INVALID. */
export function refuseBrokenSources(loaded: Loaded): void {
  const broken = loaded.all
    .filter((one) => loaded.selected.has(one.service.name))
    .flatMap((one) => one.findings.filter((finding) => finding.severity === 'error'))
  const first = broken[0]
  if (first === undefined) return
  const lines = broken.map((finding) => `${finding.place === undefined ? '' : `${finding.place.file}: `}${finding.message}`)
  throw new SkeinError('SOURCE-INVALID', {
    message: lines.length === 1 ? (lines[0] as string) : `${lines.length} problems with migration files:\n  ${lines.join('\n  ')}`,
    hint: first.remedy ?? 'see all of it with `skein validate`',
    service: first.service,
    place: first.place,
    data: { findings: broken },
  })
}
