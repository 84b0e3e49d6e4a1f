import type { Folder } from '../../../util/folder.ts'
import type { Source, SourceReading } from '../../source.ts'
import { knownMigrations } from '../dependencies/known.ts'
import { defaultEnvironments } from '../environments.ts'
import { checkEntry } from './check.ts'
import { readEnvironmentsFiles } from './read-file.ts'

/** The environment in force, the sub-folders that are environments, and every name that the workspace knows. */
export interface EnvironmentsFileChoice {
  environment?: string
  environments?: readonly string[]
  named: readonly string[]
}

/**
 * Adds to a reading what is wrong with environments.json, against the files: environments and migrations that do not exist, lists that disagree with
 * the folders, seeds. What the file allows and demands is read with the workspace (workspace/environments.ts). Throws SOURCE-UNREADABLE.
 */
export function checkEnvironmentsFile(
  source: Source,
  folders: readonly Folder[],
  reading: SourceReading,
  { environment, environments = defaultEnvironments, named }: EnvironmentsFileChoice,
): SourceReading {
  const read = readEnvironmentsFiles(folders)
  if (read.files.length === 0) return reading
  const names = [...new Set([...environments, ...named, ...defaultEnvironments])]
  const known = knownMigrations(source, folders, reading.migrations, environment, new Set(names))
  for (const entry of read.entries) checkEntry(entry, { known, environments: names, environment })
  return {
    ...reading,
    findings: [
      ...reading.findings.filter((one) => one.rule !== 'SOURCE-IGNORED' || !read.files.includes(one.place?.file ?? '')),
      ...read.findings(),
    ],
  }
}
