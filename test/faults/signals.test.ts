import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { privateServer } from '../server.ts'
import { wrongs } from './invariants.ts'
import { chance, databases, eventually, skein, story, up, withClient } from './kit.ts'
import { workspace } from './workspace.ts'

test('SIGTERM and SIGINT at random moments: exit 143 or 130, said in words, nothing half-done, and the next run goes on', async () => {
  const random = chance('signals')
  const server = await privateServer()
  const [one = '', two = ''] = await databases(server, 'one', 'two')
  const made = workspace(
    {
      name: 'alpha',
      tool: 'golang-migrate',
      database: one,
      steps: 60,
      alone: 6,
      special: { 5: 'select pg_sleep(0.3)', 41: 'select pg_sleep(0.3)' },
    },
    { name: 'beta', tool: 'numbered', database: one, steps: 60, alone: 6, special: { 21: 'select pg_sleep(0.3)' } },
    { name: 'gamma', tool: 'diesel', database: two, steps: 60, alone: 6, special: { 9: 'select pg_sleep(0.3)' } },
  )
  let caught = 0
  for (let turn = 0; turn < 12; turn++) {
    const signal = turn % 2 === 0 ? 'SIGTERM' : 'SIGINT'
    const runner = skein(made.folder, ['up'])
    await Promise.race([runner.until(/✓/), runner.ended]).catch(() => undefined)
    await sleep(random(0, 40))
    const since = performance.now()
    runner.child.kill(signal)
    const ended = await runner.ended
    if (ended.code !== 0) {
      caught++
      expect(ended.code, story(ended)).toBe(signal === 'SIGTERM' ? 143 : 130)
      expect(ended.stderr, story(ended)).not.toMatch(/internal error|STEP-FAILED|57014|25P02|could not be noted/)
      expect(ended.stderr).toMatch(/INTERRUPTED|interrupted|not started/)
      expect(performance.now() - since, `it ends soon: ${story(ended)}`).toBeLessThan(10_000)
    }
    expect(await wrongs(made)).toEqual([])
  }
  console.log(`${caught} of 12 runs were interrupted`)
  expect(caught).toBeGreaterThan(0)
  const last = await up(made.folder)
  expect(last.code, story(last)).toBe(0)
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

test('a signal while it waits for the lock of another run: exit 130, and nothing was locked or written', async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'one')
  const made = workspace({ name: 'alpha', tool: 'golang-migrate', database: url, steps: 3, alone: 0, special: { 2: 'select pg_sleep(3)' } })
  const first = skein(made.folder, ['up'])
  await first.until(/✓/)
  const second = skein(made.folder, ['up'])
  await second.until(/waits for/)
  second.child.kill('SIGINT')
  const ended = await second.ended
  expect(ended.code, story(ended)).toBe(130)
  expect((await first.ended).code).toBe(0)
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

test.each(['golang-migrate', 'numbered', 'diesel'] as const)(
  'Ctrl-C in a concurrent index build of %s that an old snapshot holds up: exit 130, and the next run builds it',
  async (tool) => {
    const server = await privateServer()
    const [url = ''] = await databases(server, 'one')
    const made = workspace({ name: 'alpha', tool, database: url, steps: 4, alone: 3 })
    await withClient(url, async (old) => {
      await old.query('begin isolation level repeatable read; select count(*) from public.ran')
      const runner = skein(made.folder, ['up'])
      await building(url)
      runner.child.kill('SIGINT')
      const ended = await runner.ended
      expect(ended.code, story(ended)).toBe(130)
      expect(ended.stderr).toMatch(/cancelled by a signal/)
      expect(ended.stderr).not.toMatch(/internal error|waiting for the migration lock/)
      expect(ended.ms).toBeLessThan(20_000)
      expect(await wrongs(made)).toEqual([])
      await old.query('rollback')
    })
    const last = await up(made.folder)
    expect(last.code, story(last)).toBe(0)
    expect(await wrongs(made, true)).toEqual([])
    await server.stop('immediate')
  },
)

test('Ctrl-C while the mark before a concurrent index is being written: exit 130, and nothing of it is left', async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'one')
  const made = workspace({ name: 'alpha', tool: 'golang-migrate', database: url, steps: 4, alone: 3 })
  expect((await skein(made.folder, ['up', '2']).ended).code).toBe(0)
  await withClient(url, async (client) => {
    await client.query(`create function public.slow() returns trigger language plpgsql as 'begin perform pg_sleep(20); return new; end';
      create trigger slow before update on skein.journal for each row execute function public.slow()`)
    const runner = skein(made.folder, ['up'])
    await eventually(async () => {
      const { rows } = await client.query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")
      return rows.length > 0
    }, 'the mark being written')
    runner.child.kill('SIGINT')
    const ended = await runner.ended
    expect(ended.code, story(ended)).toBe(130)
    expect(ended.stderr).toMatch(/cancelled by a signal; nothing of it is left/)
    expect(ended.stderr).not.toMatch(/25P02|57014|STEP-FAILED/)
    await client.query('drop function public.slow() cascade')
  })
  expect(await wrongs(made)).toEqual([])
  const last = await up(made.folder)
  expect(last.code, story(last)).toBe(0)
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

test('Ctrl-C for the whole group of processes ends the runner and not the embedded server', async () => {
  const made = workspace({
    name: 'alpha',
    tool: 'golang-migrate',
    database: 'embedded',
    steps: 3,
    alone: 0,
    special: { 2: 'select pg_sleep(30)' },
  })
  const { stdout } = await skein(made.folder, ['embedded', 'start', '--json']).ended
  try {
    const address = await skein(made.folder, ['embedded', 'url']).ended
    const url = address.stdout.trim()
    expect(stdout).not.toBe('')
    await withClient(url, async (client) => {
      await client.query('create table public.ran (service text not null, step integer not null, part integer not null default 0)')
      const runner = skein(made.folder, ['up'], { detached: true })
      await runner.until(/✓/)
      process.kill(-(runner.child.pid as number), 'SIGINT')
      const ended = await runner.ended
      expect(ended.code, story(ended)).toBe(130)
      const { rows } = await client.query('select count(*)::integer as n from public.ran')
      expect(rows[0].n, 'the server is the same one and knows of the first step').toBe(1)
    })
  } finally {
    await skein(made.folder, ['embedded', 'stop']).ended
  }
})

/** Until CREATE INDEX CONCURRENTLY waits for somebody. */
async function building(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await eventually(async () => {
      const { rows } = await client.query(
        "select 1 from pg_stat_activity where query ~* '^\\s*create index concurrently' and wait_event_type = 'Lock'",
      )
      return rows.length > 0
    }, 'an index build that waits')
  })
}
