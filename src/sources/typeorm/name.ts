import { typeormTimestamp } from '../../util/typeorm-name.ts'
import { compareBytes } from '../compare-bytes.ts'

/**
 * TypeORM's order of two names: by timestamp. Of equal ones it takes that first which it loads first; here their bytes decide. A name
 * without a timestamp, which TypeORM would refuse, comes first.
 */
export function compareNames(a: string, b: string): number {
  return (typeormTimestamp(a) ?? 0) - (typeormTimestamp(b) ?? 0) || compareBytes(a, b)
}

/** A name without its timestamp: `CreateUsersTable1615213456789` → `CreateUsersTable`. */
export function titleOf(name: string): string {
  return name.replace(/[-_]?[0-9]+$/, '') || name
}

/** A name as the table has it, when TypeORM would take it; 13 digits alone stand for the name that ends in them (find-migration.ts). */
export function parseVersion(text: string): string | undefined {
  return /[\s/\\]/.test(text) || typeormTimestamp(text) === undefined ? undefined : text
}
