import { SkeinError } from '../model/errors.ts'
import { runsAlone } from './autocommit.ts'
import type { FileFacts, Statement } from './facts.ts'

/** A part of a file that is sent as one: `text.slice(start, end)` is its `sql`, so that a position in it leads back to the file. */
export type Segment =
  /** Statements that stand one behind the other, for one transaction. */
  | ({ kind: 'transaction' } & Extent)
  /** A statement that stands alone. */
  | ({ kind: 'autocommit'; statement: Statement } & Extent)

interface Extent {
  /** Indexes of the first and the last statement, from 1. */
  from: number
  to: number
  start: number
  end: number
  sql: string
}

/**
 * A parsed file as the parts in which it is sent: what cannot run in a transaction block stands alone, the statements between form one
 * transaction each. Without such a statement all is one part. For files without transaction control, and for those with control that
 * need no splitting (one part; look at `shape` to know who opens the transaction).
 *
 * Throws FILE-INVALID when a file has both transaction control and something that cannot run in a transaction block: its author's transactions
 * and ours cannot both be kept. `file` is for the place in that error. `each`: every statement is a part.
 */
export function segments(facts: FileFacts, text: string, serverVersion?: number, file?: string, each = false): Segment[] {
  const alone = facts.statements.find((statement) => runsAlone(statement, serverVersion))
  const control = facts.statements.find((statement) => statement.control !== undefined)
  if (alone !== undefined && control !== undefined) throw bothWays(alone, control, file)
  const parts: Segment[] = []
  for (const statement of facts.statements) {
    if (runsAlone(statement, serverVersion)) parts.push({ kind: 'autocommit', statement, ...extent(text, statement, statement) })
    else if (each) parts.push({ kind: 'transaction', ...extent(text, statement, statement) })
    else join(parts, statement, facts.statements, text)
  }
  return parts
}

function join(parts: Segment[], statement: Statement, statements: readonly Statement[], text: string): void {
  const last = parts.at(-1)
  const grows = last?.kind === 'transaction'
  const first = grows ? (statements[last.from - 1] ?? statement) : statement
  parts.splice(grows ? -1 : parts.length, 1, { kind: 'transaction', ...extent(text, first, statement) })
}

function extent(text: string, first: Statement, last: Statement): Extent {
  return { from: first.index, to: last.index, start: first.start, end: last.end, sql: text.slice(first.start, last.end) }
}

function bothWays(alone: Statement, control: Statement, file: string | undefined): SkeinError {
  return new SkeinError('FILE-INVALID', {
    message: `${control.kind} on line ${control.line} and ${alone.kind} on line ${alone.line} cannot stand in one file: ${alone.autocommit?.reason}`,
    hint: `remove the transaction control (the statements around ${alone.kind} are put into transactions anyway), or move ${alone.kind} to a migration of its own`,
    place: file === undefined ? undefined : { file, line: control.line, column: control.column },
  })
}
