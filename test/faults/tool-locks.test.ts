import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { expect, test } from 'vitest'
import { golangLockKeys } from '../../src/histories/golang-lock-key.ts'
import { privateServer } from '../server.ts'
import { wrongs } from './invariants.ts'
import { databases, eventually, serverLog, skein, story, up, withClient } from './kit.ts'
import { type GeneratedService, tableOf, workspace } from './workspace.ts'

/** The four keys under which some release of golang-migrate locks a service's table in the database `one`. */
function keysOf(service: Pick<GeneratedService, 'name'>): bigint[] {
  return golangLockKeys({ database: 'one', schema: 'public', table: tableOf({ name: service.name, tool: 'golang-migrate' }) })
}

test('golang-migrate at work: `up` waits and names its session, `--no-wait` ends with exit 6 and names it too', async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'one')
  const made = workspace({ name: 'alpha', tool: 'golang-migrate', database: url, steps: 2, alone: 0 })
  const keys = keysOf({ name: 'alpha' })
  expect(keys).toHaveLength(4)
  for (const key of keys) {
    await withClient(url, async (tool) => {
      await tool.query("set application_name = 'migrate of somebody'")
      await tool.query('select pg_advisory_lock($1)', [key])
      const { rows } = await tool.query('select pg_backend_pid() as pid')
      const impatient = await up(made.folder, '--no-wait')
      expect(impatient.code, story(impatient)).toBe(6)
      expect(impatient.stderr).toContain(`pid ${rows[0].pid}`)
      expect(impatient.stderr).toContain('migrate of somebody')
      if (key !== keys.at(-1)) return
      const patient = skein(made.folder, ['up'])
      await patient.until(new RegExp(`waits for golang-migrate.*pid ${rows[0].pid}`))
      expect(await wrongs(made)).toEqual([])
      await tool.query('select pg_advisory_unlock($1)', [key])
      const ended = await patient.ended
      expect(ended.code, story(ended)).toBe(0)
    })
  }
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

test('while it runs, nobody obtains one of the four keys of golang-migrate but during a statement outside a transaction', async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'one')
  const made = workspace({
    name: 'alpha',
    tool: 'golang-migrate',
    database: url,
    steps: 60,
    alone: 20,
    special: { 5: 'select pg_sleep(0.2)', 33: 'select pg_sleep(0.2)' },
  })
  const keys = keysOf({ name: 'alpha' })
  await withClient(url, async (poller) => {
    const runner = skein(made.folder, ['up'])
    await eventually(async () => (await dirtyOrThere(poller)).there, 'the table of the tool')
    const obtained: (number | null)[] = []
    let [over, tries] = [false, 0]
    void runner.ended.then(() => (over = true))
    while (!over) {
      // In one statement: the keys, and what the table says at that moment; dirty means that a statement stands alone.
      const { rows } = await poller.query(
        `select version::integer, dirty, array[${keys.map((key) => `pg_try_advisory_lock('${key}'::bigint)`).join(', ')}] as got from public.${tableOf(made.services[0] as GeneratedService)}`,
      )
      tries++
      const [row] = rows
      if (row?.got.includes(true) === true && !(await ended(poller))) obtained.push(row.dirty === true ? null : row.version)
      await poller.query('select pg_advisory_unlock_all()')
    }
    expect((await runner.ended).code, story(await runner.ended)).toBe(0)
    expect(tries).toBeGreaterThan(20)
    // Between the end of a statement that stands alone and the keys' return nothing is dirty any more only if the order is wrong.
    expect(obtained.filter((version) => version !== null && version < 60)).toEqual([])
  })
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

test('twenty times a session blocks in pg_advisory_lock, as `migrate up` does, while an index is built concurrently: nobody is killed by deadlock', {
  timeout: 120_000,
}, async () => {
  const server = await privateServer(18, { deadlock_timeout: '100ms' })
  const [url = ''] = await databases(server, 'one')
  const made = workspace({ name: 'alpha', tool: 'golang-migrate', database: url, steps: 40, alone: 2 })
  const keys = keysOf({ name: 'alpha' })
  const failed: string[] = []
  let [times, over] = [0, false]
  const runner = skein(made.folder, ['up'])
  void runner.ended.then(() => (over = true))
  const waiters = [0, 1].map(async (at) => {
    while (!over) {
      await withClient(url, async (tool) => {
        try {
          await tool.query('select pg_advisory_lock($1)', [keys[at * 3]])
          times++
          await tool.query('select pg_advisory_unlock($1)', [keys[at * 3]])
        } catch (error) {
          failed.push(String(error))
        }
      })
      await sleep(20)
    }
  })
  const ended = await runner.ended
  await Promise.all(waiters)
  expect(ended.code, story(ended)).toBe(0)
  expect(failed).toEqual([])
  expect(times).toBeGreaterThanOrEqual(20)
  expect(serverLog(server)).not.toMatch(/deadlock detected/)
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

test("a session blocks in pg_advisory_lock on another service's key of the same database while an index is built: both get through", async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'one')
  const made = workspace(
    {
      name: 'alpha',
      tool: 'golang-migrate',
      database: url,
      steps: 4,
      alone: 4,
      special: { 3: 'select pg_sleep(2)' },
    },
    { name: 'beta', tool: 'golang-migrate', database: url, steps: 2, alone: 0, needs: ['alpha'] },
  )
  const runner = skein(made.folder, ['up'])
  await withClient(url, async (tool) => {
    await runner.until(/✓ alpha 2/)
    // A key of its own: the two services share those that older releases compute.
    const others = keysOf({ name: 'alpha' })
    const key = keysOf({ name: 'beta' }).find((one) => !others.includes(one))
    const blocked = tool.query('select pg_advisory_lock($1)', [key])
    const first = await Promise.race([blocked.then(() => 'obtained'), runner.ended.then(() => 'ended'), sleep(15_000, 'neither')])
    expect(first, runner.said()).not.toBe('neither')
    await blocked
  })
  const ended = await runner.ended
  expect(ended.code, story(ended)).toBe(0)
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

async function dirtyOrThere(client: pg.Client): Promise<{ there: boolean }> {
  const { rows } = await client.query("select to_regclass('public.alpha_schema_migrations') is not null as there")
  return rows[0]
}

/** Our session is gone: then the keys are everybody's. */
async function ended(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("select 1 from pg_stat_activity where application_name ~ 'skein.* alpha'")
  return rows.length === 0
}
