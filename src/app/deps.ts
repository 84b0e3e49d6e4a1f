import type { Finding } from '../model/finding.ts'
import type { Migration, Risk } from '../model/migration.ts'
import type { Ports } from '../model/ports.ts'
import { allNeeds } from '../plan/fleet.ts'
import { serviceOrder } from '../plan/service-order.ts'
import { SkeinError } from '../model/errors.ts'
import { declared } from './declared.ts'
import { orderFindings } from './file-graph.ts'
import { load, type Loaded, type LoadedService } from './load.ts'
import type { Request } from './request.ts'
import { tiersOf } from './survey.ts'

/** A need as it stands in the order: all of a service, or up to one of its migrations. */
export interface DepsNeed {
  service: string
  version: string | null
  /** How people call that version. */
  id: string | null
  /** `needs`, `dependencies.json`, or the tiers that imply it (`core < services`). */
  because: string
}

export interface DepsMigration {
  version: string
  name: string
  id: string
  environment: string | null
  /** A dependencies.json speaks of it. */
  documented: boolean
  description: string | null
  /** Ids of the same service; null where nobody says: then it stands on the one before it. */
  dependsOn: string[] | null
  needs: DepsNeed[]
  affectsTables: string[]
  /** Milliseconds. */
  estimatedMs: number | null
  risk: Risk | null
  /** Null where nobody says. */
  rollbackSafe: boolean | null
}

export interface DepsService {
  name: string
  tool: string
  tier: string | null
  needs: DepsNeed[]
  /** Its dependencies.json files, with `global_config` as it stands there. */
  files: { file: string; globalConfig: unknown }[]
  /** In the tool's order; those of the environment in force. */
  migrations: DepsMigration[]
}

export interface DepsResult {
  environment: string | null
  /** Every tier, lowest first. */
  tiers: string[]
  /** The selected services in the order in which they can run. */
  services: DepsService[]
  findings: Finding[]
  /** 2 with an error among the findings of files, 5 where only needs are wrong, else 0. */
  exit: number
}

/** What stands on what: services by needs and tiers, migrations by dependencies.json and the order of their tool. Opens no database, reads no SQL. */
export async function deps(request: Request, ports: Ports): Promise<DepsResult> {
  const loaded = await load(request, ports)
  const selected = loaded.all.filter((one) => loaded.selected.has(one.service.name))
  const findings = [...selected.flatMap((one) => one.findings.filter(isOurs)), ...orderFindings(loaded)]
  const needs = needsByService(loaded)
  const order = needs === undefined ? loaded.all.map((one) => one.service.name) : serviceOrder(loaded.all.map(declared), tiersOf(loaded))
  const errors = findings.filter((finding) => finding.severity === 'error')
  return {
    environment: loaded.workspace.environment ?? null,
    tiers: loaded.workspace.tiers.flat(),
    services: selected
      .toSorted((a, b) => order.indexOf(a.service.name) - order.indexOf(b.service.name))
      .map((one) => serviceOf(one, loaded, needs?.get(one.service.name) ?? one.service.needs)),
    findings,
    exit: errors.length === 0 ? 0 : errors.every((finding) => finding.rule.startsWith('NEED-')) ? 5 : 2,
  }
}

/** What is wrong in names and folders is for `validate`; here is what bends or breaks the order. */
function isOurs({ rule, severity }: Finding): boolean {
  return rule.startsWith('DEPENDENCIES-') || rule.startsWith('NEED-') || severity === 'error'
}

/** Undefined where needs or tiers are broken: that is a finding then. */
function needsByService(loaded: Loaded): ReturnType<typeof allNeeds> | undefined {
  try {
    return allNeeds(
      loaded.all.map((one) => one.service),
      tiersOf(loaded),
    )
  } catch (error) {
    if (error instanceof SkeinError) return undefined
    throw error
  }
}

function serviceOf(one: LoadedService, loaded: Loaded, needs: readonly NonNullable<Migration['needs']>[number][]): DepsService {
  const { service, dependencies, migrations } = one
  const idOf = (name: string, version: string) =>
    loaded.all.find((other) => other.service.name === name)?.migrations.find((migration) => migration.version === version)?.id
  const need = (edge: (typeof needs)[number]): DepsNeed => ({
    service: edge.service,
    version: edge.version ?? null,
    id: edge.version === undefined ? null : (idOf(edge.service, edge.version) ?? edge.version),
    because: edge.because,
  })
  // What a service says itself is told before what its tier says of it.
  const said = new Set(service.needs.map((edge) => edge.service))
  return {
    name: service.name,
    tool: service.tool,
    tier: service.tier ?? null,
    needs: needs.filter((edge) => service.needs.includes(edge) || !said.has(edge.service)).map(need),
    files: dependencies?.files.map(({ file, globalConfig }) => ({ file, globalConfig: globalConfig ?? null })) ?? [],
    migrations: migrations.map((migration) => ({
      version: migration.version,
      name: migration.name,
      id: migration.id,
      environment: migration.environment ?? null,
      documented: migration.meta !== undefined,
      description: migration.meta?.description ?? null,
      dependsOn: standsOn(migration, one),
      needs: (migration.needs ?? []).map(need),
      affectsTables: [...(migration.meta?.affectsTables ?? [])],
      estimatedMs: migration.meta?.estimatedMs ?? null,
      risk: migration.meta?.risk ?? null,
      rollbackSafe: migration.meta?.rollbackSafe ?? null,
    })),
  }
}

/** By its file, else by its tool where that keeps a graph (Alembic). */
function standsOn(migration: Migration, { dependencies, migrations }: LoadedService): string[] | null {
  const said = migration.meta?.dependsOn === undefined ? undefined : dependencies?.dependsOn.get(migration.version)
  if (said !== undefined) return [...said]
  return migration.parents?.map((version) => migrations.find((one) => one.version === version)?.id ?? version) ?? null
}
