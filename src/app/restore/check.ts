import type { BackupFile, Manifest } from '../../data/restore/read-backup.ts'
import { SkeinError } from '../../model/errors.ts'
import type { Ports } from '../../model/ports.ts'
import { connect } from '../../postgres/connect.ts'
import { ident, literal, qualified } from '../../postgres/quote.ts'
import { isLooked, look, type Looked } from '../look.ts'
import type { Home } from './home.ts'

/** A service as it stands in the restored database, beside today's files. Versions. */
export interface RestoredService {
  name: string
  applied: number
  /** Of today's files, not applied there. */
  pending: string[]
  /** Applied there, and not among today's files. */
  ahead: string[]
}

/**
 * Looks at the services in the filled database, and compares what is applied with the manifest: by today's files, for a tool with one row says nothing of
 * others; and the ledger's rows as they are. Throws RESTORE-FAILED where something of the manifest is lacking or different; what came between manifest and
 * dump is a note.
 */
export async function checkRestored(
  home: Home,
  database: string,
  backup: BackupFile,
  ports: Ports,
): Promise<{ services: RestoredService[]; notes: string[] }> {
  await refuseEmptyLedgers(home, database)
  const answers = await look(
    home.services.map((one) => ({ loaded: one.loaded, spec: { ...one.spec, database } })),
    ports,
  )
  const services: RestoredService[] = []
  const notes: string[] = []
  for (const one of answers) {
    if (!isLooked(one)) throw one.error
    const { name } = one.loaded.service
    const noted = backup.manifest?.services.find((each) => each.history === one.key)
    if (noted === undefined && backup.manifest !== undefined)
      notes.push(`${name}: the manifest does not speak of it; what the file has of it takes the place of what is there`)
    if (noted !== undefined) notes.push(...compareWith(noted, one))
    const pending = one.loaded.migrations.map((each) => each.version).filter((version) => !one.applied.applied.has(version))
    services.push({ name, applied: one.applied.applied.size, pending, ahead: one.applied.unknown })
    if (pending.length > 0) notes.push(`${name}: not in the backup and pending then: ${list(pending)}; skein up applies them`)
    if (one.applied.unknown.length > 0) notes.push(`${name}: in the backup, and not among today's files: ${list(one.applied.unknown)}`)
  }
  return { services, notes }
}

/** Tables of a ledger without what it says of itself: a dump without rows, after which nobody knew what is applied. Throws RESTORE-FAILED. */
async function refuseEmptyLedgers(home: Home, database: string): Promise<void> {
  const session = await connect({ ...home.spec, database }, { readOnly: true })
  try {
    for (const schema of new Set(home.services.map((one) => one.loaded.service.ledgerSchema))) {
      const meta = qualified(schema, 'meta')
      const [found] = await session.query<{ there: boolean }>('select to_regclass($1) is not null as there', [meta])
      if (found?.there !== true) continue
      const rows = await session.query(`select from ${meta} limit 1`)
      if (rows.length === 0)
        throw new SkeinError('RESTORE-FAILED', {
          message: `the ledger in schema ${schema} of the file has no rows: nothing would say which migrations are applied`,
          hint: 'a dump of the schema alone is filled in by hand; the new database was dropped, and the old one is as it was',
        })
    }
  } finally {
    await session.end()
  }
}

/** Notes of what the manifest does not have yet. Throws RESTORE-FAILED. */
function compareWith(noted: Manifest['services'][number], one: Looked): string[] {
  const { name } = one.loaded.service
  const then = new Set(noted.applied)
  const files = one.loaded.migrations.filter((each) => then.has(each.version))
  const set = one.history.applied(one.snapshot, files)
  const lacking = files.map((each) => each.version).filter((version) => !set.applied.has(version))
  const ledger = new Map(one.ledger?.applied.map((row) => [row.version, row]))
  const differing = (noted.ledger ?? [])
    .filter((row) => ledger.get(row.version)?.kind !== row.kind || ledger.get(row.version)?.hash !== row.hash)
    .map((row) => row.version)
  if (lacking.length > 0 || differing.length > 0)
    throw new SkeinError('RESTORE-FAILED', {
      message: `${name}: what was restored is not what the manifest says: ${[
        lacking.length === 0 ? '' : `not applied: ${list(lacking)}`,
        differing.length === 0 ? '' : `otherwise in the ledger: ${list(differing)}`,
      ]
        .filter(Boolean)
        .join('; ')}`,
      hint: 'the new database was dropped, and the old one is as it was',
      service: name,
      data: { lacking, differing },
    })
  const further = (one.ledger?.applied ?? []).map((row) => row.version).filter((version) => noted.ledger !== null && !then.has(version))
  return further.length === 0 ? [] : [`${name}: a run came between manifest and dump; in the file too: ${list(further)}`]
}

/** The ledger remembers its database by its oid. One that takes its own place again is no copy of another; one from elsewhere stays one. */
export async function takePlace(home: Home, database: string): Promise<void> {
  for (const schema of new Set(home.services.map((one) => one.loaded.service.ledgerSchema))) {
    const session = await connect({ ...home.spec, database })
    try {
      await session.simple(
        `update ${ident(schema)}.meta set database_oid = (select oid from pg_database where datname = current_database())
         where system_identifier || '/' || database_oid = ${literal(home.target.id)}`,
      )
    } catch {
      // No ledger, or no right on it: then status goes on saying that it is a copy.
    } finally {
      await session.end()
    }
  }
}

function list(versions: readonly string[]): string {
  return versions.length <= 8 ? versions.join(', ') : `${versions.slice(0, 8).join(', ')} and ${versions.length - 8} more`
}
