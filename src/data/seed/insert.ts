import { SkeinError } from '../../model/errors.ts'
import { ident } from '../../postgres/quote.ts'
import { isServerError, toFailure } from '../../postgres/server-error.ts'
import type { Session } from '../../postgres/session.ts'
import type { Piece } from './order.ts'
import { invalid, type Part, type Row, type SeedFile, type Value } from './seed-file.ts'
import type { Table } from './tables.ts'

/**
 * Runs the pieces in the open transaction of the session. A row is put in by its key or, where it is there, made to say what the file says; its values go
 * as text and the server reads them by the type of their column. Sequences are moved beyond numbers that were given. ROW EXCLUSIVE on the tables. Throws
 * SEED-FAILED with file and line, and what the server said.
 */
export async function runPieces(session: Session, pieces: readonly Piece[]): Promise<void> {
  await session.simple('set constraints all deferred')
  for (const piece of pieces) {
    if ('sql' in piece) await runSql(session, piece.sql)
    else await putRows(session, piece.part, piece.table)
  }
  const last = pieces.at(-1)
  const file = last === undefined ? '' : 'sql' in last ? last.sql.file : last.part.file
  await session.simple('set constraints all immediate').catch((error: unknown) => {
    throw failed(error, 'deferred constraints, at the end', { file })
  })
}

async function runSql(session: Session, { file, sql = '' }: SeedFile): Promise<void> {
  await session.simple(sql).catch((error: unknown) => {
    if (!isServerError(error)) throw error
    const { place } = toFailure(error, { text: sql, file })
    throw failed(error, 'a statement', place ?? { file })
  })
}

async function putRows(session: Session, part: Part, table: Table): Promise<void> {
  for (const row of part.rows) {
    const columns = [...row.values.keys()]
    const values = columns.map((column) => asText(row.values.get(column) as Value, table.columns.get(column)))
    await session.query(upsert(table, columns, keyOf(part, row, table)), values).catch((error: unknown) => {
      throw failed(error, `a row for ${table.identity}`, { file: part.file, line: row.line })
    })
  }
  const given = new Set(part.rows.flatMap((row) => [...row.values.keys()]))
  for (const column of given) {
    const sequence = table.columns.get(column)?.sequence
    if (sequence == null) continue
    await session.query(
      `select setval($1::regclass, m.most) from (select max(${ident(column)})::bigint as most from ${table.identity}) m, ${sequence} s where m.most > s.last_value or m.most = s.last_value and not s.is_called`,
      [sequence],
    )
  }
}

/** Refuses, before anything runs, columns that are not there, rows without a key, and rows that are there twice. Throws SEED-INVALID. */
export function checkPart(part: Part, table: Table): void {
  const seen = new Map<string, number>()
  for (const row of part.rows) {
    const place = { file: part.file, line: row.line }
    for (const column of [...row.values.keys(), ...(part.key ?? [])])
      if (!table.columns.has(column))
        throw invalid(place, `${table.identity} has no column ${column}`, `it has ${[...table.columns.keys()].join(', ')}`)
    const key = keyOf(part, row, table)
    const text = JSON.stringify(key.map((column) => row.values.get(column)))
    const before = seen.get(text)
    // A key with a null in it is never the same as another.
    if (before !== undefined && !key.some((column) => row.values.get(column) === null))
      throw invalid(place, `the key ${key.join(', ')} is the same as in line ${before}`)
    seen.set(text, row.line)
  }
}

function keyOf(part: Part, row: Row, table: Table): readonly string[] {
  const place = { file: part.file, line: row.line }
  if (part.key !== undefined) {
    const key = part.key
    if (table.keys.some((one) => one.length === key.length && one.every((column) => key.includes(column)))) return key
    throw invalid(place, `${table.identity} has no unique index on ${key.join(', ')}`, 'name the columns of one, or make it in a migration')
  }
  const fitting = table.keys.filter((one) => one.every((column) => row.values.has(column)))
  const [first] = fitting
  if (first !== undefined && (first === table.keys[0] || fitting.length === 1)) return first
  const keys = table.keys.map((one) => one.join(', '))
  throw invalid(
    place,
    fitting.length > 1 ? `a row of ${table.identity} has several keys` : `a row of ${table.identity} lacks the columns of a key`,
    keys.length === 0 ? 'the table has no unique index: seed it with a file of SQL' : `give it one of: ${keys.join('; ')}`,
  )
}

function upsert(table: Table, columns: readonly string[], key: readonly string[]): string {
  const rest = columns.filter((column) => !key.includes(column))
  const always = columns.some((column) => table.columns.get(column)?.always === true) ? ' overriding system value' : ''
  const change =
    rest.length === 0 ? 'nothing' : `update set ${rest.map((column) => `${ident(column)} = excluded.${ident(column)}`).join(', ')}`
  return `insert into ${table.identity} (${columns.map(ident).join(', ')})${always} values (${columns.map((_, at) => `$${at + 1}`).join(', ')}) on conflict (${key.map(ident).join(', ')}) do ${change}`
}

function asText(value: Value, column: { array: boolean; json: boolean } | undefined): string | null {
  if (value === null || typeof value === 'string') return value
  return 'list' in value && column?.array === true ? arrayText(value.list) : value.json
}

/** PostgreSQL manual, "Array Input and Output Syntax". */
function arrayText(list: readonly Value[]): string {
  const parts = list.map((one) => {
    if (one === null) return 'NULL'
    if (typeof one !== 'string' && 'list' in one) return arrayText(one.list)
    return `"${(typeof one === 'string' ? one : one.json).replace(/["\\]/g, '\\$&')}"`
  })
  return `{${parts.join(',')}}`
}

function failed(error: unknown, what: string, place: { file: string; line?: number; column?: number }): unknown {
  if (!isServerError(error)) return error
  const { message, detail, hint, sqlstate } = toFailure(error)
  const where = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
  return new SkeinError('SEED-FAILED', {
    message: `${where}: ${what} was refused: ${message}${detail === undefined ? '' : ` (${detail})`}`,
    hint: hint ?? 'correct it and run the same command again; nothing is left of the seeds of this service',
    place,
    sqlstate,
    cause: error,
  })
}
