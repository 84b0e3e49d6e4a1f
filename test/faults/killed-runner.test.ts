import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { privateServer } from '../server.ts'
import { appliedSteps, wrongs } from './invariants.ts'
import { chance, databases, skein, story, up } from './kit.ts'
import { workspace } from './workspace.ts'

const kills = 32

test(`a runner killed ${kills} times at random in a plan of 200 steps of three tools with concurrent indexes: no step lost, none twice, no INVALID index`, {
  timeout: 180_000,
}, async () => {
  const random = chance('killed runner')
  const server = await privateServer()
  let [killed, amid, plans] = [0, 0, 0]
  while (killed < kills) {
    const [one = '', two = ''] = await databases(server, `one${plans}`, `two${plans}`)
    plans++
    const made = workspace(
      { name: 'alpha', tool: 'golang-migrate', database: one, steps: 70, alone: 6 },
      { name: 'beta', tool: 'numbered', database: one, steps: 70, alone: 6 },
      { name: 'gamma', tool: 'diesel', database: two, steps: 60, alone: 6 },
    )
    while (killed < kills && (await appliedSteps(made)) < 200) {
      const runner = skein(made.folder, ['up'])
      // Mostly amid the steps; at times while it starts, looks, locks or makes its tables.
      const atWork = random(0, 4) > 0
      if (atWork) await Promise.race([runner.until(/✓/), runner.ended]).catch(() => undefined)
      await sleep(atWork ? random(0, 50) : random(100, 500))
      runner.child.kill('SIGKILL')
      const ended = await runner.ended
      if (ended.signal !== 'SIGKILL') expect(ended.code, story(ended)).toBe(0)
      else killed++
      if (ended.signal === 'SIGKILL' && /✓/.test(ended.stderr)) amid++
      expect(await wrongs(made)).toEqual([])
    }
    const last = await up(made.folder)
    expect(last.code, story(last)).toBe(0)
    expect(await wrongs(made, true)).toEqual([])
  }
  console.log(`killed ${killed} times in ${plans} plans of 200 steps, ${amid} of them amid the steps`)
  expect(killed).toBeGreaterThanOrEqual(30)
  await server.stop('immediate')
})
