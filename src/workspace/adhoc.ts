import { resolve } from 'node:path'
import { historyNamed } from '../histories/index.ts'
import { SkeinError } from '../model/errors.ts'
import type { Policies, Service } from '../model/service.ts'
import { relativeLabel } from '../util/folder.ts'
import { nameFrom, tellingPart } from './names.ts'
import { tools } from './tools.ts'
import type { Workspace } from './workspace.ts'

/** One service that no workspace file speaks of: what the command line of another tool says, in our words. */
export interface Adhoc {
  /** Absolute folder of the migrations. */
  path: string
  /** A tool whose migrations are SQL files. */
  tool: string
  table?: { schema?: string; table: string }
  policies: Policies
}

/**
 * A workspace with this one service, which needs nobody and whom nobody needs; no file is read and none is looked for. The service is called after its
 * folder, as a detected one would be, so that the ledger and `skein logs` know it by one name. Throws TOOL-UNKNOWN.
 */
export function adhocWorkspace({ path, tool: name, table, policies }: Adhoc, cwd: string): Workspace {
  const tool = tools.get(name)
  if (tool?.kind !== 'sql') throw new SkeinError('TOOL-UNKNOWN', { message: `${name} is no tool whose migrations are SQL files` })
  const inside = !relativeLabel(path, cwd).startsWith('/')
  // Files are named as from here; links may not leave the folder that counts as the workspace.
  const root = inside ? resolve(cwd) : path
  const service: Service = {
    name: nameFrom(tellingPart(path)),
    aliases: [],
    tool: tool.name,
    source: tool.source,
    history: { name: tool.history, ...(table ?? { table: historyNamed(tool.history).defaultTable(name) }), lockKeys: [] },
    paths: [path],
    ledgerSchema: 'skein',
    needs: [],
    policies,
    root,
  }
  return { root, services: [service], tiers: [], environments: [], unenforced: [], notes: [] }
}
