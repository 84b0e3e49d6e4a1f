import type { Cut } from '../../util/file-piece.ts'
import type { Annotated, LineRemark } from '../annotated-layout.ts'
import { annotationOf, endsStatement, isComment, trim } from './line.ts'

/** bufio.Scanner is given 4 MiB for a line (internal/sqlparser/parser.go, scanBufSize). */
const longestLine = 4 * 1024 * 1024

/** Where a reader of the file stands: line numbers from 1. */
interface Reader {
  part?: 'up' | 'down'
  up: number
  down?: number
  /** The line of StatementBegin while inside. */
  block?: number
  /** Some line of the statement was kept; then its comments are, too. */
  started: boolean
  /** The line of the first word of a statement that has not ended. */
  pending?: number
  /** Dollar quotes in the statement, by tag. */
  dollars: Map<string, number>
  transaction: boolean
  ends: Set<number>
  remarks: LineRemark[]
}

/**
 * The annotations of a goose file, line by line as goose v3.26.0 reads them (internal/sqlparser/parser.go), with its own sentence for what it
 * refuses. A part is sent whole: the semicolon that goose does not need before StatementEnd is put into that line. Carriage returns at the ends of
 * lines go, as they do in goose. Pure.
 */
export function parseAnnotations(text: string): Annotated {
  const at: Reader = { up: 0, started: false, dollars: new Map(), transaction: true, ends: new Set(), remarks: [] }
  const lines = linesOf(text)
  for (const [index, line] of lines.entries()) {
    const refused = line.length >= longestLine ? 'failed to scan migration: bufio.Scanner: token too long' : read(at, line, index + 1)
    if (refused !== undefined) return broken(at, refused, refused === missingSemicolon ? (at.pending ?? index + 1) : index + 1)
  }
  if (at.part === undefined) return broken(at, "failed to parse migration: must start with '-- +goose Up' annotation", 1)
  if (at.block !== undefined) return broken(at, "failed to parse migration: missing '-- +goose StatementEnd' annotation", at.block)
  if (at.pending !== undefined) return broken(at, missingSemicolon, at.pending)
  const sending = at.transaction ? 'always' : 'each'
  const down = at.down === undefined ? {} : { down: cutOf(at.down, undefined, at.ends) }
  return { parts: { up: cutOf(at.up, at.down, at.ends), ...down, sending }, remarks: at.remarks }
}

const missingSemicolon = 'failed to parse migration: unexpected unfinished SQL query: missing semicolon?'

/** Moves on by one line; the answer is what goose dies of. */
function read(at: Reader, line: string, number: number): string | undefined {
  const annotation = annotationOf(line)
  if (annotation !== undefined) return 'refused' in annotation ? annotation.refused : obey[annotation.kind](at, number)
  if (at.part === undefined) {
    return trim(line) === '' || isComment(line) ? undefined : `failed to parse migration: unexpected state 0 on line "${line}"`
  }
  if (!at.started && (line === '' || isComment(line))) return undefined
  at.started = true
  if (trim(line) !== '') at.pending ??= number
  for (const [tag] of line.matchAll(/\$(?:[A-Za-z_]\w*)?\$/g)) at.dollars.set(tag, (at.dollars.get(tag) ?? 0) + 1)
  if (at.block === undefined && endsStatement(line)) end(at)
  return undefined
}

const obey: Record<
  NonNullable<Extract<ReturnType<typeof annotationOf>, { kind: unknown }>>['kind'],
  (at: Reader, number: number) => string | undefined
> = {
  UP(at, number) {
    if (at.part !== undefined) return "duplicate '-- +goose Up' annotations"
    at.part = 'up'
    at.up = number
    return undefined
  },
  DOWN(at, number) {
    if (at.part !== 'up' || at.block !== undefined) return "must start with '-- +goose Up' annotation"
    if (at.pending !== undefined) return missingSemicolon
    at.part = 'down'
    at.down = number
    at.started = false
    return undefined
  },
  STATEMENTBEGIN(at, number) {
    if (at.part === undefined || at.block !== undefined) {
      return "'-- +goose StatementBegin' must be defined after '-- +goose Up' or '-- +goose Down' annotation"
    }
    at.block = number
    return undefined
  },
  STATEMENTEND(at, number) {
    if (at.block === undefined) return "'-- +goose StatementEnd' must be defined after '-- +goose StatementBegin'"
    if (!at.started) at.remarks.push(emptyBlock(at.block))
    at.block = undefined
    at.ends.add(number)
    at.dollars.clear()
    end(at)
    return undefined
  },
  'NO TRANSACTION'(at) {
    at.transaction = false
    return undefined
  },
  'ENVSUB ON'(at, number) {
    at.remarks.push(environment(number))
    return undefined
  },
  'ENVSUB OFF': () => undefined,
}

/** The statement is over. Outside of StatementBegin … StatementEnd goose does not know dollar quotes. */
function end(at: Reader): void {
  const said = at.remarks.some((remark) => remark.rule === 'GOOSE-STATEMENT')
  if (!said && [...at.dollars.values()].some((count) => count % 2 === 1)) at.remarks.push(cutQuote(at.pending ?? 1))
  at.started = false
  at.pending = undefined
  at.dollars.clear()
}

function cutOf(from: number, to: number | undefined, ends: ReadonlySet<number>): Cut {
  return (text) => {
    const lines = linesOf(text).slice(0, to === undefined ? undefined : to - 1)
    const kept = lines.map((line, index) => (index + 1 < from ? '' : ends.has(index + 1) ? `;${line}` : line))
    return to === undefined ? kept.join('\n') : `${kept.join('\n')}\n`
  }
}

/** bufio.ScanLines: a line ends at a line feed, and a carriage return before it goes. */
function linesOf(text: string): string[] {
  return text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
}

function broken(at: Reader, says: string, line: number): Annotated {
  const message = `goose cannot read it: "${Buffer.from(says, 'latin1').toString('utf8')}"`
  const remedy = 'mend the annotation: https://pressly.github.io/goose/documentation/annotations/'
  return { remarks: [...at.remarks, { rule: 'GOOSE-ANNOTATION', severity: 'error', message, remedy, line }] }
}

function environment(line: number): LineRemark {
  return {
    rule: 'GOOSE-ENVSUB',
    severity: 'error',
    message: 'ENVSUB ON puts the environment into the SQL, so that nobody can tell what was run: it is not supported',
    remedy: 'write the values into the file, or read them in SQL with current_setting(); until then run this migration with goose',
    line,
  }
}

function cutQuote(line: number): LineRemark {
  return {
    rule: 'GOOSE-STATEMENT',
    severity: 'warning',
    message:
      'goose ends this statement at a semicolon inside its dollar-quoted text, and the server refuses the half; here it is run whole',
    remedy: 'put -- +goose StatementBegin before it and -- +goose StatementEnd behind it',
    line,
  }
}

function emptyBlock(line: number): LineRemark {
  return {
    rule: 'GOOSE-STATEMENT',
    severity: 'error',
    message: 'there is nothing between StatementBegin and StatementEnd: goose then leaves out the line behind',
    remedy: 'delete both lines',
    line,
  }
}
