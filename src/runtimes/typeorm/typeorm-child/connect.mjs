// The child's one connection, and the proof that it leads to where the parent is.
import { trackQueries } from './watch.mjs'

/** A failure that knows its stage. */
export function failed(stage, name, message) {
  return Object.assign(new Error(message), { name, stage })
}

/**
 * Connects the DataSource and takes one connection of its pool for all steps: { runner, client, executor }. The handshake comes before the
 * driver's own work after connecting, which may create extensions.
 */
export async function connect(program, step, tell) {
  const { dataSource, typeorm } = program
  const { driver } = dataSource
  const afterConnect = driver.afterConnect
  driver.afterConnect = async () => {
    driver.afterConnect = afterConnect
    const [client, release] = await driver.obtainMasterConnection()
    try {
      await handshake(client, step)
    } finally {
      await release()
    }
    await driver.afterConnect()
  }
  await dataSource.initialize()
  const runner = dataSource.createQueryRunner('master')
  program.close = async () => {
    await runner.release()
    await dataSource.destroy()
  }
  try {
    const client = await runner.connect()
    const { rows } = await client.query('select pg_backend_pid() as pid')
    tell('connected', { backendPid: rows[0].pid })
    await handshake(client, step)
    await holdKey(client, step.orphanKey)
    trackQueries(runner)
    return { runner, client, executor: new typeorm.MigrationExecutor(dataSource, runner), session: '' }
  } catch (error) {
    await program.close()
    throw error
  }
}

/** Throws `elsewhere` unless the parent's advisory lock is seen from here. Source: PostgreSQL 18 manual, pg_locks: a bigint key has objsubid 1. */
export async function handshake(client, { parent }) {
  const { rows } = await client.query(
    `select current_database() as database, coalesce(host(inet_server_addr()), 'a local socket') as host, inet_server_port() as port, exists (
  select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
    and classid = $1::oid and objid = $2::oid and objsubid = 1 and pid = $3 and granted) as here`,
    [parent.classid, parent.objid, parent.pid],
  )
  const [{ database, host, port, here }] = rows
  if (here) return
  const at = port === null ? host : `${host}:${port}`
  const wanted = parent.database === undefined ? 'the database of this run' : `database ${parent.database}`
  throw failed(
    'elsewhere',
    'Elsewhere',
    `the DataSource connects to database ${database} at ${at}, where the lock held in ${wanted} is not seen`,
  )
}

/** Held to the end of this connection, so that the next run can tell that this child is gone. */
async function holdKey(client, key) {
  const { rows } = await client.query('select pg_try_advisory_lock_shared($1::bigint) as held', [key])
  if (!rows[0].held)
    throw failed('orphan', 'Orphan', 'another session holds the key of this history exclusively: an earlier run is still at work')
}
