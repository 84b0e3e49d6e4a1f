import type { Folder } from '../../util/folder.ts'
import { compareDecimals } from '../decimal.ts'
import type { FileLayout } from '../file-layout.ts'
import { readFiles } from '../read-files.ts'
import type { Recognition, Source } from '../source.ts'
import { evidenceOf, isThreeDigitStyle } from '../styles.ts'
import { parseName, parseVersion, splitName } from './name.ts'
import { making } from './new.ts'

const layout: FileLayout = {
  tool: 'a numbered runner',
  sending: 'split',
  parse: parseName,
  compare: compareDecimals,
  folderSeverity: 'error',
  orphanSeverity: 'error',
  orphanMeans: 'nothing can have made what it takes back',
  missingDownMeans: 'it cannot be taken back',
}

/**
 * Home-made runners of counted files: `001_create_users.up.sql` or `001_create_users_up.sql`, the two mixed, versions in an `integer` column.
 * Padding does not count (`1_a.up.sql` and `001_b.up.sql` are duplicates), nor does the spelling (`001_a.up.sql` and `001_a_up.sql` are too).
 */
export const numbered: Source = {
  name: 'numbered',
  compare: compareDecimals,
  recognise,
  read: (folders) => readFiles(layout, folders),
  parseVersion,
  making,
}

/** The rule is in styles.ts. */
function recognise(folder: Folder): Recognition {
  const names = folder
    .entries()
    .flatMap((entry) => (entry.type === 'file' && parseName(entry.name).kind === 'migration' ? [entry.name] : []))
  const own = names.filter((name) => /_(?:up|down)\.sql$/.test(name))
  if (own.length > 0) return { score: 2, evidence: evidenceOf(own) }
  const fitting = names.filter((name) => isThreeDigitStyle(splitName(name)?.digits ?? ''))
  return { score: fitting.length > 0 ? 1 : 0, evidence: evidenceOf(fitting) }
}
