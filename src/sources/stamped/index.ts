import type { Finding } from '../../model/finding.ts'
import type { Migration } from '../../model/migration.ts'
import type { Folder } from '../../util/folder.ts'
import { compareBytes } from '../compare-bytes.ts'
import type { FileLayout } from '../file-layout.ts'
import { readFiles } from '../read-files.ts'
import { finding } from '../rules.ts'
import type { Recognition, Source, SourceReading } from '../source.ts'
import { evidenceOf, stampedName } from '../styles.ts'
import { parseName, parseVersion, stampOf } from './name.ts'
import { making } from './new.ts'

const layout: FileLayout = {
  tool: 'a stamped runner',
  sending: 'split',
  parse: parseName,
  compare: compareBytes,
  folderSeverity: 'error',
  orphanSeverity: 'error',
  orphanMeans: 'nothing can have made what it takes back',
  missingDownMeans: 'it cannot be taken back',
}

/**
 * Home-made runners of stamped files: `20240101120000_a1b2c3d4_create_users.up.sql`, where the middle is a piece of a UUID that keeps two people's
 * files apart. The version is the whole base name; order is bytewise. One stamp with two names is an error: one of them was renamed.
 */
export const stamped: Source = { name: 'stamped', compare: compareBytes, recognise, read, parseVersion, making }

function read(folders: readonly Folder[]): SourceReading {
  const { migrations, findings } = readFiles(layout, folders)
  return { migrations, findings: [...findings, ...sameStamps(migrations)] }
}

/** In bytewise order names of one stamp are neighbours. */
function sameStamps(migrations: readonly Migration[]): Finding[] {
  return migrations.slice(1).flatMap((migration, index) => {
    const before = migrations[index]
    if (before === undefined || stampOf(before.id) !== stampOf(migration.id)) return []
    const [first, second] = [fileOf(before), fileOf(migration)]
    const message = `${first} and ${second} carry one stamp under two names`
    return [
      finding(
        {
          rule: 'SOURCE-DUPLICATE',
          severity: 'error',
          message,
          remedy: 'give them one name; or skein new --renumber gives one of them another stamp',
        },
        second,
        migration.version,
      ),
    ]
  })
}

function fileOf(migration: Migration): string {
  return (migration.up ?? migration.down)?.file ?? migration.id
}

/** The rule is in styles.ts. */
function recognise(folder: Folder): Recognition {
  const directed = folder
    .entries()
    .flatMap((entry) => (entry.type === 'file' && /\.(?:up|down)\.sql$/.test(entry.name) ? [entry.name] : []))
  const own = directed.filter((name) => stampedName.test(name))
  if (own.length === 0) return { score: 0, evidence: [] }
  return { score: own.length === directed.length ? 2 : 1, evidence: evidenceOf(own) }
}
