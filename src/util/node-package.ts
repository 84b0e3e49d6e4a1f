import { statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'

/** What files with a DataSource are called, in TypeORM's own documentation and in real trees. */
const names = ['data-source', 'datasource', 'dataSource', 'typeorm.config', 'typeorm', 'ormconfig']
const places = ['src', 'src/database', 'src/db', 'src/config', 'src/typeorm', 'database', 'db', 'config', '.']
const endings = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']

/**
 * The folder of the Node package that migrations belong to: the nearest ancestor of the first folder that has a package.json, not above `root`;
 * `root` where there is none. All paths absolute. Throws nothing.
 */
export function packageFolderOf(folders: readonly string[], root: string): string {
  const [first = root] = folders
  for (let folder = first; isWithin(folder, root); folder = dirname(folder)) {
    if (isFile(join(folder, 'package.json'))) return folder
    if (folder === root) break
  }
  return root
}

/** The folders in which a DataSource is looked for, in this order: beside the migrations, above them up to the package, the usual folders of the package. */
export function dataSourcePlaces(folder: string, migrations: readonly string[]): string[] {
  return [...new Set([...migrations.flatMap((each) => upTo(each, folder)), ...places.map((place) => join(folder, place))])]
}

/**
 * The absolute path of the module that exports a service's DataSource: `named`, relative to the package's `folder`, else the first file of a usual
 * name in {@link dataSourcePlaces}. Undefined when there is none. Throws nothing.
 */
export function findDataSource(folder: string, migrations: readonly string[], named?: string): string | undefined {
  if (named !== undefined) return [resolve(folder, named)].find(isFile)
  const files = dataSourcePlaces(folder, migrations).flatMap((place) =>
    names.flatMap((name) => endings.map((ending) => join(place, `${name}.${ending}`))),
  )
  return files.find(isFile)
}

/** The folders from one up to another, which are left out when the first does not lie in the second. */
function upTo(from: string, top: string): string[] {
  const found: string[] = []
  for (let folder = from; folder !== top; folder = dirname(folder)) {
    if (folder === dirname(folder)) return []
    found.push(folder)
  }
  return found
}

function isWithin(folder: string, root: string): boolean {
  const path = relative(root, folder)
  return !path.startsWith('..') && !isAbsolute(path)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
