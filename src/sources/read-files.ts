import type { Finding } from '../model/finding.ts'
import { type Entry, type Folder, labelOf } from '../util/folder.ts'
import type { FileLayout } from './file-layout.ts'
import { gapFindings } from './gaps.ts'
import { missingDowns } from './missing-downs.ts'
import { type NamedFile, pairFiles } from './pair-files.ts'
import { type Remark, finding } from './rules.ts'
import type { SourceReading } from './source.ts'

/**
 * Reads folders of a layout that keeps each direction in a file of its own: one listing for each folder, no look at any file.
 * Several folders are one history. Throws SOURCE-UNREADABLE when a folder cannot be listed.
 */
export function readFiles(layout: FileLayout, folders: readonly Folder[]): SourceReading {
  const findings: Finding[] = []
  const files: NamedFile[] = []
  for (const folder of distinct(folders)) {
    for (const entry of folder.entries()) readEntry(layout, folder, entry, files, findings)
  }
  const paired = pairFiles(layout, files)
  const { migrations } = paired
  return {
    migrations,
    findings: [...findings, ...paired.findings, ...missingDowns(migrations, layout.missingDownMeans), ...gapFindings(migrations)],
  }
}

/** The same folder named twice is one folder. */
export function distinct(folders: readonly Folder[]): Folder[] {
  return [...new Map(folders.map((folder) => [folder.path, folder])).values()]
}

/** The note that something is passed over. Shared by all sources, so that overlays can tell which folders a layout leaves alone. */
export function ignoredNote(tool: string, entry: Entry, label: string, why?: string, remedy?: string): Finding {
  const message = `${tool} ignores ${label}${why === undefined ? (entry.type === 'folder' ? ': it is a folder' : '') : `: ${why}`}`
  return finding({ rule: 'SOURCE-IGNORED', severity: 'note', message, ...(remedy === undefined ? {} : { remedy }) }, label)
}

function readEntry(layout: FileLayout, folder: Folder, entry: Entry, files: NamedFile[], findings: Finding[]): void {
  const parsed = layout.parse(entry.name)
  const label = labelOf(folder.label, entry.name)
  if (parsed.kind === 'ignored') {
    // What is wrong with a folder's name does not matter: it is a folder.
    const [why, remedy] = entry.type === 'folder' ? [] : [parsed.why, parsed.remedy]
    findings.push(ignoredNote(layout.tool, entry, label, why, remedy))
  } else if (entry.type !== 'file') {
    findings.push(finding(notAFile(layout, entry, label), label))
  } else if (parsed.kind === 'refused') {
    findings.push(finding(parsed.remark, label))
  } else if (entry.name.includes('\ufffd')) {
    findings.push(finding(notUtf8(label), label, parsed.version))
  } else {
    files.push({ parsed, file: folder.file(entry.name) })
    for (const remark of parsed.remarks) findings.push(finding(remark, label, parsed.version))
  }
}

function notAFile(layout: FileLayout, entry: Entry, label: string): Remark {
  if (entry.type === 'other') return badLink(label)
  const passedOver = layout.folderSeverity === 'note'
  return {
    rule: passedOver ? 'SOURCE-IGNORED' : 'SOURCE-FOLDER',
    severity: layout.folderSeverity,
    message: passedOver
      ? `${layout.tool} ignores ${label}: it is called like a migration but is a folder`
      : `${label} is called like a migration but is a folder`,
    remedy: 'put the file in its place, or rename the folder',
  }
}

/** A link out of the workspace, a dead link, a socket: its content cannot be had, and leaving it out silently would skip a migration. */
export function badLink(label: string): Remark {
  return {
    rule: 'SOURCE-LINK',
    severity: 'error',
    message: `${label} is a link that leaves the workspace or leads nowhere`,
    remedy: 'copy the file here, or let the link point inside the workspace',
  }
}

/** Names come from the file system as UTF-8; bytes that are not become U+FFFD and no longer name the file. */
export function notUtf8(label: string): Remark {
  return { rule: 'SOURCE-NAME', severity: 'error', message: `the name of ${label} is not UTF-8`, remedy: 'rename the file' }
}
