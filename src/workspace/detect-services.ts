import { basename, dirname, join, resolve } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import { type Folder, openFolder } from '../util/folder.ts'
import { detectTool } from './detect.ts'
import { isFolder } from './find.ts'
import { distinctName, nameFrom, tellingPart } from './names.ts'

/** Services that were found without a workspace file. */
export interface Detected {
  /** The folder that takes the place of a workspace file's. */
  root: string
  /** `value`: what the service column of a shared table says: the name before it was made to fit. */
  services: { name: string; path: string; value: string }[]
}

/** Where migrations lie when nobody says where: each is looked at in itself, then in its sub-folders, one service each. */
const usual = ['migrations', 'db/migrations', 'database/migrations', 'src/database/migrations', 'sql/migrations', 'db/migrate']

/**
 * The services of a folder without a workspace file: in one of the usual places below it, or in the folder itself.
 * Undefined when there is none. Throws CONFIG-INVALID when two of the places have some: which one is meant would be a guess. Throws SOURCE-UNREADABLE.
 */
export function detectServices(cwd: string): Detected | undefined {
  const root = resolve(cwd)
  const found = usual
    .filter((place) => isFolder(join(root, place)))
    .map((place) => ({ place, services: servicesIn(openFolder(join(root, place), root), root) }))
    .filter((one) => one.services.length > 0)
  const [first] = found
  if (found.length > 1)
    throw new SkeinError('CONFIG-INVALID', {
      message: `there are migrations in ${found.map((one) => one.place).join(' and in ')}, and no skein.yaml says which are meant`,
      hint: 'write one with `skein init`',
      place: { file: first?.place ?? '.' },
    })
  if (first !== undefined) return { root, services: first.services }

  // Inside a folder called migrations, what is around it is the workspace: the same one as from there.
  const inside = tellingPart(basename(root)) === undefined
  const around = inside ? dirname(root) : root
  const own = inside ? servicesIn(openFolder(root, around), around) : inAnyFolder(root)
  return own.length === 0 ? undefined : { root: around, services: own }
}

/**
 * The services of one folder that was named (MIGRATION_DIR): it, or its sub-folders, one service each. Paths are told from `cwd` where it lies below.
 * Throws WORKSPACE-MISSING when it is no folder or has no migrations.
 */
export function detectIn(cwd: string, named: string): Detected {
  const path = resolve(cwd, named)
  const root = `${path}/`.startsWith(`${resolve(cwd)}/`) ? resolve(cwd) : dirname(path)
  const services = isFolder(path) ? servicesIn(openFolder(path, root), root) : []
  if (services.length > 0) return { root, services }
  throw new SkeinError('WORKSPACE-MISSING', {
    message: `MIGRATION_DIR says ${named}, and ${isFolder(path) ? 'there are no migrations in it' : 'there is no such folder'}`,
    hint: 'mend MIGRATION_DIR, or write a workspace file with `skein init`',
    place: { file: named },
  })
}

/** A folder that nobody said has migrations: what cannot be read in it (somebody's home, /tmp) is none of them. */
function inAnyFolder(root: string): Detected['services'] {
  try {
    return servicesIn(openFolder(root, root), root, false)
  } catch {
    return []
  }
}

/** The places where {@link detectServices} looks, for messages. */
export const usualPlaces: readonly string[] = usual.map((place) => `./${place}`)

function servicesIn(folder: Folder, root: string, deeper = true): Detected['services'] {
  if (isMigrations(folder)) {
    const telling = tellingPart(folder.path.slice(root.length)) ?? tellingPart(root)
    return [{ name: nameFrom(telling), path: folder.path, value: telling ?? 'main' }]
  }
  if (!deeper) return []
  const services = new Map<string, Detected['services'][number]>()
  for (const entry of folder.entries()) {
    if (entry.type !== 'folder' || entry.name.startsWith('.')) continue
    const inner = folder.folder(entry.name)
    if (!isMigrations(inner)) continue
    const name = distinctName(nameFrom(inner.name), services)
    services.set(name, { name, path: inner.path, value: inner.name })
  }
  return [...services.values()]
}

/** Folders of tools that cannot be run count too: the refusal that names the tool says more than "nothing found". */
function isMigrations(folder: Folder): boolean {
  return detectTool([folder]).kind !== 'none'
}
