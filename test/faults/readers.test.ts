import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { lockSchedule } from '../../src/execute/lock-schedule.ts'
import { runDefaults } from '../../src/execute/options.ts'
import { privateServer } from '../server.ts'
import { wrongs } from './invariants.ts'
import { databases, skein, story, withClient } from './kit.ts'
import { workspace } from './workspace.ts'

const slack = 1_000

// Side by side: most of their time is waiting.
test.concurrent.each(['golang-migrate', 'numbered'] as const)(
  'behind a reader of 20 seconds no other reader waits longer than the longest lock_timeout while %s retries an ALTER TABLE',
  { timeout: 90_000 },
  async (tool) => {
    const schedule = lockSchedule(runDefaults.lockTimeoutMs)
    const longest = Math.max(...Array.from({ length: 20 }, () => schedule.next().value.lockTimeoutMs))
    expect(longest).toBe(3_000)
    const server = await privateServer()
    const [url = ''] = await databases(server, 'one')
    const made = workspace({
      name: 'alpha',
      tool,
      database: url,
      steps: 4,
      alone: 0,
      special: { 3: 'alter table public.hot add column more integer' },
    })
    await withClient(url, (client) => client.query('create table public.hot as select n from generate_series(1, 100) n'))
    const waits: number[] = []
    const inTheWay = withClient(url, (client) => client.query('select count(*), pg_sleep(20) from public.hot'))
    await sleep(200)
    const runner = skein(made.folder, ['up'])
    let over = false
    void runner.ended.then(() => (over = true))
    const readers: Promise<void>[] = []
    while (!over) {
      readers.push(
        withClient(url, async (client) => {
          const started = performance.now()
          await client.query('select count(*) from public.hot')
          waits.push(performance.now() - started)
        }),
      )
      await sleep(100)
    }
    await Promise.all(readers)
    const ended = await runner.ended
    await inTheWay
    expect(ended.code, story(ended)).toBe(0)
    expect(ended.stderr, 'it tried again, and said who was in the way').toMatch(/got no lock.*attempt 2 in/)
    expect(ended.stderr).toMatch(/waits for a lock: pid \d+/)
    console.log(`${tool}: ${waits.length} readers, the longest wait ${Math.round(Math.max(...waits))} ms`)
    expect(waits.length).toBeGreaterThan(100)
    expect(Math.max(...waits)).toBeLessThanOrEqual(longest + slack)
    expect(await wrongs(made, true)).toEqual([])
    await server.stop('immediate')
  },
)
