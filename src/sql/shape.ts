import type { FileFacts, Statement } from './facts.ts'

/** Which transaction control a file brings itself. */
export function shapeOf(statements: readonly Statement[]): FileFacts['shape'] {
  if (statements.length === 0) return 'hollow'
  if (statements.every((statement) => statement.control === undefined)) return 'plain'
  const isWrapped = statements.length > 1 && statements.every((statement, at) => statement.control === expected(at, statements))
  return isWrapped ? 'wrapped' : 'controlled'
}

/** BEGIN first, COMMIT last, nothing but savepoints between. */
function expected(at: number, statements: readonly Statement[]): Statement['control'] {
  if (at === 0) return 'begin'
  if (at === statements.length - 1) return 'commit'
  return statements[at]?.control === 'savepoint' ? 'savepoint' : undefined
}
