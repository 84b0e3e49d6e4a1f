import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { privateServer } from '../server.ts'
import { wrongs } from './invariants.ts'
import { chance, databases, skein, story, up, withClient } from './kit.ts'
import { workspace } from './workspace.ts'

const crashes = 12

test(`a server that crashes ${crashes} times at random inside a pipeline of 200 steps: SERVER-LOST, exit 1, only a suffix is lost, and the next run goes on`, {
  timeout: 180_000,
}, async () => {
  const random = chance('killed server')
  const server = await privateServer()
  let number = 0
  let crashed = 0
  for (let turn = 0; crashed < crashes; turn++) {
    const names = [`one${number}`, `two${number}`]
    const [one = '', two = ''] = await databases(server, ...names)
    const made = workspace(
      { name: 'alpha', tool: 'golang-migrate', database: one, steps: 100, alone: 0 },
      { name: 'beta', tool: 'diesel', database: two, steps: 100, alone: 50 },
    )
    number++
    for (let attempt = 0; attempt < 3; attempt++) {
      const runner = skein(made.folder, ['up', '--json', '--log-format', 'json'])
      await Promise.race([runner.until(/step-done/), runner.ended]).catch(() => undefined)
      await sleep(random(0, 120))
      if (turn % 2 === 0) await server.kill9()
      else await server.stop('immediate')
      await server.start()
      const ended = await runner.ended
      const broke = ended.code !== 0
      if (broke) {
        crashed++
        expect(ended.code, story(ended)).toBe(1)
        expect(ended.stdout + ended.stderr, story(ended)).toMatch(/SERVER-LOST|STEP-UNKNOWN/)
        expect(ended.stderr).not.toMatch(/internal error/)
      }
      expect(await wrongs(made)).toEqual([])
      expect(await claimedButGone(ended.stdout, one, two)).toEqual([])
      if (!broke) break
    }
    const last = await up(made.folder)
    expect(last.code, story(last)).toBe(0)
    expect(await wrongs(made, true)).toEqual([])
  }
  await server.stop('immediate')
})

test('a server that crashes and does not come back while it is waited for: interrupted, it says what is not known', async () => {
  const server = await privateServer()
  const [url = ''] = await databases(server, 'one')
  const made = workspace({
    name: 'alpha',
    tool: 'golang-migrate',
    database: url,
    steps: 4,
    alone: 0,
    special: { 3: 'select pg_sleep(20)' },
  })
  const runner = skein(made.folder, ['up'])
  await runner.until(/✓ .*2/)
  await server.kill9()
  await runner.until(/connecting again/)
  runner.child.kill('SIGTERM')
  const ended = await runner.ended
  expect([1, 143], story(ended)).toContain(ended.code)
  expect(ended.stderr).toMatch(/STEP-UNKNOWN/)
  await server.start()
  const last = await skein(made.folder, ['status', '--json']).ended
  expect(last.code, story(last)).toBe(0)
  expect(await wrongs(made)).toEqual([])
  await server.stop('immediate')
})

/** Steps that the report calls done and the ledger does not have. */
async function claimedButGone(report: string, ...urls: string[]): Promise<string[]> {
  if (report.trim() === '') return []
  const { steps = [] } = JSON.parse(report) as { steps?: { id: string; outcome: string }[] }
  const applied = new Set<string>()
  for (const url of urls) for (const id of await ledgerIds(url)) applied.add(id)
  return steps.filter((step) => step.outcome === 'done' && !applied.has(step.id)).map((step) => step.id)
}

async function ledgerIds(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query("select to_regclass('skein.applied') is not null as there")
    if (!rows[0].there) return []
    const applied = await client.query(
      "select h.service || '@' || a.version as id from skein.applied a join skein.history h on h.id = a.history where a.undone_at is null",
    )
    return applied.rows.map((row) => row.id)
  })
}
