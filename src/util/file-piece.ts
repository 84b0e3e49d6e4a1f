import { createHash } from 'node:crypto'
import type { SqlFile } from '../model/migration.ts'

/** Takes a part out of a file's text, given with one character for each byte (latin1), so that no byte is changed by reading it. */
export type Cut = (text: string) => string

/**
 * A part of a file as a file of its own: the up, or the down, of a tool that keeps both in one. `cut` keeps an empty line for each line before the
 * part ({@link fromLine}), so that lines and columns of a failure are those of the whole file. `raw`, `text` and `sha256` are those of the part, so
 * that a change of the down is no change of the up. What is read later must be what was there when the piece was made: throws SOURCE-UNREADABLE.
 */
export function filePiece(whole: SqlFile, cut: Cut): SqlFile {
  return new FilePiece(whole, cut)
}

/** `text.slice(start, end)` on the line where it stands in `text`. `start` is the beginning of a line. */
export function fromLine(text: string, start: number, end?: number): string {
  let before = ''
  for (let at = text.indexOf('\n'); at !== -1 && at < start; at = text.indexOf('\n', at + 1)) before += '\n'
  return before + text.slice(start, end)
}

class FilePiece implements SqlFile {
  readonly kind = 'sql'
  readonly path: string
  readonly file: string
  readonly #whole: SqlFile
  readonly #cut: Cut
  #bytes: Buffer | undefined
  #hash: string | undefined

  constructor(whole: SqlFile, cut: Cut) {
    this.path = whole.path
    this.file = whole.file
    this.#whole = whole
    this.#cut = cut
    // The hash told once, the whole file may not become another one.
    whole.sha256()
  }

  raw(): Buffer {
    return (this.#bytes ??= Buffer.from(this.#cut(this.#whole.raw().toString('latin1')), 'latin1'))
  }

  text(): string {
    return this.raw().toString('utf8')
  }

  sha256(): string {
    if (this.#hash !== undefined) return this.#hash
    const kept = this.#bytes !== undefined
    this.#hash = createHash('sha256').update(this.raw()).digest('hex')
    if (!kept) this.forget()
    return this.#hash
  }

  forget(): void {
    this.#bytes = undefined
    this.#whole.forget()
  }
}
