import type { Ports } from '../model/ports.ts'
import { checksumFits } from '../histories/checksum-fits.ts'
import { brokenAudit } from '../ledger/audit.ts'
import { connect } from '../postgres/connect.ts'
import { diffLines, type DiffLine } from '../util/diff-lines.ts'
import type { Looked } from './look.ts'
import type { Request } from './request.ts'
import { storedBodies, survey } from './survey.ts'

export interface VerifiedMigration {
  service: string
  version: string
  id: string
  /**
   * - `same`: byte for byte what was applied (or adopted);
   * - `looks-different`: other bytes, the same meaning (blanks, comments, line ends);
   * - `changed`: it says something else now;
   * - `missing`: applied, and its file is gone;
   * - `unverified`: nobody ever saw what was applied.
   */
  result: 'same' | 'looks-different' | 'changed' | 'missing' | 'unverified'
  file: string | null
  /** Of `changed`: what the ledger keeps against what the file says. */
  diff?: DiffLine[]
}

export interface VerifyResult {
  migrations: VerifiedMigration[]
  /** One line for each service whose own table has checksums that fit no known way of making them. */
  warnings: string[]
  /** Audit rows that do not follow from the one before, by database. */
  brokenAudit: { database: string; rows: string[] }[]
  /** 7 with a change, a missing file or a broken audit chain, else 0. */
  exit: number
}

/** Every applied migration against its file, with the difference from the text that the ledger keeps; the tools' own checksums; the audit chain. Writes nothing. */
export async function verify(request: Request, ports: Ports): Promise<VerifyResult> {
  const found = await survey(request, ports, { only: 'selected', strict: true, downs: false })
  const migrations: VerifiedMigration[] = []
  const warnings: string[] = []
  for (const looked of found.looked.values()) {
    const rows =
      found.reconciled
        .get(looked.loaded.service.name)
        ?.migrations.filter((row) => row.state !== 'pending' && row.state !== 'out-of-order') ?? []
    const bodies = await storedBodies(
      looked,
      rows.filter((row) => row.state === 'changed').flatMap((row) => (row.entry?.hash == null ? [] : [row.entry.hash])),
    )
    for (const row of rows) migrations.push(verified(looked, row, bodies))
    warnings.push(...checksumWarnings(looked))
  }
  const brokenAuditRows = await brokenAudits([...found.looked.values()])
  const bad = migrations.some((one) => one.result === 'changed' || one.result === 'missing')
  return { migrations, warnings, brokenAudit: brokenAuditRows, exit: bad || brokenAuditRows.length > 0 ? 7 : 0 }
}

function verified(looked: Looked, row: Parameters<typeof resultOf>[0], bodies: ReadonlyMap<string, string>): VerifiedMigration {
  const result = resultOf(row)
  const up = looked.loaded.migrations.find((one) => one.version === row.version)?.up
  const before = row.entry?.hash == null ? undefined : bodies.get(row.entry.hash)
  const diff = result === 'changed' && before !== undefined && up?.kind === 'sql' ? diffLines(before, up.text()) : undefined
  return { service: looked.loaded.service.name, version: row.version, id: row.id, result, file: up?.file ?? null, diff }
}

function resultOf(row: {
  state: string
  version: string
  id: string
  entry?: { hash: string | null }
  migration?: { up: { hash(): string } | null }
}): VerifiedMigration['result'] {
  if (row.state === 'changed') return 'changed'
  if (row.state === 'missing' || row.state === 'ahead') return 'missing'
  const hash = row.entry?.hash
  if (hash == null) return 'unverified'
  return row.migration?.up?.hash() === hash ? 'same' : 'looks-different'
}

/** On rows that another program wrote, sha256, sha1, md5 and crc32 are tried; none fits → one warning for the service. */
function checksumWarnings(looked: Looked): string[] {
  const wrong = looked.loaded.migrations.filter((migration) => {
    const recorded = looked.applied.applied.get(migration.version)?.checksum
    return recorded !== undefined && migration.up?.kind === 'sql' && checksumFits(recorded, migration.up.raw()) === null
  })
  if (wrong.length === 0) return []
  return [
    `${looked.loaded.service.name}: ${wrong.length} checksum${wrong.length === 1 ? '' : 's'} in ${looked.table.table} fit${wrong.length === 1 ? 's' : ''} neither sha256, sha1, md5 nor crc32 of today's files: ${wrong
      .map((one) => one.id)
      .slice(0, 5)
      .join(', ')}${wrong.length > 5 ? ' …' : ''}`,
  ]
}

async function brokenAudits(looked: readonly Looked[]): Promise<VerifyResult['brokenAudit']> {
  const places = new Map(
    looked.filter((one) => one.meta !== undefined).map((one) => [`${one.target.id} ${one.loaded.service.ledgerSchema}`, one]),
  )
  const broken: VerifyResult['brokenAudit'] = []
  for (const one of places.values()) {
    const session = await connect(one.spec, { readOnly: true })
    let rows: { seq: string }[]
    try {
      rows = await session.query<{ seq: string }>(brokenAudit(one.loaded.service.ledgerSchema))
    } finally {
      await session.end()
    }
    if (rows.length > 0) broken.push({ database: one.spec.label, rows: rows.map((row) => row.seq) })
  }
  return broken
}
