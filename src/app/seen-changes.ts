import type { SeenChanges } from '../execute/prepare-databases.ts'
import type { AppliedRow } from '../ledger/write.ts'
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
    if (reconciled.toRecord.length === 0 && reconciled.reverted.length === 0) continue
    const bodies = new Map<string, string>()
    const record = reconciled.toRecord.map((one): AppliedRow => adoptedRow(looked, one, bodies))
    seen.set(name, { record, undone: reconciled.reverted.map((version) => ({ version, kind: 'observed' as const })), bodies })
  }
  return seen
}

/** The ledger row of a version that we did not run, its texts put into `bodies`. */
export function adoptedRow(
  looked: Looked,
  one: { version: string; kind: AppliedRow['kind']; appliedAt?: string; because?: string },
  bodies: Map<string, string>,
): AppliedRow {
  const migration = looked.loaded.migrations.find((each) => each.version === one.version)
  const [up, down] = [migration?.up, migration?.down].map((body) => {
    if (body?.kind !== 'sql') return null
    bodies.set(body.sha256(), body.text())
    return body.sha256()
  })
  return {
    version: one.version,
    name: migration?.id ?? one.version,
    kind: one.kind,
    hash: up ?? null,
    down: down ?? null,
    environment: migration?.environment,
    appliedAt: one.appliedAt,
    because: one.because,
  }
}
