import { join } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Policies } from '../model/service.ts'
import { defaultEnvironments } from '../sources/overlays/environments.ts'
import { nearest } from '../util/nearest.ts'
import { isFolder } from './find.ts'
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
  const own = entry.environments
  const inService = own === undefined || Array.isArray(own) || environment === undefined ? undefined : at(own, environment)
  const inFile = environment === undefined ? undefined : at(config.environments ?? {}, environment)
  const layers: PolicyConfig[] = [inService ?? {}, inFile ?? {}, entry]
  const first = <Key extends keyof PolicyConfig>(key: Key) => layers.map((layer) => layer[key]).find((value) => value !== undefined)
  return { outOfOrder: first('out-of-order') ?? 'error', changed: first('changed') ?? 'error', ahead: first('ahead') ?? 'error' }
}

/** By own keys only: an environment may be called `constructor`. */
function at<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
