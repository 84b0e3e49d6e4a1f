/** Trees that stop the tool, or Skein, or both; and the two that the tool loses without a word. */
import { expect, it } from 'vitest'
import { inProcess } from '../../cli/in-process.ts'
import { sql } from '../../cli/kit.ts'
import { freshDatabase } from '../../server.ts'
import type { alembic } from '../real-tools.ts'
import { refusedTrees } from './refused.ts'
import { make } from './tree.ts'

it.concurrent.each(refusedTrees.map((odd) => [odd.name, odd] as const))('%s', { timeout: 240_000 }, async (_name, odd) => {
  const made = make({ ...odd, count: 0 })
  const [{ url: ours }, { url: theirs }] = [await freshDatabase(), await freshDatabase()]
  const real = odd.real as ReturnType<typeof alembic>
  const [tool, skein] = [
    { said: '', failed: false },
    { said: '', code: 0 },
  ]
  for (const words of odd.words) {
    const told = await real.say(made.place(theirs), ...words.tool).then(
      (said) => ({ said, failed: false }),
      (error: Error) => ({ said: error.message, failed: true }),
    )
    Object.assign(tool, told)
    const ran = await inProcess(made.root, words.skein, { env: { PATH: process.env.PATH, DATABASE_URL: ours } })
    Object.assign(skein, { said: ran.stdout + ran.stderr, code: ran.code })
  }
  expect(tool).toEqual({
    said: odd.toolSays === undefined ? tool.said : expect.stringMatching(odd.toolSays),
    failed: odd.toolSays !== undefined,
  })
  expect(skein).toEqual({ said: expect.stringMatching(odd.skein.says), code: odd.skein.code })
  const left = async (url: string) => (await sql<{ left: string }>(url, odd.left.query))[0]?.left
  expect({ tool: await left(theirs), skein: await left(ours) }).toEqual({ tool: odd.left.tool, skein: odd.left.skein })
})
