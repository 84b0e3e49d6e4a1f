import { dirname } from 'node:path'
import type { Finding } from '../../model/finding.ts'
import { type Entry, type Folder, labelOf, openFolder } from '../../util/folder.ts'
import { badLink, ignoredNote } from '../read-files.ts'
import { finding } from '../rules.ts'
import type { SourceOptions } from '../source.ts'
import { type AlembicConfig, findConfig } from './config.ts'

/** A folder that a service names, and where its revisions are. */
export interface ScriptFolder {
  /** Has env.py; undefined where the service names a versions folder that stands alone. */
  script?: Folder
  config?: AlembicConfig
  versions: Folder[]
  findings: Finding[]
}

/** A file that Alembic loads as a revision (1.16.5 script/base.py, _only_source_rev_file). */
export const revisionFile = /^(?!\.#|__init__).*\.py$/s

/** Finds out whether `folder` is a script_location or a versions folder itself, and which folders its configuration names. Throws SOURCE-UNREADABLE. */
export function scriptFolder(folder: Folder, options: SourceOptions | undefined): ScriptFolder {
  const entries = folder.entries()
  const isScript = isScriptFolder(entries)
  const above = options === undefined || isScript ? undefined : openFolder(dirname(folder.path), options.root)
  const script = isScript ? folder : above !== undefined && isThere(above, 'env.py') ? above : undefined
  const config = script === undefined || options === undefined ? undefined : findConfig(script.path, options)
  if (!isScript) return { script, config, versions: [folder], findings: [] }
  const located = config?.versionLocations
  const wanted =
    located === undefined || options === undefined ? [folder.folder('versions')] : located.map((path) => openFolder(path, options.root))
  const versions = wanted.filter(exists)
  const findings = wanted.filter((one) => !versions.includes(one)).map((one) => missingFolder(one))
  return { script, config, versions, findings }
}

/** The files in the order in which Alembic loads them: by name, sub-folders after the folder they are in, where it looks there at all. */
export function revisionFiles(folder: Folder, isRecursive: boolean): { files: { folder: Folder; name: string }[]; findings: Finding[] } {
  const files: { folder: Folder; name: string }[] = []
  const findings: Finding[] = []
  const inside: Folder[] = []
  for (const entry of folder.entries().toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const label = labelOf(folder.label, entry.name)
    if (entry.name === '__pycache__') continue
    if (entry.type === 'other') findings.push(finding(badLink(label), label))
    else if (entry.type === 'folder' && isRecursive) inside.push(folder.folder(entry.name))
    else if (entry.type === 'file' && revisionFile.test(entry.name)) files.push({ folder, name: entry.name })
    else findings.push(ignored(entry, label))
  }
  for (const one of inside) {
    const below = revisionFiles(one, isRecursive)
    files.push(...below.files)
    findings.push(...below.findings)
  }
  return { files, findings }
}

function ignored(entry: Entry, label: string): Finding {
  if (entry.type === 'folder')
    return ignoredNote('Alembic', entry, label, 'it looks into sub-folders only with recursive_version_locations')
  return ignoredNote('Alembic', entry, label, entry.name.endsWith('.py') ? 'its name is not one of a revision' : 'a revision is a .py file')
}

/** True for a folder that `alembic init` made, or what is left of one. */
export function isScriptFolder(entries: readonly Entry[]): boolean {
  return entries.some(
    ({ name, type }) => (type === 'file' && (name === 'env.py' || name === 'script.py.mako')) || (type === 'folder' && name === 'versions'),
  )
}

/** True for a folder with such a file; false where it cannot be looked into. */
function isThere(folder: Folder, name: string): boolean {
  return exists(folder) && folder.entries().some((entry) => entry.name === name)
}

function exists(folder: Folder): boolean {
  try {
    folder.entries()
    return true
  } catch {
    return false
  }
}

function missingFolder(folder: Folder): Finding {
  const message = `${folder.label} is not there: Alembic passes over it`
  return finding(
    { rule: 'SOURCE-IGNORED', severity: 'note', message, remedy: 'make the folder, or correct version_locations' },
    folder.label,
  )
}
