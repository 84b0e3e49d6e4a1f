import type { Node } from 'jsonc-parser'
import type { Finding } from '../../../model/finding.ts'
import { type Folder, labelOf } from '../../../util/folder.ts'
import { badLink } from '../../read-files.ts'
import { finding } from '../../rules.ts'
import { members, parseJson } from '../dependencies/parse-json.ts'
import { type Reader, readerOf } from '../dependencies/reader.ts'
import { type EnvironmentEntry, readEntry } from './read-entry.ts'

export const environmentsName = 'environments.json'

/** What the environments.json files of a service say, and what is wrong with them. */
export interface EnvironmentsFiles {
  entries: EnvironmentEntry[]
  /** What is wrong, so far: whoever checks an entry adds to it through the entry's reader. */
  findings(): Finding[]
  /** Relative to the workspace. */
  files: string[]
}

/**
 * Reads environments.json beside the base files of a service, in either form: environments by name, or `{ "environments": … }`. Comments are allowed.
 * What cannot be used is a finding (ENVIRONMENTS-…) with its place, and left out. Throws SOURCE-UNREADABLE.
 */
export function readEnvironmentsFiles(folders: readonly Folder[]): EnvironmentsFiles {
  const said: Finding[] = []
  const read: EnvironmentsFiles = { entries: [], findings: () => said.map(renamed), files: [] }
  for (const folder of folders) {
    const listed = folder.entries().find((one) => one.name === environmentsName)
    if (listed === undefined || listed.type === 'folder') continue
    const label = labelOf(folder.label, environmentsName)
    read.files.push(label)
    if (listed.type === 'other') said.push(finding(badLink(label), label))
    else read.entries.push(...readFile(folder, label, said))
  }
  return read
}

function readFile(folder: Folder, label: string, said: Finding[]): EnvironmentEntry[] {
  const json = parseJson(label, folder.file(environmentsName).raw())
  said.push(...json.findings)
  if (json.root === undefined) return []
  const reader = readerOf(json, said)
  return environmentsOf(reader, json.root, label).flatMap(({ name, key, value }) => readEntry(reader, name, key, value) ?? [])
}

function environmentsOf(reader: Reader, root: Node, label: string): ReturnType<typeof members> {
  const all = members(root)
  const inside = all.find(({ name }) => name === 'environments')
  if (inside === undefined) return all.filter(({ name }) => !/^[_$]/.test(name))
  reader.object(root, label, ['environments', 'description', 'version'])
  if (inside.value.type === 'object') return members(inside.value).filter(({ name }) => !/^[_$]/.test(name))
  reader.object(inside.value, `environments of ${label}`, [])
  return []
}

/** Both side files are read by the same hands; a finding says which of them it is about. */
function renamed(found: Finding): Finding {
  const rule = found.rule.replace(/^DEPENDENCIES-/, 'ENVIRONMENTS-')
  return rule === 'ENVIRONMENTS-SYNTAX' ? { ...found, rule, remedy: 'correct the file there, or take it away' } : { ...found, rule }
}
