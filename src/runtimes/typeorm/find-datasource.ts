import { resolve } from 'node:path'
import { SkeinError } from '../../model/errors.ts'
import { dataSourcePlaces, findDataSource } from '../../util/node-package.ts'
import type { RuntimeSpec } from '../runtime.ts'
import { show } from './find-package.ts'

/**
 * The absolute path of the file that exports the DataSource: `runtime: { datasource }`, relative to the package, else the first that is there
 * beside the migrations, above them up to the package, and in the usual folders of the package. Throws RUNTIME-INVALID when the given one is
 * not there, RUNTIME-MISSING when none is.
 */
export function findDatasource({ service, root, folders, options }: RuntimeSpec, folder: string): string {
  const found = findDataSource(folder, folders, options.datasource)
  if (found !== undefined) return found
  if (options.datasource !== undefined)
    throw new SkeinError('RUNTIME-INVALID', {
      message: `${service}: the DataSource file ${show(root, resolve(folder, options.datasource))} does not exist`,
      hint: `runtime: { datasource: <path from ${show(root, folder)}> }`,
      service,
    })
  const looked = dataSourcePlaces(folder, folders).map((place) => show(root, place))
  throw new SkeinError('RUNTIME-MISSING', {
    message: `${service}: no file with TypeORM's DataSource was found in ${show(root, folder)}: looked for data-source.ts and the like in ${looked.join(', ')}`,
    hint: 'runtime: { datasource: src/data-source.ts }',
    service,
  })
}
