/** The real tool does to the twin what Skein did to the shared database. Where its own way is another on purpose, by its other commands, or by hand. */
import { againBody } from './bodies.ts'
import { byHand, rowsByHand } from './by-hand.ts'
import { commands } from './tool-commands.ts'
import { without, type World } from './world.ts'

/** Takes these back, greatest first, then runs those, least first. `view`: what Skein takes for applied before it. */
export async function follow(world: World, view: readonly number[], downs: readonly number[], ups: readonly number[]): Promise<void> {
  if (world.name === 'golang-migrate') return followOneRow(world, view, downs, ups)
  if (downs.length > 0) await takeBack(world, downs)
  if (ups.length > 0) await run(world, downs, ups)
}

/** goose and TypeORM take back what ran last, Skein what has the greatest version. */
async function takeBack(world: World, downs: readonly number[]): Promise<void> {
  const { name, tree: of, twin, applied } = world
  const byTool = ['goose', 'typeorm'].includes(name) ? applied.toReversed() : applied.toSorted((a, b) => b - a)
  const same = downs.every((n, at) => byTool[at] === n)
  if (same || name === 'golang-migrate' || name === 'alembic') {
    await commands[name].downN(twin, downs.length, 0)
    return
  }
  const down = (n: number) => againBody(n, world.kinds.get(n) ?? 0, 1).down
  for (const n of downs) await byHand(twin.url, [...down(n), rowsByHand[name].remove(of.version(n))])
}

/** Exactly these, in the tool's own order, since nothing else that is pending has a file meanwhile. `gone`: what was taken back just now. */
async function run(world: World, gone: readonly number[], ups: readonly number[]): Promise<void> {
  const { name, twin, files, applied } = world
  const tool = commands[name]
  if (name === 'alembic') {
    await tool.upN?.(twin, ups.length, 0, [])
    return
  }
  const others = files.filter((n) => (!applied.includes(n) || gone.includes(n)) && !ups.includes(n))
  await without(world, others, () => tool.up(twin, 0))
}

/**
 * golang-migrate passes over a file that came late, and goes back to it though it never ran. To run it with the tool one forces the version before,
 * goes up by one, and forces the version that it was at.
 */
async function followOneRow(world: World, view: readonly number[], downs: readonly number[], ups: readonly number[]): Promise<void> {
  const { twin, files, tree: of } = world
  const { claim, upN, downN } = commands['golang-migrate']
  const there = new Set(view)
  let row = Math.max(-1, ...view)
  const force = async (n: number) => {
    if (n !== row) await claim?.(twin, n < 0 ? null : of.version(n), 0)
    row = n
  }
  const before = (n: number) => Math.max(-1, ...files.filter((one) => one < n))
  for (const n of downs) {
    await force(n)
    await downN(twin, 1, 0)
    row = before(n)
    there.delete(n)
    await force(Math.max(-1, ...there))
  }
  for (const n of ups) {
    const greatest = row
    await force(before(n))
    await upN?.(twin, 1, 0, [])
    row = n
    there.add(n)
    await force(Math.max(n, greatest))
  }
}

/** The tool's word for what Skein's `force` and `mark` said: `added` and `removed` by version, `last` what is the greatest then. */
export async function claimOnTwin(
  world: World,
  added: readonly number[],
  removed: readonly number[],
  last: number | undefined,
): Promise<void> {
  const { name, tree: of, twin } = world
  if (name === 'golang-migrate' || name === 'alembic') {
    await commands[name].claim?.(twin, last === undefined ? null : of.version(last), 0)
    return
  }
  const { create, add, remove } = rowsByHand[name]
  await byHand(twin.url, [create, ...removed.map((n) => remove(of.version(n))), ...added.map((n) => add(n, of.version(n)))])
}
