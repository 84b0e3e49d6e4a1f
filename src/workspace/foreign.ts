import type { Entry, Folder } from '../util/folder.ts'

/** A folder of a tool that is known by its files and cannot be run here. */
export interface Foreign {
  /** As people call it: Flyway. */
  tool: string
  evidence: string[]
}

/** What tells each tool: a name of a file or folder that no other tool has. Sources: the documents of each, as of 2026. */
const marks: readonly { tool: string; type: Entry['type']; name: RegExp }[] = [
  { tool: 'Flyway', type: 'file', name: /^[VUBR][0-9._]*__.+\.sql$/ },
  { tool: 'Prisma Migrate', type: 'file', name: /^migration_lock\.toml$/ },
  { tool: 'Atlas', type: 'file', name: /^atlas\.sum$/ },
  { tool: 'sqitch', type: 'file', name: /^sqitch\.plan$/ },
  { tool: 'Liquibase', type: 'file', name: /^(?:db\.)?changelog.*\.(?:xml|ya?ml|json|sql)$/i },
  { tool: 'Drizzle', type: 'folder', name: /^meta$/ },
]

/** Tells the folder of a tool that this version does not run, by names alone, so that a message can say whose it is. Throws SOURCE-UNREADABLE. */
export function recogniseForeign(folder: Folder): Foreign | undefined {
  const entries = folder.entries()
  for (const { tool, type, name } of marks) {
    const found = entries.filter((entry) => entry.type === type && name.test(entry.name)).map((entry) => entry.name)
    if (found.length === 0) continue
    const sure =
      tool !== 'Drizzle' ||
      folder
        .folder('meta')
        .entries()
        .some((entry) => entry.name === '_journal.json')
    if (sure) return { tool, evidence: found.slice(0, 3) }
  }
  return undefined
}
