import type { RawStmt } from 'libpg-query'
import { autocommit, runsAlone, type Seen } from './autocommit.ts'
import { controlOf } from './control.ts'
import { copyFromStdin, isCopyFromStdin } from './copy-from-stdin.ts'
import { destructive } from './destructive.ts'
import type { FileProblem, Statement } from './facts.ts'
import { indexFacts } from './index-facts.ts'
import { kindOf } from './kind.ts'
import { MadeHere } from './made-here.ts'
import { byteOffsets, placer } from './places.ts'
import { sessionChange } from './session.ts'
import { sessionFunctions } from './session-functions.ts'

/** The statements of a file so far, and the first of them that parses and still cannot run. */
export interface Located {
  statements: Statement[]
  problem?: FileProblem
  /** Adds what was parsed from the next `piece` of the text. */
  add(piece: string, parsed: readonly RawStmt[]): void
}

/** Makes statements with places and facts from what the parser gives for a text, which may come in pieces, one behind the other. */
export function locate(text: string, serverVersion: number | undefined): Located {
  const placeOf = placer(text)
  const mayCall = sessionFunctions.test(text)
  const seen: Seen = { slotless: new Set(), committing: new Set() }
  const made = new MadeHere()
  let base = 0
  const located: Located = {
    statements: [],
    add(piece, parsed) {
      const offsetOf = Buffer.byteLength(piece) === piece.length ? (bytes: number) => bytes : byteOffsets(piece)
      for (const { stmt, stmt_location: from = 0, stmt_len: length } of parsed) {
        const start = offsetOf(from)
        const end = start + piece.slice(start, length ? offsetOf(from + length) : undefined).trimEnd().length
        const place = placeOf(base + start)
        const statement: Statement = { index: located.statements.length + 1, start: base + start, end: base + end, ...place, kind: '' }
        if (stmt !== undefined) Object.assign(statement, classified(stmt, seen, made, mayCall, serverVersion))
        located.statements.push(statement)
        if (isCopyFromStdin(stmt)) located.problem ??= { code: 'FILE-INVALID', ...copyFromStdin, place }
      }
      base += piece.length
    },
  }
  return located
}

function classified(
  node: NonNullable<RawStmt['stmt']>,
  seen: Seen,
  made: MadeHere,
  mayCall: boolean,
  serverVersion: number | undefined,
): Partial<Statement> {
  const found: Partial<Statement> = { kind: kindOf(node) }
  const control = controlOf(node)
  const alone = autocommit(node, seen)
  const session = sessionChange(node, mayCall)
  const index = indexFacts(node)
  const loss = destructive(node, made)
  made.add(node, session !== undefined || ['rollback', 'savepoint', 'other'].includes(control ?? ''))
  if (control !== undefined) found.control = control
  if (alone !== undefined && runsAlone({ autocommit: alone }, serverVersion)) found.autocommit = alone
  if (session !== undefined) found.session = session
  if (index !== undefined) found.indexFacts = index
  if (loss !== undefined) found.destroys = loss
  return found
}
