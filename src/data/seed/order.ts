import { SkeinError } from '../../model/errors.ts'
import type { Part, SeedFile } from './seed-file.ts'
import type { Table } from './tables.ts'

/** What runs in one go: a file of SQL, or rows for one table. */
export type Piece = { sql: SeedFile } | { part: Part; table: Table }

/**
 * Files in their order; of rows that stand between two files of SQL, those for a table come after those for the tables that it refers to. Foreign
 * keys that can be deferred do not count: they are checked at the end. Throws SEED-INVALID naming a circle of tables.
 */
export function orderPieces(files: readonly SeedFile[], tableOf: (part: Part) => Table): Piece[] {
  const pieces: Piece[] = []
  let rows: { part: Part; table: Table }[] = []
  for (const file of files) {
    if (file.sql === undefined) {
      rows.push(...file.parts.map((part) => ({ part, table: tableOf(part) })))
      continue
    }
    pieces.push(...sorted(rows), { sql: file })
    rows = []
  }
  return [...pieces, ...sorted(rows)]
}

function sorted(rows: readonly { part: Part; table: Table }[]): { part: Part; table: Table }[] {
  const left = [...rows]
  const done: { part: Part; table: Table }[] = []
  while (left.length > 0) {
    const at = left.findIndex(({ table }) => !left.some((other) => table.refersTo.has(other.table.oid)))
    if (at < 0) throw circle(left)
    done.push(...left.splice(at, 1))
  }
  return done
}

function circle(left: readonly { part: Part; table: Table }[]): SkeinError {
  const path = [left[0]] as { part: Part; table: Table }[]
  for (;;) {
    const last = path.at(-1) as { table: Table }
    const next = left.find((other) => last.table.refersTo.has(other.table.oid)) as { part: Part; table: Table }
    const before = path.findIndex((one) => one.table.oid === next.table.oid)
    path.push(next)
    if (before < 0) continue
    const names = path.slice(before).map((one) => one.table.identity)
    return new SkeinError('SEED-INVALID', {
      message: `these tables refer to each other in a circle: ${names.join(' → ')}`,
      hint: 'make one of the foreign keys deferrable, or seed these tables with a file of SQL; nothing was run',
      place: { file: next.part.file, line: next.part.line },
    })
  }
}
