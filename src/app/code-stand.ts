import { graphOf, withAncestors } from '../histories/heads.ts'
import type { Ports } from '../model/ports.ts'
import { adopt } from './adopt.ts'
import { type EditReport, editHistory } from './edit-history.ts'
import { onlyService } from './force.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'
import { survey, type Survey } from './survey.ts'

/** Where a service in code stands by its tool's table alone. */
export interface CodeStand {
  /** What the rows name, in the order of the table. */
  rows: { name: string; timestamp: number }[]
  /** Versions of the files, in the tool's order. */
  versions: string[]
  parents: ReadonlyMap<string, readonly string[]>
}

/** Reads files and table of the one service that is meant; where the ledger disagrees with the table and no workspace is around, it follows it. Throws what looking throws; USAGE unless it is one service. */
export async function codeStand(request: RunRequest, ports: Ports): Promise<CodeStand> {
  const found = await survey(request, ports, { only: 'selected', strict: true, downs: false, content: false })
  const { snapshot, loaded } = only(found)
  const problems = found.reconciled.get(onlyService(found))?.problems ?? []
  // The tools know their table and nothing else: where no workspace says otherwise it is taken at its word, and the ledger's audit chain says so.
  if (request.adhoc !== undefined && problems.some(({ code }) => code === 'REVERTED' || code === 'MIXED'))
    await adopt({ ...request, because: 'the table of the tool is what counts' }, ports)
  return {
    rows: snapshot.rows.map((row) => ({ name: String(row['name'] ?? row['version_num']), timestamp: Number(row['timestamp'] ?? 0) })),
    versions: loaded.migrations.map((migration) => migration.version),
    parents: new Map(loaded.migrations.map(({ version, parents }) => [version, parents ?? []])),
  }
}

/** `--fake`: records everything pending as applied, or takes the row of one version back, and runs nothing. Takes the service's locks. */
export async function fake(what: 'pending' | { revert: string }, request: RunRequest, ports: Ports): Promise<EditReport> {
  return editHistory('mark', request, ports, (found) => {
    const { applied, loaded } = only(found)
    if (what !== 'pending') return [{ service: onlyService(found), add: [], remove: [what.revert], tool: true }]
    const pending = loaded.migrations.map(({ version }) => version).filter((version) => !applied.applied.has(version))
    return [{ service: onlyService(found), add: pending.map((version) => ({ version, kind: 'forced' as const })), remove: [], tool: true }]
  })
}

/** `stamp`: the table holds these heads afterwards, whatever it held before, and the ledger says so too. Takes the service's locks. */
export async function stampHeads(heads: readonly string[], request: RunRequest, ports: Ports): Promise<EditReport> {
  return editHistory('force', request, ports, (found) => {
    const { applied, loaded, ledger } = only(found)
    const wanted = withAncestors(graphOf(loaded.migrations), [...heads])
    const now = new Set([...applied.applied.keys(), ...applied.unknown])
    const known = new Set(ledger?.applied.map((row) => row.version))
    const add = [...wanted].filter((version) => !now.has(version) || !known.has(version))
    const remove = [...new Set([...now, ...known])].filter((version) => !wanted.has(version))
    return [{ service: onlyService(found), add: add.map((version) => ({ version, kind: 'forced' as const })), remove, tool: true }]
  })
}

function only(found: Survey): Looked {
  return found.looked.get(onlyService(found)) as Looked
}
