import type { FileProblem } from './facts.ts'

/** The first server_version_num whose grammar the parser (libpg-query 18) does not have. */
const unknownGrammar = 190_000

/**
 * Whether a file with this problem may be sent all the same, by itself, for the server to judge: one that nobody could look into, and one with a
 * syntax error on a server that is newer than the parser. A file that cannot be right anywhere (NUL, encoding, COPY data, psql's own commands) never is.
 */
export function mayBeSent(problem: FileProblem, serverVersion: number): boolean {
  if (problem.code !== 'FILE-INVALID') return true
  return problem.grammar === true && serverVersion >= unknownGrammar
}
