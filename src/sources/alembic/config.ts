import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { relativeLabel } from '../../util/folder.ts'
import type { SourceOptions } from '../source.ts'
import { iniSection, interpolated } from './ini.ts'

/** What alembic.ini or pyproject.toml says of a script folder; it is never written. */
export interface AlembicConfig {
  /** Absolute path of the file. */
  file: string
  /** The same relative to the workspace, for messages. */
  label: string
  /** Absolute folders; undefined: `versions` in the script folder. */
  versionLocations?: readonly string[]
  recursive: boolean
  /** Compiled files count as well, which are not read here. */
  sourceless: boolean
  /** Keys whose value cannot be followed: a folder named by a Python package. */
  unread: readonly string[]
}

interface Values {
  file: string
  here: string
  get: (key: string) => string | readonly string[] | boolean | undefined
}

/**
 * The configuration of a script folder: the one that `runtime:` names, else the first alembic.ini or pyproject.toml from the folder upwards to the root
 * whose script_location is this folder. Relative folders in it are taken from `runtime.cwd`, else from where the file is, which is where Alembic is
 * started. Undefined without one: the configuration may exist in Python only. Reads side files; a broken one counts as none.
 */
export function findConfig(scriptFolder: string, { runtime, root }: SourceOptions): AlembicConfig | undefined {
  const section = runtime?.['section'] ?? 'alembic'
  const named = runtime?.['config']
  const cwd = runtime?.['cwd']
  const up = upwards(scriptFolder, root)
  const base = cwd === undefined ? undefined : firstThere([root, dirname(scriptFolder)].map((folder) => resolve(folder, cwd)))
  if (named !== undefined) {
    const path = firstThere([...up, root].map((folder) => resolve(folder, named)))
    // A folder may be named for the file in it.
    const file = path === undefined || basename(path).includes('.') ? path : join(path, 'alembic.ini')
    const values = file === undefined ? undefined : readValues(file, section)
    return values === undefined ? undefined : configOf(values, base ?? values.here, root)
  }
  for (const folder of up) {
    for (const name of ['alembic.ini', 'pyproject.toml']) {
      const file = join(folder, name)
      const values = existsSync(file) ? readValues(file, section) : undefined
      if (values !== undefined && leadsTo(values, base ?? values.here, scriptFolder)) return configOf(values, base ?? values.here, root)
    }
  }
  return undefined
}

/** The folder and those above it, up to the root; the folder alone where it is not below the root. */
function upwards(folder: string, root: string): string[] {
  const isOutside = relative(root, folder).split(sep)[0] === '..'
  return isOutside || folder === root || dirname(folder) === folder ? [folder] : [folder, ...upwards(dirname(folder), root)]
}

function firstThere(paths: readonly string[]): string | undefined {
  return paths.find((path) => existsSync(path))
}

function readValues(file: string, section: string): Values | undefined {
  try {
    const here = dirname(file)
    const text = readFileSync(file, 'utf8')
    if (!file.endsWith('.toml')) {
      const get = iniSection(text, section, here)
      return get === undefined ? undefined : { file, here, get }
    }
    const table = (parseToml(text)['tool'] as Record<string, unknown> | undefined)?.['alembic'] as Record<string, unknown> | undefined
    return table === undefined ? undefined : { file, here, get: (key) => tomlValue(table[key], here) }
  } catch {
    // Of a pyproject.toml that does not parse its own tools complain.
    return undefined
  }
}

function tomlValue(value: unknown, here: string): string | readonly string[] | boolean | undefined {
  const names = new Map([['here', here]])
  if (typeof value === 'string') return interpolated(value, names)
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string').map((one) => interpolated(one, names))
  return typeof value === 'boolean' ? value : undefined
}

function leadsTo({ get }: Values, base: string, scriptFolder: string): boolean {
  const location = get('script_location')
  if (typeof location !== 'string' || location === '') return false
  // Where a package lies only Python knows; its folder's name has to do.
  if (isPackage(location))
    return scriptFolder
      .split(sep)
      .join('/')
      .endsWith(`/${location.slice(location.lastIndexOf(':') + 1)}`)
  return real(resolve(base, location)) === real(scriptFolder)
}

function configOf(values: Values, base: string, root: string): AlembicConfig {
  const written = locationsOf(values)
  const unread = written.some(isPackage) ? ['version_locations'] : []
  const versionLocations = written.filter((one) => !isPackage(one)).map((one) => resolve(base, one))
  return {
    file: values.file,
    label: relativeLabel(values.file, root),
    ...(written.length > 0 && { versionLocations }),
    recursive: isTrue(values.get('recursive_version_locations')),
    sourceless: isTrue(values.get('sourceless')),
    unread,
  }
}

/** Alembic 1.16.5 config.py, get_version_locations_list: split by path_separator, or, where none is set, on blanks and commas. */
function locationsOf({ get }: Values): readonly string[] {
  const written = get('version_locations')
  if (written === undefined || typeof written === 'boolean' || written === '') return []
  if (typeof written !== 'string') return written
  const name = get('path_separator') ?? get('version_path_separator')
  const separators: Readonly<Record<string, string>> = { space: ' ', newline: '\n', os: delimiter, ':': ':', ';': ';' }
  const separator = typeof name === 'string' ? separators[name] : undefined
  const parts = separator === undefined ? written.split(/, *| +/) : written.split(separator).map((part) => part.trim())
  return parts.filter((part) => part !== '')
}

/** `package:folder` is a folder inside an installed Python package; a drive letter of Windows is not. */
function isPackage(location: string): boolean {
  return !isAbsolute(location) && location.includes(':')
}

/** As Alembic takes it: exactly "true" in an ini. */
function isTrue(value: string | readonly string[] | boolean | undefined): boolean {
  return value === true || value === 'true'
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
