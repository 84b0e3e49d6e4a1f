import type { Finding } from '../../model/finding.ts'
import type { Migration } from '../../model/migration.ts'
import { type Entry, type Folder, labelOf } from '../../util/folder.ts'
import { compareBytes } from '../compare-bytes.ts'
import { gapFindings } from '../gaps.ts'
import { missingDowns } from '../missing-downs.ts'
import { badLink, distinct, ignoredNote, notUtf8 } from '../read-files.ts'
import { finding } from '../rules.ts'
import type { Recognition, Source, SourceReading } from '../source.ts'
import { evidenceOf } from '../styles.ts'
import { parseVersion } from './name.ts'
import { making } from './new.ts'
import { readMigration } from './read-migration.ts'
import { textOrder } from './text-order.ts'

/**
 * Diesel: one folder for each migration with `up.sql`, perhaps `down.sql` and `metadata.toml`; the version is the name up to its first underscore,
 * dashes taken out, ordered bytewise (diesel_migrations 2.3.2 src/file_based_migrations.rs, migrations_internals 2.3.0 src/lib.rs).
 * Plain files, dot folders and empty folders are passed over; any other folder without up.sql stops the whole tree.
 * One difference: of two folders with one version Diesel silently takes one, here they are an error.
 */
export const diesel: Source = { name: 'diesel', compare: compareBytes, recognise, read, parseVersion, making }

function read(folders: readonly Folder[]): SourceReading {
  const findings: Finding[] = []
  const found = new Map<string, { migration: Migration; label: string }>()
  for (const folder of distinct(folders)) {
    for (const entry of folder.entries()) {
      const label = labelOf(folder.label, entry.name)
      const passedOver = passOver(entry, label)
      if (passedOver !== undefined) {
        findings.push(passedOver)
        continue
      }
      const { migration, findings: more } = readMigration(folder.folder(entry.name))
      findings.push(...more)
      if (migration === undefined) continue
      const taken = found.get(migration.version)
      if (taken === undefined) found.set(migration.version, { migration, label })
      else findings.push(duplicate(taken.label, label, migration.version))
    }
  }
  const migrations = [...found.values()].map(({ migration }) => migration).sort((a, b) => compareBytes(a.version, b.version))
  const missing = missingDowns(migrations, 'Diesel refuses to revert it')
  return { migrations, findings: [...findings, ...missing, ...gapFindings(migrations), ...textOrder(migrations)] }
}

/** What is no migration folder at all; undefined for what must be looked into. */
function passOver(entry: Entry, label: string): Finding | undefined {
  if (entry.name.startsWith('.')) return ignoredNote('Diesel', entry, label, 'its name starts with a dot')
  if (entry.type === 'file') return ignoredNote('Diesel', entry, label, 'a migration is a folder')
  if (entry.type === 'other') return finding(badLink(label), label)
  return entry.name.includes('\ufffd') ? finding(notUtf8(label), label) : undefined
}

function duplicate(first: string, second: string, version: string): Finding {
  const message = `${first} and ${second} both have version ${version}: Diesel silently takes one of them`
  return finding(
    { rule: 'SOURCE-DUPLICATE', severity: 'error', message, remedy: 'skein new --renumber gives one of them the next version' },
    second,
    version,
  )
}

/** The rule is in styles.ts. Looks into folders until it finds up.sql in one that starts with a digit. */
function recognise(folder: Folder): Recognition {
  const others: string[] = []
  for (const entry of folder.entries()) {
    if (entry.type !== 'folder' || entry.name.startsWith('.')) continue
    const inside = folder.folder(entry.name).entries()
    if (!inside.some((file) => file.name === 'up.sql' && file.type === 'file')) continue
    if (/^[0-9]/.test(entry.name)) return { score: 2, evidence: [`${entry.name}/up.sql`] }
    others.push(`${entry.name}/up.sql`)
  }
  return { score: others.length > 0 ? 1 : 0, evidence: evidenceOf(others) }
}
