// A step in one transaction of ours, with TypeORM's table locked: TypeORM itself has no lock.
import { failed } from './connect.mjs'

/**
 * Begins, locks the table, works, writes the ledger, commits. A migration that committed by itself is not atomic; its row and ours still stand
 * in one transaction.
 */
export async function inTransaction(session, migration, step, { at, work }) {
  const { runner, client } = session
  await runner.startTransaction()
  await lockTable(session, migration, step.direction)
  const begun = await transactionId(client)
  let atomic = true
  await work(async () => {
    atomic = (await transactionId(client)) === begun
    if (atomic || (await isOpen(client))) return
    // A COMMIT in plain words is nothing that the runner knows of.
    await (runner.isTransactionActive ? client.query('begin') : runner.startTransaction())
  })
  at('ledger')
  if (step.ledger !== '') await client.query(step.ledger)
  at('commit')
  // More than once where a migration began one of its own and left it open: the inner ones are savepoints.
  while (runner.isTransactionActive) await runner.commitTransaction()
  if (!atomic && (await isOpen(client))) await client.query('commit')
  return { atomic, recorded: step.ledger !== '' }
}

/** Undoes whatever is open. */
export async function rollback({ runner, client }) {
  try {
    while (runner.isTransactionActive) await runner.rollbackTransaction()
  } catch {
    // A migration may have released the runner; the connection is still here.
  }
  // Where the connection is gone, the transaction is gone with it.
  await client.query('rollback').catch(() => {})
}

/** Whether a transaction is open: outside one, each statement has an id of its own. */
export async function isOpen(client) {
  return (await transactionId(client)) === (await transactionId(client))
}

async function transactionId(client) {
  const { rows } = await client.query('select pg_current_xact_id()::text as id')
  return rows[0].id
}

/** Locks the table when it is there, and refuses when another runner was faster. It is found as TypeORM finds it, and named as its INSERT does. */
async function lockTable({ runner, client, executor }, { name }, direction) {
  const path = executor.migrationsTable
  if (!(await runner.hasTable(path))) return
  const table = path
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
  await client.query(`lock table ${table} in access exclusive mode`)
  const { rows } = await client.query(`select exists (select from ${table} where name = $1) as applied`, [name])
  if (rows[0].applied === (direction === 'up'))
    throw failed(
      'migrate',
      'HistoryChanged',
      `${name} is ${rows[0].applied ? 'already' : 'no longer'} in ${path}: another runner was faster`,
    )
}
