import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { RuntimeSpec } from '../runtime.ts'

/** What the child is told: where everything is. Absolute paths. */
export interface ChildSettings {
  /** The folder with env.py and versions/. */
  folder: string
  root: string
  /** `runtime.config`: taken, and has to be about `folder`. */
  config?: string
  /** Else: configuration files, nearest first; the first that is about `folder` is taken. */
  configs: readonly string[]
  section?: string
  /** `runtime.cwd`; without it the folder of the configuration file, else the one above `folder`. */
  cwd?: string
  /** What env.py finds in get_x_argument(), and get_tag_argument(). */
  x?: readonly string[]
  tag?: string
}

/** Finds the script folder and the configuration files that may be its own. Reads no more than pyproject.toml; throws nothing. */
export function findSettings(spec: RuntimeSpec): ChildSettings {
  const { config, section, cwd, x, tag } = spec.options
  const folder = scriptFolder(spec.folders)
  const up = foldersUp(folder, spec.root)
  return {
    folder,
    root: spec.root,
    ...(config === undefined ? {} : { config: configFile(resolveFrom(config, [...up, spec.root])) }),
    configs: up.flatMap(configsIn),
    ...(section === undefined ? {} : { section }),
    ...(cwd === undefined ? {} : { cwd: resolveFrom(cwd, [spec.root, dirname(folder)]) }),
    ...(x === undefined ? {} : { x: JSON.parse(x) as string[] }),
    ...(tag === undefined ? {} : { tag }),
  }
}

/** A folder and those above it, up to the root; the folder alone where it is not below the root. */
export function foldersUp(folder: string, root: string): string[] {
  const outside = relative(root, folder).split(/[\\/]/)[0] === '..'
  if (outside || folder === root || dirname(folder) === folder) return [folder]
  return [folder, ...foldersUp(dirname(folder), root)]
}

/** `path:` names the folder with env.py, or its versions/, or several of those. */
function scriptFolder(folders: readonly string[]): string {
  const all = [...folders, ...folders.map((each) => dirname(each))]
  return all.find((each) => existsSync(join(each, 'env.py'))) ?? folders[0] ?? ''
}

function configsIn(folder: string): string[] {
  const toml = join(folder, 'pyproject.toml')
  const configured = existsSync(toml) && /^\s*\[tool\.alembic\]/m.test(readFileSync(toml, 'utf8'))
  const ini = join(folder, 'alembic.ini')
  return [...(existsSync(ini) ? [ini] : []), ...(configured ? [toml] : [])]
}

function configFile(path: string): string {
  return basename(path).includes('.') ? path : join(path, 'alembic.ini')
}

function resolveFrom(path: string, folders: readonly string[]): string {
  const all = folders.map((each) => resolve(each, path))
  return all.find((each) => existsSync(each)) ?? all.at(-1) ?? path
}
