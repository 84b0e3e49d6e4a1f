import { statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'

const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

/** Where projects keep their DataSource, most usual first: TypeORM's own `init` command writes the first one. */
const usualPlaces = [
  'src/data-source',
  'src/database/data-source',
  'src/db/data-source',
  'src/config/data-source',
  'src/datasource',
  'src/database/datasource',
  'src/db/datasource',
  'src/config/datasource',
  'src/typeorm/data-source',
  'data-source',
  'datasource',
  'database/data-source',
  'db/data-source',
  'config/data-source',
  'src/ormconfig',
  'ormconfig',
  'src/typeorm.config',
  'typeorm.config',
  'src/config/typeorm',
  'config/typeorm',
  'src/typeorm',
  'typeorm',
]

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

/**
 * The absolute path of the module that exports a service's DataSource: `named` (relative to `folder`, its extension may be left out), else the
 * first of the usual places in `folder` that is there. Undefined when there is none. Throws nothing.
 */
export function findDataSource(folder: string, named?: string): string | undefined {
  const bases = named === undefined ? usualPlaces : [named]
  const exact = named === undefined ? [] : [resolve(folder, named)]
  return [...exact, ...bases.flatMap((base) => extensions.map((extension) => resolve(folder, base + extension)))].find(isFile)
}

function isWithin(folder: string, root: string): boolean {
  const path = relative(root, folder)
  return !path.startsWith('..') && !isAbsolute(path)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
