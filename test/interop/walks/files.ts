/** What happens to files: one is made by either engine, comes late, or is edited though it was applied. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { canBeEdited } from './bodies.ts'
import type { Move } from './moves.ts'
import { commands, filesFolder, filesIn } from './tool-commands.ts'
import { addFile, skeinView, type World } from './world.ts'
import type { Skein } from './skein-moves.ts'

/**
 * A new file by Skein's `new` or the tool's own command. Both engines have to see it as pending; then one takes its place that has a body, and a
 * version of our counting where versions are times: two of one second would be one.
 */
export async function create(world: World, { by }: Move, skein: Skein): Promise<string> {
  const { name, ours, twin, files, applied, tree: of } = world
  const before = filesIn(name, ours)
  if (by === 'skein') await skein.must('new', 'app', 'made')
  else await commands[name].create(ours)
  const made = filesIn(name, ours).filter((one) => !before.includes(one))
  expect(made.length, `${by} made ${made.join(', ')}`).toBe(name === 'golang-migrate' ? 2 : 1)
  const said = await of.tool.status(ours)
  // Their own looks make the table of some tools.
  await of.tool.status(twin)
  expect(said, `the tool's status after ${made[0]}`).toEqual({ applied: applied.length, pending: files.length + 1 - applied.length })
  expect(await skein.pending(), `skein status after ${made[0]}`).toBe(files.length + 1 - skeinView(world).length)
  for (const file of made) rmSync(join(filesFolder(name, ours), file), { recursive: true })
  const next = Math.max(...files) + 1
  if (name === 'golang-migrate' || name === 'goose') expect(Number.parseInt(made[0] ?? '', 10)).toBe(next)
  addFile(world, next)
  return `${by} makes ${next}`
}

/** A file below something that is applied. Undefined where there is no room, or nothing applied. */
export function addLate(world: World, { n }: Move): string | undefined {
  const { files, applied } = world
  if (world.name === 'alembic') return undefined
  const top = Math.max(-1, ...applied)
  const places = files.filter((one) => one <= top).map((one) => one - 5)
  const free = places.flatMap((one) => [one, one + 2]).filter((one) => one > 0 && one < top && !files.includes(one))
  const number = free[n % free.length]
  if (number === undefined) return undefined
  addFile(world, number)
  return `a person adds ${number}`
}

/** Another edition of an applied file. Undefined where there is none. */
export function edit(world: World, { n }: Move): string | undefined {
  const can = world.applied.filter((one) => canBeEdited(world.kinds.get(one) ?? 0))
  const number = can[n % can.length]
  if (number === undefined) return undefined
  world.editions.set(number, (world.editions.get(number) ?? 1) + 1)
  world.tree.rewrite(number)
  return `a person edits ${number}`
}
