import type { Ports } from '../model/ports.ts'
import type { AdoptEvidence } from './adopt/evidence.ts'
import { gather } from './adopt/gather.ts'
import { editHistory, type Edit, type EditReport } from './edit-history.ts'
import type { Looked } from './look.ts'
import type { Request, RunRequest } from './request.ts'
import { survey } from './survey.ts'

export type { AdoptEvidence } from './adopt/evidence.ts'

export interface AdoptReport extends EditReport {
  /** What was read of each service before anything was recorded, by name. */
  evidence: AdoptEvidence[]
}

/**
 * Takes over what the tools' tables say: every version there that the ledger does not have is recorded, with today's file as its content (not claimed
 * to be verified), and what the ledger has and the table lost is recorded as taken back. The tools' tables are not touched. Also the way out
 * when both disagree and the tool's view is the right one. Takes the services' locks; each service is one transaction, so that a run that was broken
 * off is gone on with by running it again.
 */
export async function adopt(request: RunRequest & { because?: string }, ports: Ports): Promise<AdoptReport> {
  const evidence = await adoptEvidence(request, ports)
  const report = await editHistory('adopt', request, ports, (found) =>
    [...found.loaded.selected].sort().flatMap((name): Edit[] => {
      const edit = adoptEdit(found.looked.get(name) as Looked)
      return edit.add.length + edit.remove.length === 0 ? [] : [edit]
    }),
  )
  return { ...report, evidence }
}

/** What {@link adopt} would take over, and what speaks for it and against it, for each selected service by name. Locks and writes nothing. */
export async function adoptEvidence(request: Request, ports: Ports): Promise<AdoptEvidence[]> {
  const found = await survey(request, ports, { only: 'selected', strict: true, downs: false, content: false })
  const evidence: AdoptEvidence[] = []
  for (const name of [...found.loaded.selected].sort()) {
    const looked = found.looked.get(name) as Looked
    const others = [...found.looked.values()].filter((one) => one !== looked && one.target.id === looked.target.id)
    evidence.push(await gather(looked, adoptEdit(looked), new Set(others.map(({ table }) => `${table.schema}.${table.table}`))))
  }
  return evidence
}

/** What the ledger has to learn to say what the tool's table says. */
export function adoptEdit(looked: Looked): Edit {
  const known = new Set(looked.ledger?.applied.map((row) => row.version))
  const first = known.size === 0
  const there = new Set([...looked.applied.applied.keys(), ...looked.applied.unknown])
  // In the tool's order, which is that of the ledger's numbers; what has no file comes last.
  const inFiles = looked.loaded.migrations.map((migration) => migration.version).filter((version) => there.has(version))
  const add = [...new Set([...inFiles, ...there])]
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
