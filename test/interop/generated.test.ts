/** A history with a bit of everything, in the files of each tool: step by step, both make the same of it. */
import { expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { freshDatabase } from '../server.ts'
import { everything, expectSame } from './everything.ts'
import type { ToolInTests } from './real-tools.ts'
import { tree } from './trees.ts'

/** How many migrations: fewer where each step starts a runtime twice. */
const trees: [ToolInTests, number][] = [
  ['golang-migrate', 12],
  ['diesel', 12],
  ['goose', 12],
  ['dbmate', 12],
  ['typeorm', 6],
  ['alembic', 6],
]

it.concurrent.each(trees)('%s: the same after every single step up and down', { timeout: 240_000 }, async (name, count) => {
  const made = tree(name, count)
  const [ours, theirs] = [await freshDatabase(), await freshDatabase()]
  const place = (url: string) => ({ folder: made.folder, service: made.service, url })
  const skein = async (...words: string[]) => {
    const ran = await inProcess(made.root, words, { env: { PATH: process.env.PATH, DATABASE_URL: ours.url } })
    expect({ words, code: ran.code, said: ran.stdout + ran.stderr }).toEqual({ words, code: 0, said: ran.stdout + ran.stderr })
  }
  const same = async (when: string) => expectSame(await everything(ours.url, made.tool), await everything(theirs.url, made.tool), when)
  for (let n = 1; n <= count; n++) {
    await skein('up', '1')
    await made.tool.up(place(theirs.url), 1)
    await same(`after ${n} up`)
  }
  expect(await made.tool.status(place(ours.url))).toEqual({ applied: count, pending: 0 })
  await made.tool.up(place(ours.url))
  await same('after an up of the tool with nothing to do')
  for (let n = count; n >= 1; n--) {
    await skein('down', '1', '--yes')
    await made.tool.down(place(theirs.url), 1)
    await same(`after the down of ${n}`)
  }
  expect(await made.tool.status(place(ours.url))).toEqual({ applied: 0, pending: count })
})
