import { expect, test } from 'vitest'
import { privateServer } from '../server.ts'
import { wrongs } from './invariants.ts'
import { databases, serverLog, skein, story, up } from './kit.ts'
import { workspace } from './workspace.ts'

const runners = 20

test('20 runners at once, three tools in one database: each step is done by one of them, all exit 0, nobody complains', async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'shared')
  const made = workspace(
    { name: 'alpha', tool: 'golang-migrate', database: url, steps: 8, alone: 4 },
    { name: 'beta', tool: 'numbered', database: url, steps: 8, alone: 4, needs: ['alpha'] },
    { name: 'gamma', tool: 'diesel', database: url, steps: 8, alone: 4 },
    { name: 'delta', tool: 'numbered', database: url, steps: 4, alone: 0 },
  )
  const ended = await Promise.all(Array.from({ length: runners }, () => up(made.folder, '--json')))
  expect(ended.filter((one) => one.code !== 0).map(story)).toEqual([])
  expect(ended.map((one) => one.stderr).filter((text) => /error|warning|40P01/i.test(text))).toEqual([])
  expect(stepsDone(ended.map((one) => one.stdout))).toEqual({ times: 28, different: 28 })
  expect(await wrongs(made, true)).toEqual([])
  expect(serverLog(server)).not.toMatch(/deadlock|ERROR:/)
  await server.stop('immediate')
})

test('20 runners at once, two databases that depend on one another: the same', async () => {
  const server = await privateServer()
  const [one = '', two = ''] = await databases(server, 'one', 'two')
  const made = workspace(
    { name: 'alpha', tool: 'golang-migrate', database: one, steps: 8, alone: 4 },
    { name: 'beta', tool: 'stamped', database: two, steps: 8, alone: 4, needs: ['alpha'] },
    { name: 'gamma', tool: 'diesel', database: one, steps: 8, alone: 4, needs: ['beta'] },
    { name: 'delta', tool: 'golang-migrate', database: two, steps: 4, alone: 2 },
  )
  const ended = await Promise.all(Array.from({ length: runners }, () => up(made.folder, '--json')))
  expect(ended.filter((one) => one.code !== 0).map(story)).toEqual([])
  expect(ended.map((one) => one.stderr).filter((text) => /error|warning|40P01/i.test(text))).toEqual([])
  expect(stepsDone(ended.map((one) => one.stdout))).toEqual({ times: 28, different: 28 })
  expect(await wrongs(made, true)).toEqual([])
  expect(serverLog(server)).not.toMatch(/deadlock|ERROR:/)
  await server.stop('immediate')
})

test('20 runners at once, each for one of four services that share a bookkeeping table which is not there yet', async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'shared')
  const names = ['alpha', 'beta', 'gamma', 'delta']
  const made = workspace(
    ...names.map((name, at) => ({ name, tool: at < 2 ? ('numbered' as const) : ('stamped' as const), database: url, steps: 4, alone: 2 })),
  )
  const ended = await Promise.all(
    Array.from({ length: runners }, (_, at) => skein(made.folder, ['up', names[at % names.length] as string, '--json']).ended),
  )
  expect(ended.filter((one) => one.code !== 0).map(story)).toEqual([])
  expect(stepsDone(ended.map((one) => one.stdout))).toEqual({ times: 16, different: 16 })
  expect(await wrongs(made, true)).toEqual([])
  expect(serverLog(server)).not.toMatch(/deadlock/)
  await server.stop('immediate')
})

test('a runner that looks while another holds a bookkeeping table locked for long waits for it, and exits 0', async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'slow')
  const made = workspace({ name: 'beta', tool: 'numbered', database: url, steps: 3, alone: 0, special: { 2: 'select pg_sleep(7)' } })
  const first = skein(made.folder, ['up'])
  await first.until(/001 |1 step|✓/)
  const others = await Promise.all([up(made.folder), up(made.folder)])
  expect((await first.ended).code).toBe(0)
  expect(others.filter((one) => one.code !== 0).map(story)).toEqual([])
  expect(await wrongs(made, true)).toEqual([])
  await server.stop('immediate')
})

/** How often any runner says that it did a step, and how many different ones. */
function stepsDone(reports: readonly string[]): { times: number; different: number } {
  const done = reports.flatMap((text) => {
    const { steps } = JSON.parse(text) as { steps: { id: string; outcome: string }[] }
    return steps.filter((step) => step.outcome === 'done').map((step) => step.id)
  })
  return { times: done.length, different: new Set(done).size }
}
