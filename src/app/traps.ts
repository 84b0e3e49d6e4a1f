import type { Finding } from '../model/finding.ts'
import type { Migration, SqlFile } from '../model/migration.ts'
import { sendingOf } from '../model/sending.ts'
import type { FileFacts } from '../sql/facts.ts'

/** How a tool's migration is run without a transaction around it. */
const withoutTransaction: Readonly<Record<string, string>> = {
  diesel: 'leave it alone in its migration, with run_in_transaction = false in metadata.toml',
  goose: 'put the line -- +goose NO TRANSACTION into the file',
  dbmate: 'leave it alone in its block, and write transaction:false behind the marker of the block',
}

/** What a file does to the tool that will run it, beyond syntax: encodings, line ends, transactions, hollow downs. Pure. */
export function trapsOf(tool: string, migration: Migration, direction: 'up' | 'down', body: SqlFile, facts: FileFacts): Finding[] {
  const findings: Finding[] = []
  const say = (rule: string, severity: Finding['severity'], message: string, remedy: string, line?: number) =>
    findings.push({ rule, severity, message, remedy, place: { file: body.file, line } })
  const sending = sendingOf(migration, direction)
  const text = body.text()
  if (text.includes('\r\n'))
    say(
      'LINE-ENDS',
      'note',
      'the lines end in CRLF',
      'nothing has to be done; raw checksums of other tools depend on it (.gitattributes: *.sql eol=lf)',
    )
  if (direction === 'down' && facts.shape === 'hollow')
    say('HOLLOW-DOWN', 'warning', 'the down says nothing', 'write what takes the up back; going down is refused as it is')
  if (!facts.parsed) return findings
  const alone = facts.statements.filter((one) => one.autocommit !== undefined)
  const first = alone[0]
  if (first !== undefined && sending === 'implicit' && facts.statements.length > 1) {
    say(
      'TRAP-IMPLICIT-TRANSACTION',
      'error',
      `${first.kind} cannot run here: ${tool} sends the file whole, and several statements are one transaction`,
      'put the statement alone in a migration of its own',
      first.line,
    )
  }
  if (first !== undefined && sending === 'always') {
    say(
      'TRAP-TRANSACTION',
      'error',
      `${first.kind} cannot run here: ${tool} puts a transaction around the migration`,
      withoutTransaction[tool] ?? 'leave it alone in its migration, without a transaction',
      first.line,
    )
  }
  if (first !== undefined && (sending === 'split' || sending === 'each')) {
    say(
      'NOT-ATOMIC',
      'note',
      `${first.kind} stands outside a transaction: when it fails, what stands before it is done`,
      'nothing has to be done: Skein resumes behind what is done',
      first.line,
    )
  }
  if (first !== undefined && facts.shape === 'wrapped')
    say(
      'TRAP-TRANSACTION',
      'error',
      `${first.kind} stands between BEGIN and COMMIT and cannot run there`,
      'take BEGIN and COMMIT out',
      first.line,
    )
  if (facts.shape === 'controlled') {
    const control = facts.statements.find((one) => one.control !== undefined)
    say(
      'NOT-ATOMIC',
      'warning',
      'the file has transactions of its own: when it fails half-way, part of it stays, and nobody can tell how much',
      'take the transaction control out: every migration is one transaction anyway',
      control?.line,
    )
  }
  const session = facts.statements.find((one) => one.session !== undefined)
  if (session !== undefined && sending !== 'split' && sending !== 'each') {
    say(
      'SESSION',
      'note',
      `${session.session} lasts beyond this file`,
      'use SET LOCAL, or qualify names, so that the next migration does not depend on this one',
      session.line,
    )
  }
  return findings
}
