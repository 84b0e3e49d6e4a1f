import type { Finding } from '../model/finding.ts'
import type { Migration } from '../model/migration.ts'
import { finding } from './rules.ts'

/**
 * Numbers that are left out of a counted sequence (`001`, `002`, `004`): often a file that was not committed, or a branch that is not merged.
 * Dates and timestamps (eight digits and more) and versions that are no numbers have no gaps. `elsewhere` are versions that exist but are not in
 * the list: a number that another environment uses is not missing. What lies before the first number is no gap: histories get squashed.
 */
export function gapFindings(migrations: readonly Migration[], elsewhere: Iterable<string> = []): Finding[] {
  const byNumber = new Map<number, Migration>()
  for (const migration of migrations) if (isCounted(migration.version)) byNumber.set(Number(migration.version), migration)
  const taken = new Set(byNumber.keys())
  for (const version of elsewhere) if (isCounted(version)) taken.add(Number(version))
  const numbers = [...taken].sort((a, b) => a - b)
  const findings: Finding[] = []
  for (const [index, number] of numbers.entries()) {
    const before = numbers[index - 1] ?? number
    if (number - before < 2) continue
    // Behind the last of our own there are only other environments' files: not ours to report.
    const next = numbers.slice(index).find((later) => byNumber.has(later))
    const migration = next === undefined ? undefined : byNumber.get(next)
    if (migration !== undefined) findings.push(gap(before + 1, number - 1, migration))
  }
  return findings
}

function isCounted(version: string): boolean {
  return /^[0-9]{1,7}$/.test(version)
}

function gap(from: number, to: number, next: Migration): Finding {
  const numbers = from === to ? `number ${from} is` : to === from + 1 ? `numbers ${from} and ${to} are` : `numbers ${from} to ${to} are`
  return finding(
    {
      rule: 'SOURCE-GAP',
      severity: 'warning',
      message: `${numbers} missing before ${next.id}`,
      remedy: 'if a file was lost, bring it back; if the number was never used, nothing is wrong',
    },
    (next.up ?? next.down)?.file,
    next.version,
  )
}
