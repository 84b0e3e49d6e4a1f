import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SkeinError } from '../../model/errors.ts'

/** psql's commands that lead to another database, and what pg_dump --create writes: run here, it would replace the database itself. */
const elsewhere = /^\s*(?:\\c(?:onnect)?(?:\s|$)|(?:create|drop|alter)\s+database\s)/i

/** How many of the last lines may hold pg_dump's last words: `\unrestrict` and comments come behind them. */
const tail = 12

/**
 * Looks through a text for psql, line by line: it must stay in the database it is run in, and one of pg_dump's must have its last words. Anybody else's text
 * has no known end; a compressed one has gzip's. Throws BACKUP-INVALID. Source: pg_dump 16, plain format.
 */
export async function checkText(file: string, compressed: boolean): Promise<void> {
  const raw = createReadStream(file)
  const input: Readable = compressed ? raw.pipe(createGunzip()) : raw
  const check = new TextCheck(file)
  let broken: Error | undefined
  // Some versions of Node pass the end of a broken stream on as its end, and no error with it.
  input.on('error', (error) => (broken = error))
  // pipe() hands no error on, and one that nobody hears ends the process.
  if (compressed) raw.on('error', (error) => input.destroy(error))
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) check.line(line)
  } catch (error) {
    if (error instanceof SkeinError) throw error
    broken = error as Error
  } finally {
    raw.destroy()
    input.destroy()
  }
  if (broken !== undefined)
    throw invalid(
      `${file} was cut off or altered: ${broken.message}`,
      'take another backup, or the file as it was written; nothing was done',
    )
  check.end()
}

class TextCheck {
  readonly #file: string
  readonly #last: string[] = []
  #number = 0
  #dumped = false
  #copying = false

  constructor(file: string) {
    this.#file = file
  }

  line(line: string): void {
    this.#number++
    if (this.#number <= tail && line === '-- PostgreSQL database dump') this.#dumped = true
    if (this.#number === 1 && line.startsWith('PGDMP'))
      throw invalid(`${this.#file} is an archive for pg_restore inside of gzip`, 'unpack it first: gunzip; nothing was done')
    this.#last.push(line)
    if (this.#last.length > tail) this.#last.shift()
    // Rows are rows, whatever they say.
    if (this.#copying) this.#copying = line !== '\\.'
    else if (/^copy\s.*\sfrom\s+stdin\b.*;\s*$/i.test(line)) this.#copying = true
    else if (elsewhere.test(line))
      throw new SkeinError('BACKUP-INVALID', {
        message: `${this.#file}:${this.#number}: ${line.trim().slice(0, 80)} leads out of the new database that a restore fills`,
        hint: 'dump one database without --create, or take the line out; nothing was done',
        place: { file: this.#file, line: this.#number },
      })
  }

  end(): void {
    if (this.#dumped && !this.#last.includes('-- PostgreSQL database dump complete'))
      throw invalid(
        `${this.#file} was cut off: it begins as a dump of pg_dump does and does not end as one`,
        'take another backup; nothing was done',
      )
  }
}

function invalid(message: string, hint: string): SkeinError {
  return new SkeinError('BACKUP-INVALID', { message, hint })
}
