import type { Ports } from '../model/ports.ts'
import { editHistory, type Edit, type EditReport } from './edit-history.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'

/**
 * Takes over what the tools' tables say: every version there that the ledger does not have is recorded, with today's file as its content (not claimed
 * to be verified), and what the ledger has and the table lost is recorded as taken back. The tools' tables are not touched. Also the way out
 * when both disagree and the tool's view is the right one. Takes the services' locks.
 */
export async function adopt(request: RunRequest & { because?: string }, ports: Ports): Promise<EditReport> {
  return editHistory('adopt', request, ports, (found) =>
    [...found.loaded.selected].sort().flatMap((name): Edit[] => {
      const edit = adoptEdit(found.looked.get(name) as Looked)
      return edit.add.length + edit.remove.length === 0 ? [] : [edit]
    }),
  )
}

/** What the ledger has to learn to say what the tool's table says. */
export function adoptEdit(looked: Looked): Edit {
  const known = new Set(looked.ledger?.applied.map((row) => row.version))
  const first = known.size === 0
  const there = new Set([...looked.applied.applied.keys(), ...looked.applied.unknown])
  const add = [...there]
    .filter((version) => !known.has(version))
    .map((version) => {
      const row = looked.applied.applied.get(version)
      return {
        version,
        kind: row?.assumed === true ? ('assumed' as const) : first ? ('adopted' as const) : ('observed' as const),
        appliedAt: row?.appliedAt,
      }
    })
  const remove = [...known].filter((version) => !there.has(version))
  return { service: looked.loaded.service.name, add, remove, tool: false }
}
