import type { StatusService } from '../../app/status.ts'
import type { VerifyResult } from '../../app/verify.ts'
import { columns } from '../../report/columns.ts'
import { utc } from '../../report/utc.ts'

/** A service's state: one line for all of it, then each migration with version, name, state and when it was applied (UTC). */
export function statusText({ name, current, pending, migrations }: StatusService): string {
  const head = `Service: ${name}, Current Version: ${current ?? 0}, Pending: ${pending}\n`
  const rows = migrations.map((row) => [
    row.version.padStart(3, '0'),
    row.name,
    row.state,
    row.appliedAt === null ? '-' : utc(row.appliedAt),
  ])
  return rows.length === 0 ? head : `${head}\n${columns([['VERSION', 'NAME', 'STATUS', 'APPLIED AT'], ...rows])}\n`
}

/** What `verify` found, one line for each fault; one line where all is well. */
export function verifyLines(result: VerifyResult): string[] {
  const lines = result.migrations.flatMap(({ id, result: found, file, diff }) => {
    if (found === 'missing') return [`WARNING: File of applied migration ${id} is missing`]
    if (found !== 'changed') return []
    const change = (diff ?? []).filter(({ sign }) => sign !== ' ').map(({ sign, text }) => `  ${sign}${text}`)
    return [`WARNING: Checksum mismatch for migration ${id}: ${file ?? 'its file'} was modified after being applied`, ...change]
  })
  lines.push(...result.warnings.map((warning) => `WARNING: Checksum mismatch: ${warning}`))
  lines.push(...result.brokenAudit.map(({ database, rows }) => `WARNING: ${database}: the audit chain is broken at row ${rows.join(', ')}`))
  if (lines.length > 0) return [...lines, 'Migration verification failed']
  return [`All ${result.migrations.length} applied migrations verified successfully`]
}

/** True where nothing differs: neither from what the ledger keeps nor from the checksums that another program wrote. */
export function isWhole(result: VerifyResult): boolean {
  return result.exit === 0 && result.warnings.length === 0
}
