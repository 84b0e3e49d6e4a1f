import type { Node } from 'libpg-query'

/** COPY … FROM stdin: nobody sends it data, and a server that waits for data waits for ever. */
export const copyFromStdin = {
  message: 'COPY … FROM stdin takes its rows from the client, and a migration file cannot be one',
  hint: 'write the rows as INSERT … VALUES (pg_dump --inserts does), or load them outside of the migrations',
}

/** Whether a statement is one. */
export function isCopyFromStdin(node: Node | undefined): boolean {
  if (node === undefined || !('CopyStmt' in node)) return false
  const { is_from, is_program, filename } = node.CopyStmt
  return is_from === true && is_program !== true && filename === undefined
}
