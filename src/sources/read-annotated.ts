import type { Finding } from '../model/finding.ts'
import type { Migration, SqlFile } from '../model/migration.ts'
import { filePiece } from '../util/file-piece.ts'
import { codeFile, type Entry, type Folder, labelOf } from '../util/folder.ts'
import type { AnnotatedLayout, AnnotatedName } from './annotated-layout.ts'
import { gapFindings } from './gaps.ts'
import { missingDowns } from './missing-downs.ts'
import { badLink, distinct, ignoredNote, notUtf8 } from './read-files.ts'
import { finding } from './rules.ts'
import type { Recognition, SourceReading } from './source.ts'
import { evidenceOf } from './styles.ts'

/**
 * Reads folders of a layout that keeps up and down in one file. Every file is read once, for its annotations decide what is in it and how it is
 * sent; what is found is let go again. Several folders are one history. Throws SOURCE-UNREADABLE.
 */
export function readAnnotated(layout: AnnotatedLayout, folders: readonly Folder[]): SourceReading {
  const findings: Finding[] = []
  const found = new Map<string, { migration: Migration; label: string }>()
  for (const folder of distinct(folders)) {
    for (const entry of folder.entries()) {
      const label = labelOf(folder.label, entry.name)
      const migration = readEntry(layout, folder, entry, label, findings)
      if (migration === undefined) continue
      const taken = found.get(migration.version)
      if (taken === undefined) found.set(migration.version, { migration, label })
      else findings.push(duplicate(taken.label, label, migration.version))
    }
  }
  const migrations = [...found.values()].map(({ migration }) => migration).sort((a, b) => layout.compare(a.version, b.version))
  const broken = new Set(findings.flatMap((one) => (one.severity === 'error' && one.version !== undefined ? [one.version] : [])))
  const sound = migrations.filter((migration) => !broken.has(migration.version))
  return { migrations, findings: [...findings, ...missingDowns(sound, layout.missingDownMeans), ...gapFindings(migrations)] }
}

/** How many files are looked into: the first ones say what all are. */
const looks = 12

/** 2 where one of the first files of fitting names has `mark` in it: names alone say nothing. Throws SOURCE-UNREADABLE. */
export function recogniseAnnotated(layout: AnnotatedLayout, folder: Folder, mark: RegExp): Recognition {
  const names = folder.entries().flatMap(({ name, type }) => (type === 'file' && layout.name(name).kind === 'migration' ? [name] : []))
  const fitting = names.slice(0, looks).filter((name) => mark.test(folder.text(name)))
  return { score: fitting.length > 0 ? 2 : 0, evidence: evidenceOf(fitting) }
}

function readEntry(layout: AnnotatedLayout, folder: Folder, entry: Entry, label: string, findings: Finding[]): Migration | undefined {
  const name = layout.name(entry.name)
  if (name.kind === 'ignored') {
    const [why, remedy] = entry.type === 'folder' ? [] : [name.why, name.remedy]
    findings.push(ignoredNote(layout.tool, entry, label, why, remedy))
  } else if (entry.type === 'other') {
    findings.push(finding(badLink(label), label))
  } else if (entry.type === 'folder') {
    const message = `${label} is called like a migration but is a folder`
    const remedy = 'put the file in its place, or rename the folder'
    findings.push(finding({ rule: 'SOURCE-FOLDER', severity: 'error', message, remedy }, label))
  } else if (name.kind === 'refused') {
    findings.push(finding(name.remark, label))
  } else if (entry.name.includes('\ufffd')) {
    findings.push(finding(notUtf8(label), label, name.version))
  } else {
    return name.kind === 'code'
      ? readCode(layout, folder.file(entry.name), name, findings)
      : readFile(layout, folder.file(entry.name), name, findings)
  }
  return undefined
}

type Named = Extract<AnnotatedName, { version: string }>

/** A file that cannot be understood stays a migration, so that its version is known; the finding keeps it from being run. */
function readFile(layout: AnnotatedLayout, file: SqlFile, { version, title, base }: Named, findings: Finding[]): Migration {
  const { parts, remarks } = layout.annotations(file.raw().toString('latin1'))
  for (const { line, ...remark } of remarks) findings.push({ ...finding(remark, file.file, version), place: { file: file.file, line } })
  const up = parts === undefined ? file : filePiece(file, parts.up)
  const down = parts?.down === undefined ? null : filePiece(file, parts.down)
  file.forget()
  const { sending = 'always', downSending } = parts ?? {}
  return { version, name: title, id: base, up, down, sending, ...(downSending === undefined ? {} : { downSending }) }
}

function readCode(layout: AnnotatedLayout, file: SqlFile, { version, title, base }: Named, findings: Finding[]): Migration {
  const remark = layout.code?.(file.file)
  if (remark !== undefined) findings.push(finding(remark, file.file, version))
  const code = codeFile(file, { opaque: true })
  return { version, name: title, id: base, up: code, down: code, sending: 'always' }
}

function duplicate(first: string, second: string, version: string): Finding {
  const message = `${first} and ${second} both have version ${version}`
  const remedy = 'skein new --renumber gives one of them the next number; or delete one'
  return finding({ rule: 'SOURCE-DUPLICATE', severity: 'error', message, remedy }, second, version)
}
