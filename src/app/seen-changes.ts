import type { SeenChanges } from '../execute/prepare-databases.ts'
import type { AppliedRow } from '../ledger/write.ts'
import type { Migration } from '../model/migration.ts'
import type { Looked } from './look.ts'
import type { Survey } from './survey.ts'

/**
 * What the ledger must learn of each service before anything else is written: versions that are in the tool's table and not in the ledger (adopted at
 * first, observed later, assumed below a high-water mark), with today's files as their content, unverified; and versions that the tool took back.
 */
export async function seenChanges(found: Survey, names: readonly string[]): Promise<Map<string, SeenChanges>> {
  const seen = new Map<string, SeenChanges>()
  for (const name of names) {
    const reconciled = found.reconciled.get(name)
    const looked = found.looked.get(name)
    if (reconciled === undefined || looked === undefined) continue
    if (reconciled.toRecord.length === 0 && reconciled.reverted.length === 0 && intents(looked).size === 0) continue
    const bodies = new Map<string, string>()
    const intended = intents(looked)
    const record = reconciled.toRecord.map(
      (one): AppliedRow => adoptedRow(looked, intended.has(`up ${one.version}`) ? { ...one, kind: 'executed' } : one, bodies),
    )
    const undone = reconciled.reverted.map((version) => ({
      version,
      kind: intended.has(`down ${version}`) ? ('executed' as const) : ('observed' as const),
    }))
    seen.set(name, { record, undone, bodies, settled: intended.size > 0 })
  }
  return seen
}

/** Migrations in code that a run of ours had begun when its record ends: what the tool's table shows of them was done by that run. */
function intents(looked: Looked): Set<string> {
  const notes = looked.loaded.code === undefined ? [] : (looked.ledger?.journal ?? [])
  return new Set(notes.map((note) => `${note.direction} ${note.version}`))
}

/** The ledger row of a version that we did not run, its texts put into `bodies`. */
export function adoptedRow(
  looked: Looked,
  one: { version: string; kind: AppliedRow['kind']; appliedAt?: string; because?: string },
  bodies: Map<string, string>,
): AppliedRow {
  const migration = looked.loaded.migrations.find((each) => each.version === one.version)
  const keep = (body: Migration['up'] | undefined) => {
    if (body == null) return null
    bodies.set(body.sha256(), body.raw().toString('utf8'))
    return body.sha256()
  }
  const up = keep(migration?.up)
  // Code is not taken back from the ledger: it needs the program around it.
  const down = migration?.down?.kind === 'sql' ? keep(migration.down) : null
  return {
    version: one.version,
    name: migration?.id ?? one.version,
    kind: one.kind,
    hash: up,
    down,
    environment: migration?.environment,
    appliedAt: one.appliedAt,
    because: one.because,
  }
}
