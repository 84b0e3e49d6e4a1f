/** Skein does something to the shared database: what it should do is told beforehand, and what it should refuse is refused, without a trace. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { inProcess } from '../../cli/in-process.ts'
import type { Ran } from '../../cli/kit.ts'
import type { Move } from './moves.ts'
import { refused, type Tally } from './tally.ts'
import { claimOnTwin, follow } from './twin.ts'
import { changed, late, lost, policies, readLedger, skeinView, type World } from './world.ts'

export interface Skein {
  once(...words: string[]): Promise<Ran>
  /** Fails unless it ends with 0. */
  must(...words: string[]): Promise<Ran>
  pending(): Promise<number>
}

export interface SkeinDid {
  told: string
  redone: number[]
  isClaim: boolean
  /** It wrote, so the ledger has to agree with the tool's table. */
  wrote: boolean
}

export function skeinOf({ tree: of, ours }: World): Skein {
  const once = (...words: string[]) => inProcess(of.root, words, { env: { PATH: process.env.PATH, DATABASE_URL: ours.url } })
  const must = async (...words: string[]) => {
    const ran = await once(...words)
    if (ran.code !== 0) throw new Error(`skein ${words.join(' ')} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`)
    return ran
  }
  const pending = async () => {
    const { services } = JSON.parse((await must('status', '--json')).stdout) as { services: { pending: number }[] }
    return services[0]?.pending ?? Number.NaN
  }
  return { once, must, pending }
}

/** What a command line has to do. */
interface Expected {
  words: string[]
  downs: number[]
  ups: number[]
  refuses?: 'CHANGED' | 'OUT-OF-ORDER' | 'NOTHING-TO-UNDO'
}

export async function skeinMove(world: World, move: Move, skein: Skein, tally: Tally, unchanged: () => Promise<void>): Promise<SkeinDid> {
  if (move.what === 'claim') return claim(world, move, skein, tally, unchanged)
  for (let asked = 0; asked < 4; asked++) {
    const expected = expectedOf(world, move)
    const { words, downs, ups, refuses } = expected
    const ran = await skein.once(...words)
    if (await tookTheWord(world, ran, skein, tally, unchanged)) continue
    if (refuses === undefined) {
      if (ran.code !== 0) throw new Error(`skein ${words.join(' ')} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`)
      return done(world, words, downs, ups)
    }
    expect({ words, code: ran.code, said: ran.stderr }).toMatchObject({ words, said: expect.stringMatching(`^${refuses}: `) })
    expect(ran.code, ran.stderr).toBe(refuses === 'NOTHING-TO-UNDO' ? 2 : 7)
    await unchanged()
    refused(tally, `Skein: ${refuses}`)
    if (refuses === 'NOTHING-TO-UNDO') return { told: `skein ${words.join(' ')}: ${refuses}`, redone: [], isClaim: false, wrote: false }
    const settled = await remedy(world, move, expected, skein)
    if (settled !== undefined) return settled
  }
  throw new Error('four remedies, and it is still refused')
}

/** The tool took back what may have gone half-way, or did several things since the last look: somebody has to say whom to believe. */
async function tookTheWord(world: World, ran: Ran, skein: Skein, tally: Tally, unchanged: () => Promise<void>): Promise<boolean> {
  const found = ran.code === 7 ? /^(REVERTED|MIXED):[^]*skein (adopt app) takes the word/.exec(ran.stderr) : null
  if (found === null) return false
  expect(lost(world), ran.stderr).not.toEqual([])
  await unchanged()
  await skein.must(...(found[2] ?? '').split(' '), '--yes')
  refused(tally, `Skein: ${found[1]}`)
  await readLedger(world)
  return true
}

function expectedOf(world: World, { what, n }: Move): Expected {
  const view = skeinView(world)
  const pending = world.files.filter((one) => !view.includes(one))
  const count = (n % 3) + 1
  const edited = changed(world).length > 0
  const way = edited ? 'CHANGED' : late(world).length > 0 ? 'OUT-OF-ORDER' : undefined
  if (what === 'up') return { words: ['up'], downs: [], ups: pending, refuses: way }
  if (what === 'up N') return { words: ['up', String(count)], downs: [], ups: pending.slice(0, count), refuses: way }
  if (what === 'goto') return gotoOf(world, n, view, way)
  const downs = view.toReversed().slice(0, count)
  const nothing = downs.length === 0 ? ('NOTHING-TO-UNDO' as const) : undefined
  const ups = what === 'redo' ? downs.toReversed() : []
  return { words: [what === 'redo' ? 'redo' : 'down', String(count), '--yes'], downs, ups, refuses: nothing }
}

function gotoOf(world: World, n: number, view: readonly number[], way: Expected['refuses']): Expected {
  const target = world.files[n % (world.files.length + 1)]
  const words = ['goto', target === undefined ? 'none' : world.tree.version(target), '--yes']
  const downs = view.filter((one) => target === undefined || one > target).toReversed()
  const left = view.filter((one) => !downs.includes(one))
  const wanted = world.files.filter((one) => target !== undefined && one <= target && !view.includes(one))
  // Refused is only a way up; on a way down a file that would still be late is left where it is.
  const [first = Infinity] = wanted
  return downs.length > 0 ? { words, downs, ups: first < Math.max(-1, ...left) ? [] : wanted } : { words, downs, ups: wanted, refuses: way }
}

/** What the message offers. Gives what it did where that was the move already. */
async function remedy(world: World, move: Move, { words, ups, refuses }: Expected, skein: Skein): Promise<SkeinDid | undefined> {
  if (refuses === 'OUT-OF-ORDER') {
    await withPolicies(world, ['out-of-order: run'], () => skein.must(...words))
    return done(world, [...words, '(out-of-order: run)'], [], ups)
  }
  const wrong = changed(world)
  if (move.n % 3 === 2) return redoChanged(world, Math.min(...wrong), skein)
  const choice = move.n % 3 === 0 ? 'accept' : 'restore'
  for (const n of wrong) {
    await skein.must('repair', 'app', world.tree.version(n), '--choose', choice, '--because', 'a walk')
    if (choice === 'accept') world.ran.set(n, world.editions.get(n) ?? 1)
    else restored(world, n)
  }
  await readLedger(world)
  return undefined
}

/** The file is, byte for byte, what it was when the ledger saw it. */
function restored(world: World, n: number): void {
  world.editions.set(n, world.ledger.get(n) ?? 1)
  for (const [file, text] of Object.entries(world.tree.render(n)))
    expect(readFileSync(join(world.tree.folder, file), 'utf8'), `${file}, restored`).toBe(text)
}

/** With `changed: redo` an up goes back to the first changed one, and runs all that follows. */
async function redoChanged(world: World, first: number, skein: Skein): Promise<SkeinDid> {
  const view = skeinView(world)
  const downs = view.filter((n) => n >= first).toReversed()
  const ups = world.files.filter((n) => downs.includes(n) || !view.includes(n))
  await withPolicies(world, ['changed: redo', 'out-of-order: run'], () => skein.must('up', '--yes'))
  return done(world, ['up', '(changed: redo)'], downs, ups)
}

async function withPolicies(world: World, lines: readonly string[], what: () => Promise<unknown>): Promise<void> {
  policies(world, lines)
  try {
    await what()
  } finally {
    policies(world)
  }
}

async function done(world: World, words: readonly string[], downs: readonly number[], ups: readonly number[]): Promise<SkeinDid> {
  await follow(world, skeinView(world), downs, ups)
  const redone = ups.filter((n) => downs.includes(n))
  return { told: `skein ${words.join(' ')}`, redone, isClaim: false, wrote: downs.length + ups.length > 0 }
}

/** `force` says where the service stands; `mark` says it of one migration, where the tool's table can. */
async function claim(world: World, { n }: Move, skein: Skein, tally: Tally, unchanged: () => Promise<void>): Promise<SkeinDid> {
  const { files, tree: of } = world
  const view = () => skeinView(world)
  const target = files[n % (files.length + 1)]
  const isMark = n % 2 === 1 && target !== undefined && world.name !== 'golang-migrate' && world.name !== 'alembic'
  const wasThere = target !== undefined && view().includes(target)
  const words = isMark
    ? ['mark', 'app', of.version(target), wasThere ? '--not-applied' : '--applied']
    : ['force', 'app', target === undefined ? 'none' : of.version(target)]
  const all = [...words, '--because', 'a walk', '--yes']
  const ran = await skein.once(...all)
  if (await tookTheWord(world, ran, skein, tally, unchanged)) await skein.must(...all)
  else if (ran.code !== 0) throw new Error(`skein ${all.join(' ')} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`)
  const before = world.applied
  const wanted = isMark
    ? files.filter((one) => (one === target ? !wasThere : before.includes(one)))
    : files.filter((one) => target !== undefined && one <= target)
  const added = wanted.filter((one) => !before.includes(one))
  const removed = before.filter((one) => !wanted.includes(one))
  const changes = added.length + removed.length > 0
  // Both make their table where it is not there yet, also to say nothing in it.
  await claimOnTwin(world, added, removed, wanted.at(-1))
  return { told: `skein ${words.join(' ')}`, redone: [], isClaim: true, wrote: changes }
}
