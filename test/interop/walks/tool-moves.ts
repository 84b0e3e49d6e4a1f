/** The real tool does something: to the shared database as to its twin, and both times it must end the same way. */
import { expect } from 'vitest'
import type { Place } from '../real-tools.ts'
import type { Move } from './moves.ts'
import { commands } from './tool-commands.ts'
import { without, type World } from './world.ts'

export interface ToolDid {
  told: string
  /** Those that it took back and ran again. */
  redone: number[]
  isClaim: boolean
  /** What it said where it refused, the same on both. */
  refused?: string
}

/** Undefined where the tool has no such command. */
export async function toolMove(world: World, { what, n }: Move): Promise<ToolDid | undefined> {
  const { name, files, applied, tree: of } = world
  const tool = commands[name]
  const pending = files.filter((one) => !applied.includes(one))
  const count = (n % 3) + 1
  const top = Math.max(-1, ...applied)
  const both = async (told: string, act: (at: Place) => Promise<unknown>, more: Partial<ToolDid> = {}): Promise<ToolDid> => {
    const [theirs, ours] = await Promise.all([ended(() => act(world.twin)), ended(() => act(world.ours))])
    expect({ told, ended: ours?.code }, `${ours?.said}\nbut alone:\n${theirs?.said}`).toEqual({ told, ended: theirs?.code })
    return { told: `${name} ${told}`, redone: [], isClaim: false, ...more, ...(theirs && { refused: theirs.code }) }
  }
  if (what === 'up') return both('up', (at) => tool.up(at, n))
  if (what === 'up N') {
    const { upN } = tool
    const versions = pending.map((one) => of.version(one))
    if (upN !== undefined) return both(`up ${count}`, (at) => upN(at, count, n, versions))
    return without(world, pending.slice(count), () => both(`up ${count}`, (at) => tool.up(at, n)))
  }
  if (what === 'down N') return both(`down ${count}`, (at) => tool.downN(at, count, n))
  if (what === 'redo') {
    const { redo } = tool
    const order = name === 'goose' ? applied : applied.toSorted((a, b) => a - b)
    const redone = order.slice(name === 'goose' ? -1 : -((n % 2) + 1))
    return redo && both('redo', (at) => redo(at, n), { redone })
  }
  const target = files[n % files.length] ?? 0
  if (what === 'goto') {
    const { goto } = tool
    return goto && both(`goto ${target}`, (at) => goto(at, of.version(target), target < top))
  }
  const { claim } = tool
  const version = n === 11 ? null : of.version(target)
  return claim && both(`claims ${version}`, (at) => claim(at, version, n), { isClaim: true })
}

/** How a command failed: what it said without what differs between two databases. Undefined: it did not. */
async function ended(act: () => Promise<unknown>): Promise<{ code: string; said: string } | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return { code: /ended with (\d+)/.exec(said)?.[1] ?? 'killed', said }
  }
}
