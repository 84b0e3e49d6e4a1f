import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Policies, Restrictions } from '../model/service.ts'
import type { EnvironmentEntry } from '../sources/overlays/environments-file/read-entry.ts'
import { environmentsName, readEnvironmentsFiles } from '../sources/overlays/environments-file/read-file.ts'
import { defaultEnvironments } from '../sources/overlays/environments.ts'
import { openFolder } from '../util/folder.ts'
import { nearest } from '../util/nearest.ts'
import { isFolder } from './find.ts'
import type { ConfigNode } from './config-tree.ts'
import type { Config, PolicyConfig, ServiceEntry } from './schema.ts'

/** The environment in force: what was asked for, else SKEIN_ENV, else none. */
export function chosenEnvironment(asked: string | undefined, variable: string | undefined): { name: string; by: string } | undefined {
  if (asked !== undefined) return { name: asked, by: '--env' }
  return variable === undefined || variable === '' ? undefined : { name: variable, by: 'SKEIN_ENV' }
}

/** Throws USAGE when the chosen environment is neither configured nor a folder of any service: a slip there would run the wrong files, or leave some out. */
export function checkEnvironment(chosen: { name: string; by: string } | undefined, known: readonly string[]): void {
  if (chosen === undefined || known.includes(chosen.name)) return
  const guess = nearest(chosen.name, known)
  throw new SkeinError('USAGE', {
    message: `there is no environment ${chosen.name} (from ${chosen.by})${guess === undefined ? '' : `; did you mean ${guess}?`}`,
    hint:
      known.length === 0
        ? `no environment is known here: add it under environments: in skein.yaml, or leave ${chosen.by} out`
        : `known: ${known.join(', ')}; add others under environments: in skein.yaml`,
    data: { known },
  })
}

/** Environments that a file and one of its services name. */
export function namedEnvironments(config: Config, entry: ServiceEntry): string[] {
  const own = entry.environments ?? []
  return [...Object.keys(config.environments ?? {}), ...(Array.isArray(own) ? own : Object.keys(own))]
}

/** Names of the sub-folders of `paths` that hold migrations of one environment: those that are named, and the default ones, as far as they exist. */
export function environmentFolders(paths: readonly string[], named: readonly string[]): string[] {
  const names = new Set([...named, ...defaultEnvironments])
  return [...names].filter((name) => paths.some((path) => isFolder(join(path, name))))
}

/** The policies in force, key by key: the service's own for this environment, else the file's for it, else the service's, else to refuse. */
export function policiesOf(config: Config, entry: ServiceEntry, environment: string | undefined): Policies {
  const layers = policyLayers(config, entry, environment)
  const first = <Key extends keyof PolicyConfig>(key: Key) => layers.map((layer) => layer[key]).find((value) => value !== undefined)
  return { outOfOrder: first('out-of-order') ?? 'error', changed: first('changed') ?? 'error', ahead: first('ahead') ?? 'error' }
}

/** Where policies of a service are said, the one that holds first, each with its path in the file. */
export function layersOf(config: Config, short: string, environment: string | undefined): { path: string[]; values: PolicyConfig }[] {
  const service = ['services', short]
  const paths = [[...service, 'environments', environment ?? ''], ['environments', environment ?? ''], service]
  return policyLayers(config, config.services?.[short] ?? {}, environment).map((values, index) => ({
    path: paths[index] ?? service,
    values,
  }))
}

function policyLayers(config: Config, entry: ServiceEntry, environment: string | undefined): PolicyConfig[] {
  const own = entry.environments
  const inService = own === undefined || Array.isArray(own) || environment === undefined ? undefined : at(own, environment)
  const inFile = environment === undefined ? undefined : at(config.environments ?? {}, environment)
  return [inService ?? {}, inFile ?? {}, entry]
}

/** What environments.json beside the files of a service says, as far as it can be used; what is wrong in it is found when the files are read. Throws SOURCE-UNREADABLE. */
export function environmentEntries(paths: readonly string[], root: string): EnvironmentEntry[] {
  const folders = paths.filter((path) => existsSync(join(path, environmentsName))).map((path) => openFolder(path, root))
  return readEnvironmentsFiles(folders).entries
}

/** The usual environments that environments.json speaks of: they need no folder, since git keeps no empty ones. */
export function environmentsSpokenOf(paths: readonly string[], root: string): string[] {
  const names = environmentEntries(paths, root).map((entry) => entry.name)
  return defaultEnvironments.filter((name) => names.includes(name))
}

/**
 * What the environment in force forbids: the service's file, those that include it, and environments.json together, the strictest holds. Undefined when
 * they forbid nothing.
 */
export function restrictionsOf(
  { file, outer = [] }: Pick<ConfigNode, 'file' | 'outer'>,
  paths: readonly string[],
  root: string,
  environment: string | undefined,
): Restrictions | undefined {
  if (environment === undefined) return undefined
  const allowOf = (one: ConfigNode['file']) => at(one.config.environments ?? {}, environment)?.allow
  const path = ['environments', environment, 'allow', 'destructive']
  const entries = environmentEntries(paths, root).filter((entry) => entry.name === environment)
  const forbidding = [file, ...outer].filter((one) => allowOf(one)?.destructive === false)
  const [first] = forbidding
  const destructive =
    first === undefined
      ? entries.find((entry) => entry.noDestruction !== undefined)?.noDestruction
      : { key: path.join('.'), place: first.placeOf(path) }
  // Each that forbids has to let code pass.
  const code = (first === undefined ? [file] : forbidding).every((one) => allowOf(one)?.code === true)
  const reset = entries.find((entry) => entry.noReset !== undefined)?.noReset
  return destructive === undefined && reset === undefined ? undefined : { destructive, reset, code }
}

/** By own keys only: an environment may be called `constructor`. */
function at<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
