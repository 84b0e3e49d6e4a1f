// Loads the service's DataSource and its migrations as TypeORM's own command does, and connects nowhere.
// Source: TypeORM 0.3.31 and 1.1.1, commands/CommandUtils.js, commands/MigrationRunCommand.js, data-source/DataSource.js (buildMetadatas).
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { loadedFrom, recordFiles } from './files.mjs'
import { isScratch, leadToScratch } from './scratch.mjs'

/** The program: { typeorm, dataSource, mode, migrations, facts }. Everything is of the service's own packages. */
export async function load({ folder, datasource, toolVersion, transaction }) {
  const fromService = createRequire(join(folder, 'package.json'))
  const typeorm = fromService('typeorm')
  // Only now: reading the source maps of TypeORM's own files takes longer than loading them.
  process.setSourceMapsEnabled(true)
  const imports = fromService('typeorm/util/ImportUtils')
  recordFiles(imports)
  const dataSource = await findDataSource(imports, datasource)
  if (dataSource.options.type !== 'postgres')
    throw wrong(`the DataSource in ${datasource} is for ${dataSource.options.type}, not for postgres`)
  if (dataSource.isInitialized)
    throw wrong(`${datasource} initializes its DataSource by itself: export it uninitialized, as TypeORM's own command wants it`)
  if (isScratch()) leadToScratch(dataSource)
  dataSource.setOptions({ subscribers: [], synchronize: false, migrationsRun: false, dropSchema: false })
  await dataSource.buildMetadatas()
  const migrations = new typeorm.MigrationExecutor(dataSource).getMigrations()
  const { migrationsTransactionMode = 'all', migrationsTableName: table, schema } = dataSource.options
  // The command line may say otherwise.
  const mode = transaction ?? migrationsTransactionMode
  const facts = {
    table,
    schema,
    transaction: mode,
    migrations: migrations.map(({ name, instance }) => ({
      version: name,
      file: loadedFrom(instance.constructor, fromService.cache),
      transaction: instance.transaction,
    })),
    toolVersion,
  }
  return { typeorm, dataSource, mode, migrations, facts }
}

/** The one DataSource that a file exports, under any name, perhaps as a promise. */
async function findDataSource(imports, file) {
  const [exported] = await imports.importOrRequireFile(file)
  const found = new Set()
  for (const value of [exported, ...Object.values(exported ?? {})]) {
    const settled = await value
    if (isDataSource(settled)) found.add(settled)
    // What a CommonJS file exports as default arrives one level down when it is imported.
    else if (isDataSource(settled?.default)) found.add(settled.default)
  }
  if (found.size === 0) throw wrong(`${file} exports no DataSource`)
  if (found.size > 1) throw wrong(`${file} exports ${found.size} DataSources: TypeORM takes a file that exports one`)
  return [...found][0]
}

/** By its mark, as TypeORM does: the file may have got its DataSource from another copy of the package. */
function isDataSource(value) {
  return typeof value === 'object' && value !== null && value['@instanceof'] === Symbol.for('DataSource')
}

function wrong(message) {
  return Object.assign(new Error(message), { name: 'DataSourceError' })
}
