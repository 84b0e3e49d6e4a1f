import type { Finding } from '../model/finding.ts'
import type { Migration } from '../model/migration.ts'
import { finding } from './rules.ts'

/**
 * A warning for each migration without a down; one for all when none has any, for that is a way of working and not an oversight.
 * `means` says what the tool does then.
 */
export function missingDowns(migrations: readonly Migration[], means: string): Finding[] {
  const missing = migrations.filter((migration) => migration.down === null && migration.up !== null)
  if (missing.length > 1 && missing.length === migrations.length) {
    return [
      finding({
        rule: 'MISSING-DOWN',
        severity: 'warning',
        message: `none of the ${missing.length} migrations has a down: ${means}`,
        remedy: 'nothing to do if this history only goes forward',
      }),
    ]
  }
  return missing.map((migration) =>
    finding(
      {
        rule: 'MISSING-DOWN',
        severity: 'warning',
        message: `${migration.id} has no down: ${means}`,
        remedy: 'write the file that takes it back',
      },
      migration.up?.file,
      migration.version,
    ),
  )
}
