import type { Place } from '../../../model/errors.ts'

/** The place of an offset (UTF-16) in a text: line and column 1-based, columns in characters. */
export function placeAt(file: string, text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return { file, line: before.split('\n').length, column: Array.from(before.slice(start)).length + 1 }
}
