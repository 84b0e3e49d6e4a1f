import type { ErrorCode } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { onlyService } from './force.ts'
import { load, refuseBrokenSources } from './load.ts'
import type { Looked } from './look.ts'
import type { Request } from './request.ts'
import { survey } from './survey.ts'

/** Where one service stands by the table of its tool alone, for tools that keep the latest version. */
export interface Stand {
  /** What the row says; null when there is none, or it says "before the first". */
  version: string | null
  dirty: boolean
  /** Versions of the files, in the tool's order. */
  versions: string[]
  /** What would stop a run, as codes: DIRTY, PARTIAL, AHEAD, REVERTED, MIXED … */
  problems: ErrorCode[]
}

/**
 * Reads files and table of the one service that is meant, and locks and writes nothing. Throws what broken files deserve before it opens the database,
 * then what looking throws; USAGE unless exactly one service is meant.
 */
export async function stand(request: Request, ports: Ports): Promise<Stand> {
  refuseBrokenSources(await load(request, ports))
  const found = await survey(request, ports, { only: 'selected', strict: true, downs: false, content: false })
  const name = onlyService(found)
  const { snapshot, loaded } = found.looked.get(name) as Looked
  const row = snapshot.rows[0]
  const version = row === undefined ? null : String(row['version'])
  return {
    version: version === '-1' ? null : version,
    dirty: row?.['dirty'] === true,
    versions: loaded.migrations.map((migration) => migration.version),
    problems: (found.reconciled.get(name)?.problems ?? []).map((problem) => problem.code),
  }
}
