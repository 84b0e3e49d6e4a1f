import { resolve } from 'node:path'
import { historyNamed } from '../histories/index.ts'
import { SkeinError } from '../model/errors.ts'
import type { Policies, Service } from '../model/service.ts'
import { checkFolder, openFolder, relativeLabel } from '../util/folder.ts'
import { detectionFailure, detectTool } from './detect.ts'
import { nameFrom, tellingPart } from './names.ts'
import { tools } from './tools.ts'
import type { Workspace } from './workspace.ts'

/** One service that no workspace file speaks of: what the command line of another tool says, in our words. */
export interface Adhoc {
  /** Absolute folder of the migrations. */
  path: string
  /** All folders, where there are several; `path` is the first. */
  paths?: readonly string[]
  /** Undefined: told from the files, and then a tool whose migrations are SQL files. */
  tool?: string
  /** For a tool whose migrations are code: where its program is and how it is run (docs/guides/code-migrations.md). */
  runtime?: Readonly<Record<string, string>>
  table?: { schema?: string; table: string }
  /** What people call the service, and what the service column of a shared table says; undefined: after the folder. */
  name?: string
  /** Default: to refuse. */
  policies?: Policies
  /** False: statement by statement, each committed by itself. Default true. */
  inTransactions?: boolean
}

/**
 * A workspace with this one service, which needs nobody and whom nobody needs; no file is read and none is looked for. The service is called after its
 * folder, as a detected one would be, so that the ledger and `skein logs` know it by one name. Throws TOOL-UNKNOWN, TOOL-AMBIGUOUS, TOOL-UNSUPPORTED,
 * SOURCE-UNREADABLE.
 */
export function adhocWorkspace({ path, paths, tool: said, runtime, table, name, policies }: Adhoc, cwd: string): Workspace {
  const tool = tools.get(said ?? toldFromFiles(path, cwd))
  if (tool === undefined || (tool.kind === 'code' && runtime === undefined))
    throw new SkeinError('TOOL-UNKNOWN', { message: `${said} is no tool whose migrations are SQL files` })
  const history = historyNamed(tool.history)
  const called = name ?? nameFrom(tellingPart(path))
  const inside = !relativeLabel(path, cwd).startsWith('/')
  // Files are named as from here; links may not leave the folder that counts as the workspace.
  const root = inside ? resolve(cwd) : path
  const service: Service = {
    name: called,
    aliases: [],
    tool: tool.name,
    source: tool.source,
    history: {
      name: tool.history,
      ...(table ?? { table: history.defaultTable(called) }),
      service: history.sharesTable ? (name ?? tellingPart(path) ?? 'main') : undefined,
      lockKeys: [],
    },
    paths: [...(paths ?? [path])],
    ledgerSchema: 'skein',
    needs: [],
    policies: policies ?? { outOfOrder: 'error', changed: 'error', ahead: 'error' },
    root,
    ...(runtime === undefined ? {} : { runtime: { ...runtime } }),
  }
  return { root, services: [service], tiers: [], environments: [], notes: [], said: new Map() }
}

function toldFromFiles(path: string, cwd: string): string {
  const where = relativeLabel(path, cwd)
  checkFolder(path, cwd)
  const detection = detectTool([openFolder(path, path)])
  if (detection.kind === 'tool') return detection.tool
  const { code, message, hint } = detectionFailure(detection, where, where)
  throw new SkeinError(code, { message, hint })
}
