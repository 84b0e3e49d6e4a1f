import type { Migration } from '../../../model/migration.ts'
import { type Folder, labelOf } from '../../../util/folder.ts'
import type { Source } from '../../source.ts'

/** Every migration that a service has in its files, whatever environment is in force: what names in dependencies.json can mean. */
export interface Known {
  source: Source
  /** Of base files and of every environment, in the tool's order. */
  all: readonly Migration[]
  /** The same, by what people call them. */
  byId: ReadonlyMap<string, readonly Migration[]>
  byVersion: ReadonlyMap<string, readonly Migration[]>
  /** What runs in the environment in force. */
  inForce: readonly Migration[]
  /** Folders that may hold a dependencies.json: base folders, and environment folders with their environment. */
  folders: readonly { folder: Folder; environment?: string }[]
}

/**
 * Base and environment migrations. `inForce` is what the environment overlay made of the folders; the folders of the other environments
 * (by `names`) are read here, with the same source. Throws SOURCE-UNREADABLE.
 */
export function knownMigrations(
  source: Source,
  folders: readonly Folder[],
  inForce: readonly Migration[],
  chosen: string | undefined,
  names: ReadonlySet<string>,
): Known {
  const found: { folder: Folder; environment?: string }[] = folders.map((folder) => ({ folder }))
  const all = [...inForce]
  for (const folder of folders) {
    // A folder of one migration (Diesel) may be called like an environment.
    const own = new Set(inForce.filter((one) => one.environment === undefined).map((one) => folderOf(one)))
    for (const { name, type } of folder.entries()) {
      if (type !== 'folder' || !names.has(name) || own.has(labelOf(folder.label, name))) continue
      const inside = folder.folder(name)
      found.push({ folder: inside, environment: name })
      if (name !== chosen) all.push(...source.read([inside]).migrations.map((one) => ({ ...one, environment: name })))
    }
  }
  all.sort((a, b) => source.compare(a.version, b.version))
  return { source, all, byId: by(all, 'id'), byVersion: by(all, 'version'), inForce, folders: found }
}

/** What `text` means: an id, or a version in any spelling that the tool reads. Several only where environments share it. */
export function meant(known: Known, text: string): Migration[] {
  return [...(known.byId.get(text) ?? known.byVersion.get(known.source.parseVersion(text) ?? '') ?? [])]
}

/** The migrations that are there when `environment` is in force: its own and the base files. */
export function seenFrom(migrations: readonly Migration[], environment: string | undefined): Migration[] {
  return migrations.filter((one) => one.environment === undefined || one.environment === environment)
}

function folderOf(migration: Migration): string {
  const file = (migration.up ?? migration.down)?.file ?? ''
  return file.slice(0, file.lastIndexOf('/'))
}

function by(all: readonly Migration[], key: 'id' | 'version'): Map<string, Migration[]> {
  const found = new Map<string, Migration[]>()
  for (const one of all) {
    const same = found.get(one[key])
    if (same === undefined) found.set(one[key], [one])
    else same.push(one)
  }
  return found
}
