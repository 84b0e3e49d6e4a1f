import type { Migration, SqlFile } from '../model/migration.ts'

/**
 * The down of a migration that the ledger keeps, by hash, so that it can be taken back without its file. Null where there is none that can be kept:
 * code needs the program around it, and a text of PostgreSQL has no NUL character.
 */
export function keptDown({ down }: Migration): SqlFile | null {
  return down?.kind === 'sql' && !down.raw().includes(0) ? down : null
}
