// One migration in one direction: the transaction, TypeORM's own executor in it, its row, our rows, commit.
// Source: TypeORM 0.3.31 and 1.1.1, migration/MigrationExecutor.js (executeMigration, executePendingMigrations, undoLastMigration).
import { connect, failed, handshake } from './connect.mjs'
import { describe } from './describe.mjs'
import { inTransaction, isOpen, rollback } from './transaction.mjs'
import { causeOf, settle, throwUnhandled, watch } from './watch.mjs'

let connection

/** { ok, atomic, recorded } or { ok: false, failure }. Rejects never. */
export async function runStep(load, step, tell) {
  let stage = 'load'
  const at = (next) => {
    stage = next
  }
  return watch(async () => {
    try {
      const program = await load()
      const migration = find(program, step)
      at('connect')
      if (connection) await handshake(connection.client, step)
      else connection = await connect(program, step, tell)
      await useSession(connection, program, step.session)
      at('migrate')
      return { ok: true, ...(await perform({ ...connection, program }, migration, step, at)) }
    } catch (error) {
      const cause = await clearUp(error)
      return { ok: false, failure: describe(cause?.stage ?? stage, cause) }
    }
  })
}

/** The migration of that name, as TypeORM knows it. */
function find({ dataSource, typeorm, mode, migrations }, { version, direction }) {
  const migration = migrations.find(({ name }) => name === version)
  if (!migration) {
    const option = JSON.stringify(dataSource.options.migrations ?? [], (_, value) => (typeof value === 'function' ? value.name : value))
    const message = `the DataSource has no migration ${version}: its option migrations, ${option}, leads to ${migrations.length}`
    throw failed('load', 'MigrationNotFound', message)
  }
  if (direction === 'up' && mode === 'all' && migration.instance.transaction !== undefined)
    throw new typeorm.ForbiddenTransactionModeOverrideError([migration])
  return migration
}

/**
 * Again only when it changed: what a migration set for its session, TypeORM's next one sees. The driver asked for its schema when it connected,
 * before the search_path was ours.
 */
async function useSession(connection, { dataSource }, session) {
  if (session === '' || session === connection.session) return
  await connection.client.query(session)
  connection.session = session
  const { rows } = await connection.client.query('select current_schema() as schema')
  const { driver, options } = dataSource
  driver.searchSchema = rows[0].schema ?? driver.searchSchema
  if (!options.schema) driver.schema = driver.searchSchema
}

async function perform(session, migration, step, at) {
  const { mode } = session.program
  // TypeORM does not look at the migration's own word when it reverts, and so cannot take back a concurrent index.
  const wants = migration.instance.transaction ?? mode !== 'none'
  if (wants) return inTransaction(session, migration, step, { at, work: (judge) => execute(session, migration, step.direction, judge) })
  await execute(session, migration, step.direction, async () => {})
  if (await isOpen(session.client)) throw failed('migrate', 'TransactionLeftOpen', `${migration.name} left a transaction open`)
  return { atomic: false, recorded: false }
}

/** The migration and its row. In between all that it sent has been answered, and `judge` has its say. */
async function execute({ runner, client, executor, program }, migration, direction, judge) {
  const quiet = async () => {
    await settle(client)
    throwUnhandled()
    await judge()
  }
  const { instance } = migration
  if (direction === 'up') {
    const up = async (queryRunner) => {
      await instance.up(queryRunner)
      await quiet()
    }
    await executor.executeMigration(Object.assign(Object.create(migration), { instance: { up } }))
    return
  }
  await program.dataSource.driver.createSchemaBuilder().createMetadataTableIfNecessary(runner)
  await runner.beforeMigration()
  await instance.down(runner)
  await runner.afterMigration()
  await quiet()
  await executor.deleteMigration(migration)
}

/** Waits for what is under way, undoes what is open, and tells which of several failures was the first. */
async function clearUp(error) {
  if (!connection) return error
  await settle(connection.client)
  const cause = causeOf(error)
  await rollback(connection)
  return cause
}
