import { expect, test } from 'vitest'
import { startProxy } from '../proxy.ts'
import { privateServer } from '../server.ts'
import { wrongs } from './invariants.ts'
import { databases, eventually, skein, story, up, withClient } from './kit.ts'
import { type GeneratedWorkspace, workspace } from './workspace.ts'

/** Waits until somebody opens it; not by a lock, for which lock_timeout has no patience. */
const atTheGate = 'do $$ begin while (select not open from public.gate) loop perform pg_sleep(0.01); end loop; end $$'

test.each([
  { tool: 'golang-migrate', at: 'last' },
  { tool: 'diesel', at: 'last' },
  { tool: 'golang-migrate', at: 'middle' },
] as const)(
  'the answer to the COMMIT of the $at step of $tool never comes: the ledger is asked, and the step is reported as done',
  async ({ tool, at }) => {
    const server = await privateServer()
    const [url = ''] = await databases(server, 'one')
    const proxy = await startProxy({ port: server.port })
    const through = url.replace(`:${server.port}/`, `:${proxy.port}/`)
    const waits = at === 'last' ? 5 : 3
    const made = workspace(
      { name: 'alpha', tool, database: through, steps: 5, alone: 0, special: { [waits]: atTheGate } },
      { name: 'beta', tool: 'numbered', database: through, steps: 3, alone: 0, needs: ['alpha'] },
    )
    await withClient(url, async (gate) => {
      await gate.query('create table public.gate as select false as open')
      const runner = skein(made.folder, ['up', '--json'])
      // The step is at the gate: from now on nothing comes back from the server, but it goes on and commits.
      const asleep = "select 1 from pg_stat_activity where wait_event = 'PgSleep'"
      await eventually(async () => (await gate.query(asleep)).rows.length > 0, 'the gate')
      proxy.blackHole()
      await gate.query('update public.gate set open = true')
      const done = `select 1 from public.ran where service = 'alpha' and step = ${waits}`
      await eventually(async () => (await gate.query(done)).rows.length > 0, 'the commit')
      proxy.blackHole(false)
      proxy.cutNow()
      const ended = await runner.ended
      const { steps } = JSON.parse(ended.stdout) as { steps: { id: string; outcome: string }[] }
      const outcome = (service: string, step: number) => steps.filter((one) => one.id.startsWith(`${service}@`))[step - 1]?.outcome
      expect(outcome('alpha', waits), story(ended)).toBe('done')
      expect([0, 1], story(ended)).toContain(ended.code)
      if (ended.code === 1) expect(ended.stdout).toMatch(/SERVER-LOST/)
      expect(ended.stdout + ended.stderr).not.toMatch(/internal error|MIXED/)
      expect(await wrongs(direct(made, url))).toEqual([])
      const last = await up(made.folder)
      expect(last.code, story(last)).toBe(0)
      expect(await wrongs(direct(made, url), true)).toEqual([])
    })
    await proxy.stop()
    await server.stop('immediate')
  },
)

test('a connection cut after any number of bytes of the answers: the ledger is asked, what is reported as done is done, and the next run completes', {
  timeout: 120_000,
}, async () => {
  const server = await privateServer()
  const proxy = await startProxy({ port: server.port })
  for (const [turn, bytes] of [1, 150, 500, 1_200, 2_500].entries()) {
    const [url = ''] = await databases(server, `cut${turn}`)
    const through = url.replace(`:${server.port}/`, `:${proxy.port}/`)
    const made = workspace(
      { name: 'alpha', tool: 'golang-migrate', database: through, steps: 12, alone: 5, special: { 1: 'select pg_sleep(0.5)' } },
      { name: 'beta', tool: 'numbered', database: through, steps: 6, alone: 5 },
    )
    const runner = skein(made.folder, ['up', '--json'])
    await withClient(url, async (client) => {
      const asleep = "select 1 from pg_stat_activity where wait_event = 'PgSleep'"
      await eventually(async () => (await client.query(asleep)).rows.length > 0, 'the first step')
    })
    proxy.cutAfter(bytes)
    setTimeout(() => proxy.cutAfter(Number.POSITIVE_INFINITY), 900)
    const ended = await runner.ended
    // It may have ended sooner: the next run is not to be cut.
    proxy.cutAfter(Number.POSITIVE_INFINITY)
    expect([0, 1], story(ended)).toContain(ended.code)
    expect(ended.stdout + ended.stderr, story(ended)).not.toMatch(/internal error|MIXED/)
    expect(ended.stdout, 'the server was there all the time').not.toMatch(/STEP-UNKNOWN/)
    expect(await wrongs(direct(made, url))).toEqual([])
    const last = await up(made.folder)
    expect(last.code, story(last)).toBe(0)
    expect(await wrongs(direct(made, url), true)).toEqual([])
  }
  await proxy.stop()
  await server.stop('immediate')
})

test.each(['golang-migrate', 'numbered', 'diesel', 'stamped'] as const)(
  'our session of %s ended by an administrator in the middle of a step: exit 1, nothing of the step is left, the next run goes on',
  async (tool) => {
    const server = await privateServer()
    const [url = ''] = await databases(server, 'one')
    const made = workspace(
      { name: 'alpha', tool, database: url, steps: 6, alone: 0, special: { 3: atTheGate } },
      { name: 'beta', tool: 'golang-migrate', database: url, steps: 3, alone: 0, needs: ['alpha'] },
    )
    await withClient(url, (client) => client.query('create table public.gate as select false as open'))
    const runner = skein(made.folder, ['up'])
    await withClient(url, async (client) => {
      const end = "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and application_name ~ 'skein'"
      await eventually(async () => (await client.query(end)).rows.length > 0, 'the sleeping step')
    })
    const ended = await runner.ended
    expect(ended.code, story(ended)).toBe(1)
    expect(ended.stderr).toMatch(/SERVER-LOST/)
    expect(ended.stderr).toMatch(/not committed/)
    expect(await wrongs(made)).toEqual([])
    await withClient(url, (client) => client.query('update public.gate set open = true'))
    const last = await up(made.folder)
    expect(last.code, story(last)).toBe(0)
    expect(await wrongs(made, true)).toEqual([])
    await server.stop('immediate')
  },
)

test('an idle session of ours ended by an administrator while another service runs: said, exit 1, and the next run goes on', async () => {
  const server = await privateServer()
  const [one = '', two = ''] = await databases(server, 'one', 'two')
  const made = workspace(
    { name: 'alpha', tool: 'golang-migrate', database: one, steps: 3, alone: 0, special: { 2: 'select pg_sleep(2)' } },
    { name: 'beta', tool: 'numbered', database: one, steps: 3, alone: 0, needs: ['alpha'] },
    { name: 'gamma', tool: 'diesel', database: two, steps: 4, alone: 0, special: { 3: 'select pg_sleep(4)' } },
  )
  const runner = skein(made.folder, ['up'])
  await withClient(one, async (client) => {
    const end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name ~ 'skein.* beta'"
    const asleep = "select 1 from pg_stat_activity where wait_event = 'PgSleep' and application_name ~ 'alpha'"
    await eventually(async () => (await client.query(asleep)).rows.length > 0, 'the sleeping step')
    await client.query(end)
  })
  const ended = await runner.ended
  expect(ended.code, story(ended)).toBe(1)
  expect(ended.stderr, story(ended)).toMatch(/SERVER-LOST/)
  expect(ended.stderr, 'what went on elsewhere is reported').toMatch(/✓ gamma .*3/)
  expect(await wrongs(made)).toEqual([])
  const last = await up(made.folder)
  expect(last.code, story(last)).toBe(0)
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

/** The same workspace, looked at without the proxy. */
function direct(made: GeneratedWorkspace, database: string): GeneratedWorkspace {
  return { ...made, services: made.services.map((service) => ({ ...service, database })) }
}
