import type { Finding } from '../../model/finding.ts'
import type { Migration } from '../../model/migration.ts'
import { type Entry, type Folder, labelOf } from '../../util/folder.ts'
import { typeormTimestamp } from '../../util/typeorm-name.ts'
import { missingDowns } from '../missing-downs.ts'
import { badLink, distinct, ignoredNote, notUtf8 } from '../read-files.ts'
import { finding } from '../rules.ts'
import type { CodeSettings, Source, SourceOptions, SourceReading } from '../source.ts'
import { withLocalImports } from './local-imports.ts'
import { compareNames, parseVersion } from './name.ts'
import { making } from './new.ts'
import { loadParser } from './parse-module.ts'
import { readModule } from './read-module.ts'
import { isModule, recognise } from './recognise.ts'
import { duplicate, sameTime } from './remarks.ts'
import { readSettings } from './settings.ts'

/**
 * TypeORM: classes in TypeScript or JavaScript, each with `up` and `down`. The version is the instance's property `name`, else the name of the
 * class, never that of the file; its last 13 characters are the timestamp by which migrations are ordered. Files are parsed and never run; of
 * what is computed the runtime is asked. The files directly in the folders count: the globs of a DataSource are not read.
 * Source: TypeORM 0.3.31 and 1.1.1 migration/MigrationExecutor.js (getMigrations) and util/DirectoryExportedClassesLoader.js.
 */
export const typeorm: Source = { name: 'typeorm', ready: loadParser, compare: compareNames, recognise, read, parseVersion, making }

function read(folders: readonly Folder[], options?: SourceOptions): SourceReading {
  const findings: Finding[] = []
  const unread: string[] = []
  const found = new Map<string, Migration>()
  for (const folder of distinct(folders)) {
    for (const entry of folder.entries()) {
      const passedOver = passOver(entry, labelOf(folder.label, entry.name))
      if (passedOver !== undefined) {
        findings.push(passedOver)
        continue
      }
      const reading = readModule(folder.file(entry.name), entry)
      findings.push(...reading.findings)
      unread.push(...reading.unread)
      for (const migration of reading.migrations) {
        const taken = found.get(migration.version)
        if (taken === undefined) found.set(migration.version, migration)
        else findings.push(clash(taken, migration))
      }
    }
  }
  const migrations = [...found.values()].sort((a, b) => compareNames(a.version, b.version))
  const reading = { migrations, findings: [...findings, ...missingDowns(migrations, 'TypeORM fails to revert it'), ...ties(migrations)] }
  if (options === undefined) return reading
  const paths = folders.map((folder) => folder.path)
  return { ...reading, settings: withMigrations(readSettings(paths, options), migrations, unread) }
}

/** What is no module at all; undefined for what must be read. */
function passOver(entry: Entry, label: string): Finding | undefined {
  if (entry.type === 'folder')
    return ignoredNote('TypeORM', entry, label, 'it is a folder', 'name it under `path:` too, if it holds migrations')
  if (!isModule(entry.name)) return ignoredNote('TypeORM', entry, label, 'it is no module in TypeScript or JavaScript')
  if (entry.type === 'other') return finding(badLink(label), label)
  return entry.name.includes('\ufffd') ? finding(notUtf8(label), label) : undefined
}

function clash(first: Migration, second: Migration): Finding {
  const file = second.up?.file
  return finding(duplicate(first.up?.file ?? '', file ?? '', second.version), file, second.version)
}

/** Where something is computed, what it is computed from decides too. */
function withMigrations(settings: CodeSettings, migrations: readonly Migration[], names: readonly string[]): CodeSettings {
  const opaque = migrations.flatMap(({ up }) => (up?.kind === 'code' && up.opaque ? [up.path] : []))
  const computing = [...(settings.unread.length > 0 ? settings.files : []), ...opaque]
  return {
    ...settings,
    unread: [...settings.unread, ...names],
    files: [...new Set([...settings.files, ...withLocalImports(computing)])],
  }
}

/** Neighbours in the order of their names whose timestamp is the same. */
function ties(migrations: readonly Migration[]): Finding[] {
  return migrations.flatMap((migration, index) => {
    const before = migrations[index - 1]
    const timestamp = typeormTimestamp(migration.version)
    if (before === undefined || timestamp === undefined || typeormTimestamp(before.version) !== timestamp) return []
    return [finding(sameTime(before.version, migration.version, timestamp), migration.up?.file, migration.version)]
  })
}
