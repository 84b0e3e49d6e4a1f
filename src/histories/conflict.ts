import { literal } from '../postgres/quote.ts'

const mark = 'history conflict:'

/**
 * An SQL expression that is `value` where `good` holds and raises SQLSTATE 22P02 with our words where it does not, without a function or a
 * DO block: it costs nothing in a pipeline of thousands. `found` makes the text depend on what was read; a constant would be cast while planning.
 * Locks nothing, throws nothing.
 */
export function otherwiseConflict(value: string, type: 'boolean' | 'integer', good: string, what: string, found: string): string {
  return `case when ${good} then ${value} else (${conflictText(what)} || ${found})::${type} end`
}

/** The text of a conflict as an SQL literal, for {@link conflictOf} to find again. */
export function conflictText(what: string): string {
  return literal(`${mark} ${what}`)
}

/**
 * What a history's `write` found to be different from what was read under the lock, out of the server's message; undefined for any other
 * error. The words survive in every language of the server, since it quotes the text that could not be cast. The closing quotation mark goes.
 */
export function conflictOf(error: { code?: string; message: string }): string | undefined {
  if (error.code !== '22P02') return undefined
  const start = error.message.indexOf(mark)
  if (start < 0) return undefined
  const words = error.message.slice(start + mark.length).trim()
  return words.replace(/[^\p{L}\p{N}]+$/u, '')
}
