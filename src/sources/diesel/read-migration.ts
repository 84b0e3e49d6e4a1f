import type { Finding } from '../../model/finding.ts'
import type { Direction, Migration, SqlFile } from '../../model/migration.ts'
import { type Entry, type Folder, labelOf } from '../../util/folder.ts'
import { characters } from '../characters.ts'
import { badLink, ignoredNote } from '../read-files.ts'
import { type Remark, finding } from '../rules.ts'
import { type Metadata, metadataOfNoFile, parseMetadata, withoutMetadata } from './metadata.ts'
import { longestVersion, titleOf, versionOf } from './name.ts'

/** One folder of a Diesel tree: the migration in it, if there is one, and what there is to say. Throws SOURCE-UNREADABLE. */
export function readMigration(folder: Folder): { migration?: Migration; findings: Finding[] } {
  const entries = folder.entries()
  if (entries.length === 0) return { findings: [emptyFolder(folder)] }
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  const upEntry = byName.get('up.sql')
  if (upEntry === undefined) return { findings: [finding(noUp(folder), folder.label)] }
  const version = versionOf(folder.name)
  const about = (remark: Remark, file = folder.label) => finding(remark, file, version)
  if (characters(version) > longestVersion) return { findings: [about(tooLong(folder, version))] }
  const up = sqlFileAt(folder, upEntry)
  const down = sqlFileAt(folder, byName.get('down.sql'))
  const metadata = metadataOf(folder, byName.get('metadata.toml'))
  const findings = [
    ...(/^[0-9]/.test(version) ? [] : [about(odd(folder, version))]),
    ...up.remarks.map((remark) => about(remark, labelOf(folder.label, 'up.sql'))),
    ...down.remarks.map((remark) => about(remark, labelOf(folder.label, 'down.sql'))),
    ...metadata.remarks.map((remark) => about(remark, labelOf(folder.label, 'metadata.toml'))),
    ...strangers(folder, entries),
  ]
  const sending = metadata.transaction ? 'always' : 'implicit'
  return { migration: { version, name: titleOf(folder.name), id: folder.name, up: up.file, down: down.file, sending }, findings }
}

function sqlFileAt(folder: Folder, entry: Entry | undefined): { file: SqlFile | null; remarks: Remark[] } {
  if (entry === undefined) return { file: null, remarks: [] }
  const label = labelOf(folder.label, entry.name)
  if (entry.type === 'other') return { file: null, remarks: [badLink(label)] }
  if (entry.type === 'folder') return { file: null, remarks: [folderForFile(label)] }
  const direction = entry.name === 'up.sql' ? 'up' : 'down'
  return { file: folder.file(entry.name), remarks: folder.size(entry.name) === 0 ? [emptyFile(label, direction)] : [] }
}

function metadataOf(folder: Folder, entry: Entry | undefined): Metadata {
  if (entry === undefined) return withoutMetadata
  const label = labelOf(folder.label, entry.name)
  return entry.type === 'file' ? parseMetadata(folder.file(entry.name).raw(), label) : metadataOfNoFile(label)
}

/** Whatever else lies beside up.sql. */
function strangers(folder: Folder, entries: readonly Entry[]): Finding[] {
  return entries
    .filter((entry) => !['up.sql', 'down.sql', 'metadata.toml'].includes(entry.name))
    .map((entry) => ignoredNote('Diesel', entry, labelOf(folder.label, entry.name)))
}

function emptyFolder(folder: Folder): Finding {
  const entry: Entry = { name: folder.name, type: 'folder' }
  return ignoredNote('Diesel', entry, folder.label, 'the folder is empty (older releases of Diesel stop at it)', 'delete the folder')
}

function noUp(folder: Folder): Remark {
  return {
    rule: 'DIESEL-NO-UP',
    severity: 'error',
    message: `${folder.label} has no up.sql: Diesel refuses the whole tree with "Invalid migration directory"`,
    remedy: 'add up.sql, or move the folder out of the migrations',
  }
}

function tooLong(folder: Folder, version: string): Remark {
  return {
    rule: 'VERSION-TOO-LONG',
    severity: 'error',
    message: `version ${version} of ${folder.label} is longer than the ${longestVersion} characters of its column`,
    remedy: 'shorten what stands before the first underscore',
  }
}

function odd(folder: Folder, version: string): Remark {
  return {
    rule: 'VERSION-ODD',
    severity: 'warning',
    message: `${folder.label} has the version "${version}": Diesel takes whatever stands before the first underscore`,
    remedy: 'start the name with a date, as diesel migration generate does',
  }
}

function folderForFile(label: string): Remark {
  return { rule: 'SOURCE-FOLDER', severity: 'error', message: `${label} is a folder, not a file`, remedy: 'put the file in its place' }
}

function emptyFile(label: string, direction: Direction): Remark {
  return {
    rule: 'EMPTY-FILE',
    severity: 'warning',
    message: `${label} has 0 bytes: diesel migration ${direction === 'up' ? 'run' : 'revert'} refuses it ("Attempted to run an empty migration."), embedded migrations run it`,
    remedy: 'write a comment into it that says why there is nothing to do',
  }
}
