import { characters } from '../characters.ts'

/** The column is `VARCHAR(50)`, which counts characters (diesel_migrations, `__diesel_schema_migrations`). */
export const longestVersion = 50

/**
 * migrations_internals 2.3.0 `version_from_string`: what stands before the first `_`, without its dashes. Any text is a version:
 * `2024-01-02-030405-0000_add_x` → `202401020304050000`, `staging` → `staging`.
 */
export function versionOf(folder: string): string {
  return beforeUnderscore(folder).replaceAll('-', '')
}

/** What stands behind the first `_`; the whole name where there is none. */
export function titleOf(folder: string): string {
  const title = folder.slice(beforeUnderscore(folder).length + 1)
  return title === '' ? folder : title
}

/** A version as the table has it, from what a person types (`2024-01-02-030405`, or the folder's name); undefined when it can be none. */
export function parseVersion(text: string): string | undefined {
  const version = versionOf(text)
  return version === '' || characters(version) > longestVersion || /[/\0\s]/.test(version) ? undefined : version
}

function beforeUnderscore(folder: string): string {
  const end = folder.indexOf('_')
  return end < 0 ? folder : folder.slice(0, end)
}
