import type { Failure } from '../../model/run.ts'

/**
 * With x-multi-statement the tool's message holds the statement that failed, from the semicolon before it to its own, and counts lines in that. Pure. Source:
 * golang-migrate v4.19.1 database/multistmt/parse.go.
 */
export function pieceThatFailed(text: string, failure: Failure): { text: string; server: Failure['server'] } {
  const { server, statement } = failure
  const pieces = text.split(/(?<=;)/)
  const isLast = (at: number) => at === pieces.length - 1
  let before = 0
  for (const [at, piece] of pieces.entries()) {
    const lines = piece.split('\n').length - 1
    const column = (pieces.slice(0, at).join('').split('\n').at(-1) ?? '').length
    const line = server?.line
    // A line that two statements share belongs to the one that holds the column.
    const end = column + (lines === 0 ? piece.length : Number.POSITIVE_INFINITY)
    const holds = line === undefined ? at + 1 === statement?.index : line <= before + 1 + lines && (server?.column ?? 1) <= end
    if (holds || isLast(at)) {
      if (server === undefined || line === undefined) return { text: piece, server }
      const isFirst = line === before + 1
      return { text: piece, server: { ...server, line: line - before, column: isFirst ? (server.column ?? 1) - column : server.column } }
    }
    before += lines
  }
  return { text, server }
}
