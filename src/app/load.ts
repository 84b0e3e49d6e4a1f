import { SkeinError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { Migration } from '../model/migration.ts'
import type { Ports } from '../model/ports.ts'
import type { Service } from '../model/service.ts'
import { sources } from '../sources/index.ts'
import type { Dependencies } from '../sources/overlays/dependencies/names.ts'
import { applyDependencies } from './apply-dependencies.ts'
import { settleCode } from './code-facts.ts'
import { checkEnvironmentsFile } from '../sources/overlays/environments-file/index.ts'
import { mergeEnvironments } from '../sources/overlays/environments.ts'
import type { CodeSettings, Source } from '../sources/source.ts'
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
  /** What its dependencies.json says, where it has one. */
  dependencies?: Dependencies
  /** Where and with what its migrations run, where they are code. */
  code?: ReturnType<typeof runtimeSpec>
  /** What the program around them says. */
  settings?: CodeSettings
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
  // Other tools' command lines know nothing of such files.
  if (request.adhoc === undefined) await applyDependencies(all, workspace.root)
  if (request.adhoc?.inTransactions === false) for (const one of all) one.migrations = one.migrations.map(eachStatement)
  return { workspace, all, selected }
}

/** A program that asked for no transactions: every statement is committed by itself, and journalled, so that a failure can be gone on from. */
function eachStatement(migration: Migration): Migration {
  return { ...migration, sending: 'each', downSending: 'each' }
}

async function readService(configured: Service, workspace: Workspace, request: Request, ports: Ports): Promise<LoadedService> {
  let service = request.runtime === undefined ? configured : { ...configured, runtime: { ...configured.runtime, ...request.runtime } }
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
  const mode = request.runtime?.['transaction']
  if (reading.settings !== undefined && (mode === 'all' || mode === 'each' || mode === 'none'))
    reading = { ...reading, settings: { ...reading.settings, transaction: mode } }
  // Other tools' command lines know nothing of such a file.
  if (request.adhoc === undefined)
    reading = checkEnvironmentsFile(source, folders, reading, {
      environment: service.environment,
      environments: service.environments,
      named: workspace.environments,
    })
  return {
    service,
    source: reading.compare === undefined ? source : { ...source, compare: reading.compare },
    migrations: reading.migrations,
    ...(reading.settings === undefined ? {} : { settings: reading.settings, code: runtimeSpec(service, workspace.root, ports, undefined) }),
    findings: reading.findings.map((finding) => ({ ...finding, service: service.name })),
  }
}

/** Refuses files that cannot be run at all: every finding of severity `error` of the selected services, together. Throws SOURCE-INVALID, NEED-UNKNOWN. */
export function refuseBrokenSources(loaded: Loaded): void {
  refuseFindings(loaded, () => true)
}

/** The same for the findings that are asked for. Throws SOURCE-INVALID. */
export function refuseFindings(loaded: Loaded, isMeant: (finding: Finding) => boolean): void {
  const broken = loaded.all
    .filter((one) => loaded.selected.has(one.service.name))
    .flatMap((one) => one.findings.filter((finding) => finding.severity === 'error' && isMeant(finding)))
  const first = broken[0]
  if (first === undefined) return
  const several = broken.length > 1
  const lines = broken.map(({ place, message }) => {
    const at = several && place?.line !== undefined ? `${place.file}:${place.line}:${place.column}` : place?.file
    return at === undefined ? message : `${at}: ${message}`
  })
  // A need that leads nowhere is the same mistake wherever it is written.
  throw new SkeinError(broken.every((finding) => finding.rule === 'NEED-UNKNOWN') ? 'NEED-UNKNOWN' : 'SOURCE-INVALID', {
    message: lines.length === 1 ? (lines[0] as string) : `${lines.length} problems with migration files:\n  ${lines.join('\n  ')}`,
    hint: first.remedy ?? 'see all of it with `skein validate`',
    service: first.service,
    place: first.place,
    data: { findings: broken },
  })
}
