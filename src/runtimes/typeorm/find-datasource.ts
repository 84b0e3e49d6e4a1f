import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { SkeinError } from '../../model/errors.ts'
import type { RuntimeSpec } from '../runtime.ts'
import { show } from './find-package.ts'

/** What files with a DataSource are called, in TypeORM's own documentation and in real trees. */
const names = ['data-source', 'datasource', 'dataSource', 'typeorm.config', 'typeorm', 'ormconfig']
const places = ['src', 'src/database', 'src/db', 'src/config', 'src/typeorm', 'database', 'db', 'config', '.']
const endings = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']

/**
 * The absolute path of the file that exports the DataSource: `runtime: { datasource }`, relative to the package, else the first that is there
 * beside the migrations, above them up to the package, and in the usual folders of the package. Throws RUNTIME-INVALID when the given one is
 * not there, RUNTIME-MISSING when none is.
 */
export function findDatasource({ service, root, folders, options }: RuntimeSpec, folder: string): string {
  if (options.datasource !== undefined) {
    const given = resolve(folder, options.datasource)
    if (existsSync(given)) return given
    throw new SkeinError('RUNTIME-INVALID', {
      message: `${service}: the DataSource file ${show(root, given)} does not exist`,
      hint: `runtime: { datasource: <path from ${show(root, folder)}> }`,
      service,
    })
  }
  const looked = [...new Set([...folders.flatMap((each) => upTo(each, folder)), ...places.map((place) => join(folder, place))])]
  for (const place of looked)
    for (const name of names)
      for (const ending of endings) {
        const file = join(place, `${name}.${ending}`)
        if (existsSync(file)) return file
      }
  throw new SkeinError('RUNTIME-MISSING', {
    message: `${service}: no file with TypeORM's DataSource was found in ${show(root, folder)}: looked for data-source.ts and the like in ${looked.map((place) => show(root, place)).join(', ')}`,
    hint: 'runtime: { datasource: src/data-source.ts }',
    service,
  })
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
