import { skeleton } from './skeleton.ts'

/**
 * A large text cut into pieces behind semicolons that stand in no string, body or comment. A cut may still be inside a statement (BEGIN ATOMIC,
 * CREATE RULE): then the piece before it does not parse, and the text has to be parsed whole. Pieces that all parse say what the whole
 * says, and their trees need not be in memory together: those of some megabytes take a gigabyte.
 */
export function chunks(text: string, size: number): string[] {
  const code = skeleton(text)
  const pieces: string[] = []
  let from = 0
  while (text.length - from > size) {
    const end = code.indexOf(';', from + size)
    if (end === -1) break
    pieces.push(text.slice(from, end + 1))
    from = end + 1
  }
  pieces.push(text.slice(from))
  return pieces
}
