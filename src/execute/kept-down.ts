import type { Migration } from '../model/migration.ts'

/**
 * The down of a migration as the ledger keeps it, by hash, so that it can be taken back without its file. Null where there is none that can be kept:
 * code needs the program around it, and a text of PostgreSQL has no NUL character.
 */
export function keptDown({ down }: Migration): { hash: string; text: string } | null {
  if (down?.kind !== 'sql') return null
  const text = down.text()
  return text.includes('\0') ? null : { hash: down.sha256(), text }
}
