import { expect } from 'vitest'
import { inProcess } from '../../cli/in-process.ts'
import { sql } from '../../cli/kit.ts'
import { freshDatabase } from '../../server.ts'
import { expectSameDump } from '../dump.ts'
import { everything, expectSame } from '../everything.ts'
import { make, type MadeTree, type OddTree } from './tree.ts'

/** Two empty databases and what does the same to each. */
interface Pair {
  ours: string
  theirs: string
  skein: (...words: string[]) => Promise<string>
  same: (when: string) => Promise<void>
}

/** The same after each single step up and down, on PostgreSQL 18; the tool agrees at the top and at the bottom. */
export async function sameSteps(odd: OddTree): Promise<void> {
  const made = make(odd)
  const { real, count } = made
  const { ours, theirs, skein, same } = await pairOf(made, 18)
  for (let n = 1; n <= count; n++) {
    await skein('up', '1')
    await real.up(made.place(theirs), 1)
    await same(`after ${n} up`)
  }
  await agrees(made, ours, same)
  for (let n = count; n >= 1; n--) {
    await skein('down', '1', '--yes', ...hollow(made))
    await real.down(made.place(theirs), 1)
    await same(`after the down of ${n}`)
  }
  expect(await real.status(made.place(ours))).toEqual({ applied: 0, pending: count })
}

/** The same after all ups in one go and all downs in one go, on PostgreSQL 16. */
export async function sameAtOnce(odd: OddTree): Promise<void> {
  const made = make(odd)
  const { real, count } = made
  const { ours, theirs, skein, same } = await pairOf(made, 16)
  await skein('up')
  await real.up(made.place(theirs))
  await same('after all ups')
  await agrees(made, ours, same)
  await skein('down', '--all', '--yes', ...hollow(made))
  await real.downAll(made.place(theirs), count)
  await same('after all downs')
  expect(await real.status(made.place(ours))).toEqual({ applied: 0, pending: count })
}

/** A down that takes nothing back is refused unless it is named. */
function hollow(made: OddTree): string[] {
  return (made.hollow ?? []).flatMap((version) => ['--allow-hollow', `app@${version}`])
}

/** The tool says that all is applied, and its up changes nothing. */
async function agrees({ real, count, place }: MadeTree, ours: string, same: Pair['same']): Promise<void> {
  expect(await real.status(place(ours))).toEqual({ applied: count, pending: 0 })
  await real.up(place(ours))
  await same("after the tool's up, with nothing to do")
}

async function pairOf(made: MadeTree, major: 16 | 18): Promise<Pair> {
  const [{ url: ours }, { url: theirs }] = [await freshDatabase(major), await freshDatabase(major)]
  if (made.before !== undefined) for (const url of [ours, theirs]) await sql(url, made.before(url))
  // The tool's rows are compared by what they say: the order in which Alembic writes several is not one.
  const dump = { major, rowless: [made.real.table, ...(made.rowless ?? [])] }
  return {
    ours,
    theirs,
    async skein(...words) {
      const ran = await inProcess(made.root, words, { env: { PATH: process.env.PATH, DATABASE_URL: ours, ...made.env } })
      const said = `${ran.stdout}${ran.stderr}`
      expect({ words, code: ran.code, said }).toEqual({ words, code: 0, said })
      return said
    },
    async same(when) {
      expectSame(await everything(ours, made.real), await everything(theirs, made.real), when)
      await expectSameDump(ours, theirs, dump, when)
    },
  }
}
