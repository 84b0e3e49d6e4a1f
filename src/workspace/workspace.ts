import { dirname, resolve } from 'node:path'
import { type Place, SkeinError } from '../model/errors.ts'
import type { Service } from '../model/service.ts'
import { relativeLabel } from '../util/folder.ts'
import { type ConfigNode, flatten, readTree } from './config-tree.ts'
import { type Detected, detectIn, detectServices, usualPlaces } from './detect-services.ts'
import { checkEnvironment, chosenEnvironment, namedEnvironments } from './environments.ts'
import { fileNames, findFile } from './find.ts'
import type { Environment } from './interpolate.ts'
import { type Problem, throwProblems } from './problems.ts'
import type { Config } from './schema.ts'
import { type Said, saidOf } from './said.ts'
import { servicesOf, tiersOf } from './services.ts'

/** The folder with skein.yaml (or in which services were detected) and all services in it. */
export interface Workspace {
  /** Absolute. */
  root: string
  /** Absolute path of the workspace file; undefined when the services were detected. */
  file?: string
  /** In the order of the files. Never empty. */
  services: Service[]
  /** Tiers in order, one list for each file that has some, in the names of `Service.tier`. */
  tiers: string[][]
  /** The environment in force. */
  environment?: string
  /** All that are known: configured ones, and folders. */
  environments: string[]
  /** What a person should know: how services were found without a file. */
  notes: string[]
  /** What the files say of each service, by its name, with places. */
  said: ReadonlyMap<string, Said>
}

export interface WorkspaceQuestion {
  /** Absolute folder that the search starts in. */
  cwd: string
  /** The workspace file or its folder, when it was named; else it is looked for upwards. */
  file?: string
  env: Environment
  /** The environment asked for; else SKEIN_ENV of `env`. */
  environment?: string
}

/**
 * Finds, reads and checks the workspace. Without a file, services are detected: in MIGRATION_DIR of `env`, or in the usual places. Opens no database and reads no SQL. Everything that is wrong is thrown as one error with places (see problems.ts);
 * WORKSPACE-MISSING when there is neither a file nor a service to detect, USAGE for an environment that nobody knows.
 * Variables in `database` are left as they are: {@link ./database.ts databaseOf} fills them in for the services that are used.
 */
export async function loadWorkspace({ cwd, file, env, environment }: WorkspaceQuestion): Promise<Workspace> {
  const chosen = chosenEnvironment(environment, env.SKEIN_ENV)
  const problems: Problem[] = []
  const path = findFile(cwd, file)
  const found = path === undefined ? withoutFile(cwd, env.MIGRATION_DIR) : await withFile(path, env, problems)
  const services = found.tree === undefined ? [] : servicesOf(found.tree, found.root, chosen?.name, problems)
  throwProblems(problems)
  const environments = known(found.tree, services)
  checkEnvironment(chosen, environments)
  return {
    root: found.root,
    file: path,
    services,
    tiers: found.tree === undefined ? [] : tiersOf(found.tree),
    environment: chosen?.name,
    environments,
    said: new Map(
      (found.tree === undefined ? [] : flatten(found.tree)).flatMap((node) =>
        Object.keys(node.file.config.services ?? {}).map((short) => [`${node.prefix}${short}`, saidOf(node, short, chosen?.name)] as const),
      ),
    ),
    notes: path === undefined ? services.map((service) => detectedNote(service, found.root)) : [],
  }
}

interface Found {
  root: string
  tree?: ConfigNode
}

async function withFile(path: string, env: Environment, problems: Problem[]): Promise<Found> {
  const root = dirname(path)
  const tree = await readTree(path, root, env, problems)
  // A file that names no services is one whose services are where they usually are.
  if (tree !== undefined && tree.file.config.services === undefined && tree.children.length === 0 && problems.length === 0) {
    const detected = detectServices(root)
    if (detected !== undefined && detected.root === root) tree.file.config.services = entries(detected)
  }
  if (
    tree !== undefined &&
    problems.length === 0 &&
    flatten(tree).every((node) => Object.keys(node.file.config.services ?? {}).length === 0)
  )
    problems.push({
      code: 'CONFIG-INVALID',
      message: `${tree.file.label} names no services, and no migrations were found beside it (looked in ${usualPlaces.join(', ')})`,
      hint: 'name them under services:',
      place: { file: tree.file.label, line: 1, column: 1 },
    })
  return { root, tree }
}

function withoutFile(cwd: string, named: string | undefined): Found {
  const detected = named === undefined || named === '' ? detectServices(cwd) : detectIn(cwd, named)
  if (detected === undefined)
    throw new SkeinError('WORKSPACE-MISSING', {
      message: `there is no ${fileNames.join(' or ')} in ${resolve(cwd)} or above it, and no migrations in ${usualPlaces.join(', ')}`,
      hint: 'go to the folder of your services, or write a workspace file with `skein init`',
      place: { file: resolve(cwd) },
    })
  const config: Config = { services: entries(detected) }
  const placeOf = (path: readonly PropertyKey[]): Place => {
    const service = detected.services.find((one) => one.name === path[1])
    return { file: service === undefined ? '.' : relativeLabel(service.path, detected.root) }
  }
  return {
    root: detected.root,
    tree: {
      file: { path: detected.root, folder: detected.root, label: '.', config, placeOf },
      prefix: '',
      children: [],
      values: new Map(detected.services.map(({ name, value }) => [name, value])),
    },
  }
}

function entries(detected: Detected): Config['services'] {
  return Object.fromEntries(detected.services.map(({ name, path }) => [name, { path }]))
}

function known(tree: ConfigNode | undefined, services: readonly Service[]): string[] {
  const named =
    tree === undefined
      ? []
      : flatten(tree).flatMap((node) => [
          ...Object.keys(node.file.config.environments ?? {}),
          ...Object.values(node.file.config.services ?? {}).flatMap((entry) => namedEnvironments(node.file.config, entry ?? {})),
        ])
  return [...new Set([...named, ...services.flatMap((service) => service.environments ?? [])])].sort()
}

function detectedNote(service: Service, root: string): string {
  const rows = service.history.service === undefined ? '' : `, in its table as ${service.history.service}`
  return `no skein.yaml: ${service.paths.map((path) => relativeLabel(path, root)).join(', ')} is taken as ${service.name} (${service.tool}${rows})`
}
