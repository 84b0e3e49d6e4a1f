import { readFileSync } from 'node:fs'
import type { SqlFile } from '../../model/migration.ts'

/** A file to write, or a part of one. */
export interface Restored {
  path: string
  text: string
}

/** Where up and down are parts of one file, both parts make it: each has an empty line for each line before it (src/util/file-piece.ts). */
export function joinParts(parts: readonly Restored[]): Restored[] {
  const files = new Map<string, string>()
  for (const { path, text } of parts) {
    const before = files.get(path)
    files.set(path, asWritten(before === undefined ? text : before + text.replace(/^(?:\r?\n)+/, '')))
  }
  return [...files].map(([path, text]) => ({ path, text }))
}

/**
 * The file as it is to be written, when `text` takes the place of what `current` says: of a file that is one direction that is `text`; of a part, its
 * lines are replaced and the rest of the file stays as it is. Reads the file.
 */
export function inItsPlace(current: SqlFile, text: string): string {
  const whole = readFileSync(current.path, 'utf8')
  if (whole === current.text()) return text
  const lines = whole.split('\n')
  const part = current.text().split('\n')
  const first = Math.max(
    0,
    part.findIndex((line) => line.trim() !== ''),
  )
  // A part that ends its last line is followed by the line after it.
  const last = part.at(-1) === '' ? part.length - 1 : part.length
  const applied = asWritten(text.replace(/^(?:\r?\n)+/, '')).split('\n')
  if (applied.at(-1) === '') applied.pop()
  // Reading takes carriage returns off the ends of some parts.
  const eol = lines[first]?.endsWith('\r') === true && !text.includes('\r') ? '\r' : ''
  return [...lines.slice(0, first), ...applied.map((line) => line + eol), ...lines.slice(last)].join('\n')
}

/** goose's parts have a semicolon before StatementEnd (src/sources/goose/annotations.ts), with which goose could not read the line. */
function asWritten(text: string): string {
  return text.replace(/^;(?=--\s*\+goose\s+StatementEnd)/gim, '')
}
