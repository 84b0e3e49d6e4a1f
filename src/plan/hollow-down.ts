import type { LedgerEntry, PlanMigration } from './input.ts'

/**
 * What is wrong with the down of a migration: there is none, or it says nothing. A down whose file is gone counts as there when
 * the ledger keeps its text. `read` false: an existing file is taken to say something.
 */
export function hollowDown(migration: PlanMigration | undefined, entry: LedgerEntry | undefined, read = true): 'missing' | 'empty' | false {
  const down = migration?.down ?? null
  if (down === null) return entry?.hasDown === true ? false : 'missing'
  return read && down.hollow() ? 'empty' : false
}
