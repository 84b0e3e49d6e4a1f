import type { Finding } from '../../model/finding.ts'
import type { Migration } from '../../model/migration.ts'
import { finding } from '../rules.ts'

/**
 * Counted versions (`1`, `2`, `10`) in text order: `10` comes before `2`. Said once, at the first version that stands before a smaller number.
 * Dates do not fall into this: 14 and 18 digits mixed are in their right order as text.
 */
export function textOrder(migrations: readonly Migration[]): Finding[] {
  const counted = migrations.filter((migration) => /^[0-9]{1,7}$/.test(migration.version))
  const index = counted.findIndex((migration, at) => Number(migration.version) > Number(counted[at + 1]?.version ?? Infinity))
  const [early, late] = index < 0 ? [] : counted.slice(index)
  if (early === undefined || late === undefined) return []
  return [
    finding(
      {
        rule: 'TRAP-ORDER',
        severity: 'warning',
        message: `${early.id} runs before ${late.id}: Diesel sorts versions as text`,
        remedy: 'give all versions the same number of digits',
      },
      early.up?.file,
      early.version,
    ),
  ]
}
