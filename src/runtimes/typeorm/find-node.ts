import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SkeinError } from '../../model/errors.ts'
import type { RuntimeSpec } from '../runtime.ts'

/**
 * The Node that runs a service's own code: `runtime: { node }`, else the one that runs us; the one-file program has none in it and takes that of the
 * PATH. Bun, which is what it has, cannot take its place: it does not find a service's packages from in there. Throws RUNTIME-MISSING.
 */
export function findNode(
  { options, env, service }: Pick<RuntimeSpec, 'options' | 'env' | 'service'>,
  bun = process.versions['bun'],
): string {
  if (options.node !== undefined) return options.node
  if (bun === undefined) return process.execPath
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const found = folders.map((folder) => join(folder, 'node')).find(canBeRun)
  if (found !== undefined) return found
  throw new SkeinError('RUNTIME-MISSING', {
    message: `${service}: its migrations are code for Node, and there is no node on the PATH`,
    hint: `install Node, or say where it is: services: { ${service}: { runtime: { node: /path/to/node } } }`,
    service,
  })
}

function canBeRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
