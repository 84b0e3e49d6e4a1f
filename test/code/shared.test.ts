/** `up` over several Alembic revisions: how often env.py runs, and that nobody stands in the other's way. */
import { expect, test } from 'vitest'
import { skein } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import { withClient } from '../faults/kit.ts'
import { alembicWorkspace, environment } from './services.ts'

const ids = ['aa01', 'aa02', 'aa03', 'aa04', 'aa05']
const revisions = Object.fromEntries(
  ids.map((id) => [id, `op.execute("create table t_${id} (n int)")\n# down\nop.execute("drop table t_${id}")`]),
)
const begins = 'print("env.py begins")\n'

async function applied(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query("select version || ' ' || kind as it from skein.applied where undone_at is null order by seq")
    return rows.map((row) => row.it as string)
  })
}

test('five revisions are two runs of env.py, and each is in the ledger', async () => {
  const { url } = await freshDatabase()
  const folder = alembicWorkspace({ revisions, env: begins + environment() })
  const ended = await skein(folder, ['up', '--verbose'], { env: { DATABASE_URL: url } })
  expect(ended.code, ended.stderr).toBe(0)
  expect((ended.stdout + ended.stderr).match(/env\.py begins/g)).toHaveLength(2)
  expect(await applied(url)).toEqual(ids.map((id) => `${id} executed`))
})

test('a key of the tool that env.py or a revision keeps is free between two revisions', async () => {
  const { url } = await freshDatabase()
  const held = "    connection.exec_driver_sql('select pg_advisory_lock(4711)')\n    connection.commit()\n    context.configure("
  const yaml = '    lock_keys: [4711]\n'
  const env = environment().replace('    context.configure(', held)
  const folder = alembicWorkspace({ revisions, yaml, env })
  const ended = await skein(folder, ['up'], { env: { DATABASE_URL: url } })
  expect(ended.code, ended.stderr).toBe(0)
  expect(await applied(url)).toEqual(ids.map((id) => `${id} executed`))

  const other = await freshDatabase()
  const keeps = Object.fromEntries(ids.map((id) => [id, 'op.execute("select pg_advisory_lock(4711)")']))
  const again = await skein(alembicWorkspace({ revisions: keeps, yaml }), ['up'], { env: { DATABASE_URL: other.url } })
  expect(again.code, again.stderr).toBe(0)
  expect(await applied(other.url)).toEqual(ids.map((id) => `${id} executed`))
})
