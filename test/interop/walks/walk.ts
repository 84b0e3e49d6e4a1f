/** Both engines in turns on one database, beside a twin that only the real tool has seen: after each step nobody can tell them apart. */
import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import { everything, expectSame } from '../everything.ts'
import type { ToolInTests } from '../real-tools.ts'
import { addLate, create, edit } from './files.ts'
import { type Move, moveLists, told } from './moves.ts'
import { type Skein, skeinMove, skeinOf } from './skein-moves.ts'
import { count, emptyTally, leave, refused, type Tally } from './tally.ts'
import { toolMove } from './tool-moves.ts'
import { follow } from './twin.ts'
import { late, newWorld, policies, readLedger, readTable, skeinView, stateOf, type World } from './world.ts'

/** Tools that take a second to start are asked less often what they think. */
const slow: readonly ToolInTests[] = ['typeorm', 'alembic']

/** Walks from nothing. Fails with what was done so far. */
export async function walkOf(name: ToolInTests, list: readonly (Move | null)[], tally: Tally): Promise<void> {
  const world = await newWorld(name)
  const skein = skeinOf(world)
  const said: string[] = []
  try {
    for (const move of list) {
      const done = move === null ? undefined : await step(world, move, skein, tally)
      if (done === undefined) continue
      said.push(done)
      await check(world, skein, done)
    }
    said.push('at the end')
    await goOn(world, skein)
  } catch (error) {
    throw new Error(`${name}: ${said.join(' · ')}\n${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    rmSync(world.tree.root, { recursive: true })
  }
}

/** Says what was done; undefined where there is nothing that could be. */
async function step(world: World, move: Move, skein: Skein, tally: Tally): Promise<string | undefined> {
  const state = stateOf(world)
  const { what, by } = move
  if (what === 'late' || what === 'edit') {
    const done = what === 'late' ? addLate(world, move) : edit(world, move)
    if (done === undefined) return undefined
    if (what === 'late') await settle(world, { isClaim: false, redone: [] })
    count(tally, what, state, 'person')
    return done
  }
  if (what === 'create') {
    const done = await create(world, move, skein)
    count(tally, what, state, by)
    return done
  }
  const did =
    by === 'skein' ? await skeinMove(world, move, skein, tally, () => same(world, `${told(move)}, refused`)) : await toolMove(world, move)
  if (did === undefined) return undefined
  count(tally, what, state, by)
  if ('refused' in did && did.refused !== undefined) refused(tally, `${world.name}: ${what}, ${state}`)
  await settle(world, did)
  if ('wrote' in did && did.wrote) expectLedger(world, did.told)
  return did.told
}

/** Reads what both sides say now, and remembers what ran as which edition. */
async function settle(world: World, { isClaim, redone }: { isClaim: boolean; redone: readonly number[] }): Promise<void> {
  const before = world.applied
  world.applied = await readTable(world, world.twin.url)
  await readLedger(world)
  const came = world.applied.filter((n) => !before.includes(n))
  const went = before.filter((n) => !world.applied.includes(n))
  for (const n of [...came, ...redone]) world.ran.set(n, world.editions.get(n) ?? 1)
  for (const n of [...came, ...went, ...redone]) {
    if (isClaim) world.claimed.add(n)
    else world.claimed.delete(n)
  }
}

/** What Skein wrote is in both, and nothing else. */
function expectLedger(world: World, done: string): void {
  expect(
    [...world.ledger.keys()].toSorted((a, b) => a - b),
    `${done}: the ledger`,
  ).toEqual(skeinView(world))
}

async function same({ ours, twin, tree: of }: World, when: string): Promise<void> {
  const [here, there] = await Promise.all([everything(ours.url, of.tool), everything(twin.url, of.tool)])
  expectSame(here, there, when)
}

/** The tool's table is what the tool would say, and Skein says what is true. */
async function check(world: World, skein: Skein, done: string): Promise<void> {
  const { tree: of, ours, twin, files, applied } = world
  await same(world, done)
  expect(await readTable(world, ours.url), `${done}: the tool's table`).toEqual(applied)
  if (!slow.includes(world.name)) {
    const said = await of.tool.status(ours)
    // Looking makes the table of some tools.
    await of.tool.status(twin)
    expect(said, `${done}: the tool's status`).toEqual({ applied: applied.length, pending: files.length - applied.length })
  }
  expect(await skein.pending(), `${done}: pending in skein status`).toBe(files.length - skeinView(world).length)
}

/** Wherever a walk ends, Skein brings it up to date, and the tool has nothing to add. */
async function goOn(world: World, skein: Skein): Promise<void> {
  policies(world, ['changed: warn', 'out-of-order: run'])
  const ran = await skein.once('up')
  if (ran.code === 7) {
    expect(ran.stderr).toMatch(/^(REVERTED|MIXED): /)
    await skein.must('adopt', 'app', '--yes')
    await readLedger(world)
    await skein.must('up')
  } else expect(ran.code, ran.stderr).toBe(0)
  const view = skeinView(world)
  await follow(
    world,
    view,
    [],
    world.files.filter((n) => !view.includes(n)),
  )
  await settle(world, { isClaim: false, redone: [] })
  await same(world, 'Skein brings it up to date')
  expect(late(world)).toEqual([])
  expect(await world.tree.tool.status(world.ours), 'the tool at the end').toEqual({ applied: world.files.length, pending: 0 })
  await skein.must('status', '--check')
}

/** How a set of walks is chosen, from the environment: see scripts/walks.mjs. */
export const seed = Number(process.env.SKEIN_WALK_SEED ?? 20261125)
const path = process.env.SKEIN_WALK_PATH
const shrinking = 120_000

/** The runs that were asked for, or as many as CI does. */
export function runsOf(usual: number): number {
  return Number(process.env.SKEIN_WALKS ?? usual)
}

/** Walks `runs` times. A failing walk is shrunk for two minutes, and told with its seed and path. */
export async function walks(name: ToolInTests, runs: number, length: number): Promise<Tally> {
  const tally = emptyTally(name, seed)
  let failed: number | undefined
  const property = fc.asyncProperty(moveLists(length), async (list) => {
    if (failed !== undefined && Date.now() - failed > shrinking) return
    try {
      await walkOf(name, list, tally)
    } catch (error) {
      failed ??= Date.now()
      throw error
    }
    tally.walks++
    if (tally.walks % 10 !== 0) return
    progress(`${name}: ${tally.walks} of ${runs} walks, ${tally.steps} steps`)
    leave(tally)
  })
  try {
    await fc.assert(property, { seed, numRuns: runs, ...(path === undefined ? {} : { path, endOnFailure: true }) })
  } finally {
    leave(tally)
  }
  return tally
}

function progress(line: string): void {
  if (process.env.SKEIN_WALKS_TALLY !== undefined) process.stderr.write(`${line}\n`)
}
