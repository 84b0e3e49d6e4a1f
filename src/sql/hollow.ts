/**
 * True for a text with nothing to run: empty, blanks, comments, stray semicolons. Needs no parser, so it may be asked of every down; it agrees with the
 * shape `hollow` of {@link ./front.ts analyse}. Comments as PostgreSQL has them: `--` to the end of the line, and nested block comments
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS).
 */
export function isHollow(text: string): boolean {
  let at = 0
  while (at < text.length) {
    const next = skip(text, at)
    if (next === at) return false
    at = next
  }
  return true
}

/** Behind the blank, semicolon or comment at `at`; `at` itself when something else stands there, or a comment never ends. */
function skip(text: string, at: number): number {
  if (/[ \t\n\r\f\v;]/.test(text.charAt(at))) return at + 1
  if (text.startsWith('--', at)) {
    const end = /[\r\n]/.exec(text.slice(at))
    return end === null ? text.length : at + end.index
  }
  return text.startsWith('/*', at) ? behindBlock(text, at) : at
}

function behindBlock(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length - 1; at++) {
    const two = text.slice(at, at + 2)
    if (two !== '/*' && two !== '*/') continue
    depth += two === '/*' ? 1 : -1
    at++
    if (depth === 0) return at + 1
  }
  return start
}
