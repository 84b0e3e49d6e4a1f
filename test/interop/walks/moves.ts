import fc from 'fast-check'

/** What can be done, in the order of the table in docs/reference/walks.md. */
export const operations = ['up N', 'up', 'down N', 'goto', 'redo', 'claim', 'create', 'late', 'edit'] as const
export type Operation = (typeof operations)[number]

/** Who does it: `late` and `edit` are done by a person. */
export const engines = ['skein', 'tool', 'person'] as const
export type Engine = (typeof engines)[number]

/** One thing to do, and who does it to the shared database. */
export interface Move {
  by: 'skein' | 'tool'
  what: Operation
  /** Which, or how many: taken modulo what there is. */
  n: number
}

/** How a service can stand before a move; of several that are true, the first. */
export const states = ['edited', 'late pending', 'forced', 'empty', 'some applied', 'all applied'] as const
export type State = (typeof states)[number]

/** Moves come as often as they stand here. */
const weighted: Operation[] = [
  ...(['up N', 'up N', 'up N', 'up', 'up', 'down N', 'down N', 'down N'] as const),
  ...(['goto', 'goto', 'redo', 'redo', 'claim', 'claim', 'create', 'late', 'late', 'edit', 'edit'] as const),
]

/** Lists of moves; a list that fails shrinks to those that make it fail, as null is no move. */
export function moveLists(length: number): fc.Arbitrary<(Move | null)[]> {
  const move = fc.record({
    by: fc.constantFrom('skein' as const, 'tool' as const),
    what: fc.constantFrom(...weighted),
    n: fc.nat(11),
  })
  return fc.array(fc.option(move, { nil: null, freq: 40 }), { minLength: length, maxLength: length })
}

/** A move in words, as a counterexample is printed. */
export function told({ by, what, n }: Move): string {
  return `${what === 'late' || what === 'edit' ? 'person' : by} ${what} (${n})`
}
