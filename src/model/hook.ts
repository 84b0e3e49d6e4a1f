import type { Place } from './errors.ts'

/** When hooks run, outermost first. */
export const hookMoments = ['before-run', 'before-service', 'before-step', 'after-step', 'after-service', 'after-run'] as const
export type HookMoment = (typeof hookMoments)[number]

/** A command or some SQL of the user's that runs before or after something. */
export interface Hook {
  moment: HookMoment
  /** Its `name`, else the place where it is written. Never the command or the SQL: those may hold secrets. */
  name: string
  place: Place
  /** A text for /bin/sh, or a program with its arguments. */
  run?: string | readonly string[]
  /** SQL itself, or the absolute path of a file of it. */
  sql?: { text: string } | { file: string }
  /** Milliseconds. */
  timeoutMs: number
  /** Of one that runs after something: after what end of it. */
  on: readonly ('success' | 'failure')[]
  /** Of one that runs after something: its failure is a failure of the run. */
  required: boolean
  /** Absolute folder of the file that says it: where its command runs. */
  folder: string
  /** How many files and services stand around what says it; 0: the outermost file. */
  depth: number
}

/** How what a hook runs after has ended. */
export type HookStatus = 'success' | 'failure' | 'interrupted'
