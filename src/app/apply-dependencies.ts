import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { Migration } from '../model/migration.ts'
import type { Need, Service } from '../model/service.ts'
import { matching } from '../plan/find-version.ts'
import { type Dependencies, dependenciesName } from '../sources/overlays/dependencies/names.ts'
import { defaultEnvironments } from '../sources/overlays/environments.ts'
import type { Source } from '../sources/source.ts'
import { openFolder } from '../util/folder.ts'
import { didYouMean } from '../util/nearest.ts'
import { matchServices } from '../workspace/select.ts'

/** A service with its files read. */
export interface ReadService {
  service: Service
  source: Source
  migrations: Migration[]
  findings: Finding[]
  /** What its dependencies.json says, where it has one. */
  dependencies?: Dependencies
}

/**
 * Puts what each service's dependencies.json says on its migrations, and turns needs of other services into edges for the planner. What is wrong is
 * a finding of the service: NEED-UNKNOWN (error) for a service or version that is not there. Services without such a file cost a look at
 * each folder, and the JSON parser is not loaded for them. Throws SOURCE-UNREADABLE.
 */
export async function applyDependencies(all: readonly ReadService[], root: string): Promise<void> {
  const concerned = all.filter((one) => foldersWithFile(one.service).length > 0)
  if (concerned.length === 0) return
  for (const one of concerned) await readInto(one, root)
  for (const one of concerned) addNeeds(one, all)
}

/** The same for one service, also when it has no file yet: all its migrations, of every environment. */
export async function dependenciesOf(one: ReadService, root: string): Promise<Dependencies> {
  const { readDependencies } = await import('../sources/overlays/dependencies/index.ts')
  const { service, source, migrations, findings } = one
  const folders = service.paths.map((path) => openFolder(path, root))
  const { name, environment, environments } = service
  return readDependencies(source, folders, { migrations, findings }, { service: name, environment, environments })
}

async function readInto(one: ReadService, root: string): Promise<void> {
  one.dependencies = await dependenciesOf(one, root)
  one.migrations = one.dependencies.migrations
  one.findings = one.dependencies.findings.map((finding) => ({ ...finding, service: one.service.name }))
}

function foldersWithFile(service: Service): string[] {
  const environments = service.environments ?? [...defaultEnvironments, ...(service.environment === undefined ? [] : [service.environment])]
  return service.paths
    .flatMap((path) => [path, ...environments.map((name) => join(path, name))])
    .filter((folder) => lstatSync(join(folder, dependenciesName), { throwIfNoEntry: false }) !== undefined)
}

function addNeeds(one: ReadService, all: readonly ReadService[]): void {
  const { service, dependencies } = one
  const needs = new Map<string, Need[]>()
  for (const { version, service: word, needed, place } of dependencies?.crossNeeds ?? []) {
    const found = resolve(one, all, word, needed)
    if ('message' in found) {
      const said: Finding = { rule: 'NEED-UNKNOWN', severity: 'error', ...found, service: service.name, version, place }
      one.findings.push(said)
    } else needs.set(version, [...(needs.get(version) ?? []), found])
  }
  for (const migration of one.migrations) {
    const own = needs.get(migration.version)
    if (own !== undefined) migration.needs = own
  }
}

function resolve(
  one: ReadService,
  all: readonly ReadService[],
  word: string,
  text: string | undefined,
): Need | Pick<Finding, 'message' | 'remedy'> {
  const { name } = one.service
  const services = all.map((other) => other.service)
  let matches: Service[]
  try {
    // A service of the same workspace file is meant before one of another.
    const near = services.find((other) => other.name === `${name.slice(0, name.lastIndexOf('/') + 1)}${word}`)
    matches = near === undefined ? (/[*?]/.test(word) ? [] : matchServices(services, word)) : [near]
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    return { message: `${name} needs ${word}: ${error.message}`, remedy: error.details.hint }
  }
  const other = all.find((candidate) => candidate.service === matches[0])
  if (other === undefined) {
    const known = services.flatMap((service) => [service.name, ...service.aliases])
    return {
      message: `${name} needs ${word}, and there is no such service${didYouMean(word, known)}`,
      remedy: 'skein deps lists the services',
    }
  }
  if (other === one)
    return {
      message: `${name} names itself in cross_service_dependencies`,
      remedy: 'migrations of the same service belong into depends_on',
    }
  const because = dependenciesName
  if (text === undefined) return { service: other.service.name, because }
  const version = other.source.parseVersion(text)
  const exact = other.migrations.find((migration) => migration.id === text || migration.version === version)
  const fits = exact === undefined ? matching(other.migrations, text) : [exact]
  const [first, second] = fits
  if (first !== undefined && second === undefined) return { service: other.service.name, version: first.version, because }
  const ids = other.migrations.map((migration) => migration.id)
  const which =
    second === undefined
      ? didYouMean(text, ids)
      : `: it could be ${fits
          .map((fit) => fit.id)
          .slice(0, 5)
          .join(', ')}`
  return {
    message: `${name} needs ${other.service.name}@${text}, and ${other.service.name} has no such version${which}`,
    remedy: `skein deps ${other.service.name} lists them`,
  }
}
