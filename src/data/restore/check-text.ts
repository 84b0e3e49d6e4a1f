import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { SkeinError } from '../../model/errors.ts'

/** psql's commands that lead to another database, and what pg_dump --create writes: run here, it would replace the database itself. */
const elsewhere = /^\s*(?:\\c(?:onnect)?(?:\s|$)|(?:create|drop|alter)\s+database\s)/i

/** How many of the last lines may hold pg_dump's last words: `\unrestrict` and comments come behind them. */
const tail = 12

/**
 * Looks through a text for psql, line by line: it must stay in the database it is run in, and one of pg_dump's must have its last words. Anybody else's text
 * has no known end. Throws BACKUP-INVALID. Source: pg_dump 16, plain format.
 */
export async function checkText(file: string): Promise<void> {
  let [number, dumped, copying] = [0, false, false]
  const last: string[] = []
  const input = createReadStream(file)
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (number <= tail && line === '-- PostgreSQL database dump') dumped = true
    last.push(line)
    if (last.length > tail) last.shift()
    // Rows are rows, whatever they say.
    if (copying) copying = line !== '\\.'
    else if (/^copy\s.*\sfrom\s+stdin\b.*;\s*$/i.test(line)) copying = true
    else if (elsewhere.test(line)) {
      input.destroy()
      throw new SkeinError('BACKUP-INVALID', {
        message: `${file}:${number}: ${line.trim().slice(0, 80)} leads out of the new database that a restore fills`,
        hint: 'dump one database without --create, or take the line out; nothing was done',
        place: { file, line: number },
      })
    }
  }
  if (dumped && !last.includes('-- PostgreSQL database dump complete'))
    throw new SkeinError('BACKUP-INVALID', {
      message: `${file} was cut off: it begins as a dump of pg_dump does and does not end as one`,
      hint: 'take another backup; nothing was done',
    })
}
