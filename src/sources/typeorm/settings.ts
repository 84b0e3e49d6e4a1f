import { resolve } from 'node:path'
import { relativeLabel, sqlFile } from '../../util/folder.ts'
import { findDataSource, packageFolderOf } from '../../util/node-package.ts'
import type { CodeSettings, SourceOptions } from '../source.ts'
import { type Options, dataSourceOptions, optionNames } from './data-source.ts'
import { parseModule } from './parse-module.ts'
import { unread } from './scope.ts'

/**
 * What the service's DataSource says of table and transactions. The file is the one that `runtime: { datasource: … }` names, relative to
 * `runtime: { cwd: … }` (relative to the workspace) or to the service's package; else one of the usual places. Without such a file nothing is set:
 * the runtime will say so when it is needed. Throws SOURCE-UNREADABLE.
 */
export function readSettings(folders: readonly string[], { runtime = {}, root }: SourceOptions): CodeSettings {
  const base = runtime.cwd === undefined ? packageFolderOf(folders, root) : resolve(root, runtime.cwd)
  const path = findDataSource(base, folders, runtime.datasource)
  if (path === undefined) return { unread: [], files: [] }
  const label = relativeLabel(path, root)
  const parsed = parseModule(sqlFile(path, label).text(), label)
  const options = 'statements' in parsed ? dataSourceOptions(parsed.statements) : undefined
  const mode = options?.get('migrationsTransactionMode')
  const transaction = mode === 'all' || mode === 'each' || mode === 'none' ? mode : undefined
  return {
    ...tableOf(options),
    ...(transaction && { transaction }),
    unread: optionNames.filter((name) => !isRead(options, name)).map((name) => `${name} in ${label}`),
    files: [path],
  }
}

function isRead(options: Options | undefined, name: (typeof optionNames)[number]): boolean {
  const value = options === undefined ? unread : options.get(name)
  return typeof value === 'string' || value === undefined || value === null
}

/** TypeORM joins schema and table with a dot and takes the first two parts of that (PostgresDriver.buildTableName, parseTableName). */
function tableOf(options: Options | undefined): Pick<CodeSettings, 'table' | 'schema'> {
  const [schema, table] = [options?.get('schema'), options?.get('migrationsTableName')].map((value) =>
    typeof value === 'string' && value !== '' ? value : undefined,
  )
  if (table === undefined) return schema === undefined ? {} : { schema }
  const [first = '', second] = [schema, table]
    .filter((part) => part !== undefined)
    .join('.')
    .split('.')
  return second === undefined ? { table: first } : { schema: first, table: second }
}
