import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { SkeinError } from '../../model/errors.ts'
import type { RuntimeSpec } from '../runtime.ts'

/** The package of a service: where its program runs, and the TypeORM that it has. */
export interface ServicePackage {
  /** Absolute folder: the working directory of the child, to which TypeORM's globs are relative. */
  folder: string
  /** Whether its plain .js and .ts files are ES modules. */
  isModule: boolean
  /** Of TypeORM: `0.3.31`. */
  toolVersion: string
}

/**
 * `runtime: { cwd }`, else the nearest folder from the migrations upwards that has a package.json, not above the workspace's root. Throws
 * RUNTIME-MISSING when there is none, or no typeorm can be loaded from it; RUNTIME-INVALID when that is older than 0.3.
 */
export function findPackage({ service, folders, root, options }: RuntimeSpec): ServicePackage {
  const folder = options.cwd === undefined ? nearestPackage(folders[0] ?? root, root) : resolve(root, options.cwd)
  if (folder === undefined)
    throw new SkeinError('RUNTIME-MISSING', {
      message: `${service}: no package.json from ${show(root, folders[0] ?? root)} up to the workspace: TypeORM migrations run with the packages of their service`,
      hint: 'runtime: { cwd: <folder with the package.json> }',
      service,
    })
  const typeorm = installed('typeorm', folder)
  if (!typeorm) throw notInstalled(service, ['typeorm'], folder, root)
  const toolVersion = String(typeorm.version)
  if (/^0\.[012]\./.test(toolVersion))
    throw new SkeinError('RUNTIME-INVALID', {
      message: `${service}: TypeORM ${toolVersion} has no DataSource: 0.3 and newer can be run`,
      service,
    })
  return { folder, isModule: readPackage(folder)?.type === 'module', toolVersion }
}

/** The package.json of a package as Node finds it from a folder, or undefined. */
export function installed(name: string, from: string): Record<string, unknown> | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = readPackage(join(folder, 'node_modules', name))
    if (found || folder === dirname(folder)) return found
  }
}

/** RUNTIME-MISSING with the command that installs packages. */
export function notInstalled(service: string, names: readonly string[], folder: string, root: string, message?: string): SkeinError {
  return new SkeinError('RUNTIME-MISSING', {
    message: `${service}: ${message ?? `${names.join(', ')} is not installed in ${show(root, folder)}`}`,
    hint: installHint(names, folder, root),
    service,
    data: { packages: names, folder },
  })
}

/** The command that installs packages, from the workspace's root. */
export function installHint(names: readonly string[], folder: string, root: string): string {
  const where = show(root, folder)
  return `${where === '.' ? '' : `cd ${where} && `}npm install ${names.join(' ')}`
}

/** A path as people see it: relative to the workspace where it lies within. */
export function show(root: string, path: string): string {
  const inside = relative(root, path)
  return inside === '' ? '.' : inside.startsWith(`..${sep}`) || inside === '..' ? path : inside
}

function nearestPackage(from: string, root: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (readPackage(folder)) return folder
    if (folder === root || folder === dirname(folder)) return undefined
  }
}

function readPackage(folder: string): Record<string, unknown> | undefined {
  let text: string
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8')
  } catch {
    return undefined
  }
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {} // there, and wrong: Node will say so better
  }
}
