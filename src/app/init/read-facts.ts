import type { Migration } from '../../model/migration.ts'
import { sources } from '../../sources/index.ts'
import { type MadeObject, madeObjects } from '../../sql/made-objects.ts'
import { loadParser } from '../../sql/front.ts'
import { type Reference, references } from '../../sql/references.ts'
import { openFolder } from '../../util/folder.ts'
import { type InitService, toolOf } from '../../workspace/init/init-service.ts'
import { tools } from '../../workspace/tools.ts'
import { resolve } from 'node:path'
import { codeSql, computesNames } from '../code-sql.ts'

/** What the migrations of one service make and name, in the tool's order. */
export interface ServiceFacts {
  path: string
  migrations: { version: string; id: string; made: MadeObject[]; references: Reference[] }[]
  /** Its code makes tables under names that cannot be read. */
  computes: boolean
  /** The table that its program names. */
  table?: { table?: string; schema?: string }
}

/** Reads the files of a service and their SQL; nothing is run. Files that cannot be read or do not parse tell nothing: `validate` speaks of them. */
export async function readFacts(service: InitService, root: string): Promise<ServiceFacts | undefined> {
  const tool = tools.get(toolOf(service) ?? '')
  const source = sources.get(tool?.source ?? '')
  if (tool === undefined || source === undefined) return undefined
  try {
    await Promise.all([source.ready?.(), loadParser()])
    const reading = source.read([openFolder(resolve(root, service.path), root)], { root })
    const facts: ServiceFacts = { path: service.path, migrations: [], computes: false, table: reading.settings }
    for (const migration of reading.migrations) {
      const texts = textsOf(migration, tool.name)
      if (migration.up?.kind === 'code') facts.computes ||= computesNames(tool.name, migration.up.raw().toString('utf8'))
      const named = (await Promise.all(texts.map((text) => references(text)))).flatMap((one) => one ?? [])
      facts.migrations.push({
        version: migration.version,
        id: migration.id,
        made: texts.flatMap((text) => madeObjects([text]) ?? []),
        references: named,
      })
    }
    return facts
  } catch {
    return undefined
  }
}

function textsOf({ up }: Migration, tool: string): string[] {
  if (up === null) return []
  if (up.kind === 'code') return codeSql(tool, up.raw().toString('utf8'))
  const text = up.text()
  up.forget()
  return [text]
}
