import type { Finding } from '../../../model/finding.ts'
import type { Migration } from '../../../model/migration.ts'
import { finding } from '../../rules.ts'

/** The migrations without an entry, as one warning for each file that could have it: the one of its environment, else the one beside the base files. */
export function missingEntries(
  missing: readonly Migration[],
  files: readonly { file: string; environment?: string }[],
  service: string,
): Finding[] {
  const lists = new Map<string, string[]>()
  for (const one of missing) {
    const home = homeOf(one, files)
    if (home !== undefined) lists.set(home.file, [...(lists.get(home.file) ?? []), one.id])
  }
  return [...lists].map(([file, ids]) => {
    const shown = [...new Set(ids)]
    const names = shown.length > 5 ? `${shown.slice(0, 5).join(', ')} and ${shown.length - 5} more` : shown.join(', ')
    const message = `${names} ${shown.length === 1 ? 'has' : 'have'} no entry in ${file}`
    const remedy = `skein deps --write ${service} adds ${shown.length === 1 ? 'it' : 'them'}, read from the SQL`
    return finding({ rule: 'DEPENDENCIES-MISSING', severity: 'warning', message, remedy }, file)
  })
}

/** The file that should speak of a migration; undefined where none can. */
export function homeOf<File extends { environment?: string }>(
  migration: Pick<Migration, 'environment'>,
  files: readonly File[],
): File | undefined {
  const own = migration.environment === undefined ? undefined : files.find((one) => one.environment === migration.environment)
  return own ?? files.find((one) => one.environment === undefined)
}
