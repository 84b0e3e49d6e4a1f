import type { Folder } from '../../util/folder.ts'
import { compareDecimals } from '../decimal.ts'
import type { FileLayout } from '../file-layout.ts'
import { readFiles } from '../read-files.ts'
import type { Recognition, Source } from '../source.ts'
import { evidenceOf, isThreeDigitStyle, stampedName } from '../styles.ts'
import { parseName, parseVersion, splitName } from './name.ts'
import { making } from './new.ts'

const layout: FileLayout = {
  tool: 'golang-migrate',
  sending: 'implicit',
  parse: parseName,
  compare: compareDecimals,
  folderSeverity: 'note',
  orphanSeverity: 'warning',
  orphanMeans: 'golang-migrate takes the missing up as an empty migration',
  missingDownMeans: 'golang-migrate takes that as an empty down, so going back changes the version and nothing else',
}

/**
 * golang-migrate: `000001_create_users.up.sql` and `.down.sql`, all in one folder, its sub-folders passed over; versions are unsigned numbers (0 is one),
 * ordered by value, paired by number alone; a missing up or down is an empty migration (v4.19.1 source/parse.go, source/iofs/iofs.go, migrate.go).
 * One difference: a link that leaves the workspace is an error here, the tool would follow it.
 */
export const golangMigrate: Source = {
  name: 'golang-migrate',
  compare: compareDecimals,
  recognise,
  read: (folders) => readFiles(layout, folders),
  parseVersion,
  making,
}

/** The rule is in styles.ts. Files with another ending than .sql count little: other databases' migrations have these names too. */
function recognise(folder: Folder): Recognition {
  const names = folder
    .entries()
    .flatMap((entry) => (entry.type === 'file' && parseName(entry.name).kind === 'migration' ? [entry.name] : []))
  const own = names.some((name) => stampedName.test(name)) ? [] : names.filter(isOwn)
  if (own.length > 0) return { score: 2, evidence: evidenceOf(own) }
  return { score: names.length > 0 ? 1 : 0, evidence: evidenceOf(names) }
}

function isOwn(name: string): boolean {
  const parts = splitName(name)
  return parts !== undefined && parts.ending === 'sql' && !isThreeDigitStyle(parts.digits)
}
