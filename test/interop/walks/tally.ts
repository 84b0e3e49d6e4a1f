import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ToolInTests } from '../real-tools.ts'
import type { Engine, Operation, State } from './moves.ts'

/** How often what was done: operation × state × engine. */
export interface Tally {
  tool: ToolInTests
  seed: number
  walks: number
  steps: number
  /** By `operation|state|engine`. */
  cells: Record<string, number>
  /** How often Skein, or the tool, refused as it should, by what it said. */
  refusals: Record<string, number>
}

export const emptyTally = (tool: ToolInTests, seed: number): Tally => ({ tool, seed, walks: 0, steps: 0, cells: {}, refusals: {} })

export function count(tally: Tally, what: Operation, state: State, by: Engine): void {
  const cell = `${what}|${state}|${by}`
  tally.cells[cell] = (tally.cells[cell] ?? 0) + 1
  tally.steps++
}

export function refused(tally: Tally, why: string): void {
  tally.refusals[why] = (tally.refusals[why] ?? 0) + 1
}

/** Leaves the tally where scripts/walks.mjs looks for it; nothing where nobody does. */
export function leave(tally: Tally): void {
  const folder = process.env.SKEIN_WALKS_TALLY
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${tally.tool}.json`), JSON.stringify(tally))
}
