import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Place, SkeinError } from '../../model/errors.ts'
import { unreadable } from '../../util/folder.ts'

/** A value as PostgreSQL will read it: the text form of its column's type, or null. Lists and objects are known as such until the column is. */
export type Value = string | null | { list: Value[]; json: string } | { json: string }

export interface Row {
  /** Line of the file where it begins. */
  line: number
  values: ReadonlyMap<string, Value>
}

/** The rows of one file for one table. */
export interface Part {
  file: string
  /** As written: `schema.table` or `table`. */
  table: string
  line: number
  /** Columns that make a row the same row, where the file says so. */
  key?: readonly string[]
  rows: Row[]
}

/** A file of seeds, read and split. SQL stays text. */
export interface SeedFile {
  /** Relative to the workspace. */
  file: string
  /** Relative to the folder of seeds: what the ledger knows it by. */
  name: string
  /** SHA-256 of the bytes. */
  hash: string
  sql?: string
  parts: Part[]
}

/** A file that cannot be used as it stands, with its place. */
export function invalid(place: Place, message: string, hint?: string): SkeinError {
  const where = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
  return new SkeinError('SEED-INVALID', { message: `${where}: ${message}`, hint: hint ?? 'correct the file; nothing was run', place })
}

/** Text and SHA-256 of a file; a byte order mark is left out. Throws SOURCE-UNREADABLE, and SEED-INVALID for what is no UTF-8, empty, or holds NUL. */
export function readText(path: string, file: string): { text: string; hash: string } {
  const bytes = readBytes(path, file)
  const hash = createHash('sha256').update(bytes).digest('hex')
  const nul = bytes.indexOf(0)
  if (nul >= 0)
    throw invalid({ file, line: lineAt(bytes.toString('latin1'), nul) }, 'there is a NUL character, which PostgreSQL cannot hold')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalid({ file }, 'it is not UTF-8', 'save it as UTF-8; nothing was run')
  }
  if (text.trim() === '') throw invalid({ file }, 'it is empty', 'take it away, or give it rows; nothing was run')
  return { text, hash }
}

/** 1-based line of an index. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

function readBytes(path: string, file: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw unreadable(file, cause)
  }
}
