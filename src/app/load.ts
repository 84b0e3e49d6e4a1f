import { SkeinError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { Migration } from '../model/migration.ts'
import type { Ports } from '../model/ports.ts'
import type { Service } from '../model/service.ts'
import { sources } from '../sources/index.ts'
import { settleCode } from './code-facts.ts'
import { mergeEnvironments } from '../sources/overlays/environments.ts'
import type { Source } from '../sources/source.ts'
import { openFolder } from '../util/folder.ts'
import { adhocWorkspace } from '../workspace/adhoc.ts'
import { selectServices } from '../workspace/select.ts'
import { loadWorkspace, type Workspace } from '../workspace/workspace.ts'
import type { Request } from './request.ts'
import { runtimeSpec } from './runtime-spec.ts'

/** A service with its files read: names only, no SQL bodies yet. */
export interface LoadedService {
  service: Service
  source: Source
  migrations: Migration[]
  findings: Finding[]
  /** Where and with what its migrations run, where they are code. */
  code?: ReturnType<typeof runtimeSpec>
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
  const all: LoadedService[] = []
  for (const service of workspace.services) all.push(await readService(service, workspace, request, ports))
  return { workspace, all, selected }
}

async function readService(configured: Service, workspace: Workspace, request: Request, ports: Ports): Promise<LoadedService> {
  let service = configured
  const source = sources.get(service.source)
  if (source === undefined)
    throw new SkeinError('TOOL-UNKNOWN', { message: `${service.name}: there is no source ${service.source}`, service: service.name })
  const folders = service.paths.map((path) => openFolder(path, workspace.root))
  await source.ready?.()
  let reading = mergeEnvironments(source, folders, source.read(folders, { runtime: service.runtime, root: workspace.root }), {
    environment: service.environment,
    environments: service.environments,
  })
  if (reading.settings !== undefined) ({ service, reading } = await settleCode(service, reading, workspace, request, ports))
  return {
    service,
    source,
    migrations: reading.migrations,
    ...(reading.settings === undefined ? {} : { code: runtimeSpec(service, workspace.root, ports, undefined) }),
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
