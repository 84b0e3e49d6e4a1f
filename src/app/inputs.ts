import { createHash } from 'node:crypto'
import type { Migration } from '../model/migration.ts'
import type { PlanMigration, ServiceInput } from '../plan/input.ts'
import { isHollow } from '../sql/hollow.ts'
import type { Looked } from './look.ts'

/**
 * What the planner is told of a service: names, hashes computed when asked, the tool's view, the ledger's. `meaning` answers whether an applied
 * file means something else now; it is asked only when raw hashes differ.
 */
export function serviceInput(
  looked: Looked,
  meaning: (version: string) => boolean,
  nonTransactional: (version: string) => boolean,
  hashOf: HashOf = (body) => body.sha256(),
): ServiceInput {
  const { loaded, applied, ledger, snapshot, history } = looked
  const { service } = loaded
  return {
    name: service.name,
    tool: service.tool,
    history: looked.key,
    needs: service.needs,
    tier: service.tier,
    root: service.root,
    policies: service.policies,
    migrations: loaded.migrations.map((migration) => planMigration(migration, hashOf)),
    compare: (a, b) => loaded.source.compare(a, b),
    keeps: history.keeps,
    toolView: { exists: snapshot.exists, applied: applied.applied, unknown: applied.unknown, dirty: applied.dirty },
    ledger:
      ledger === undefined
        ? null
        : [
            ...ledger.applied.map((row) => ({
              version: row.version,
              name: row.name,
              seq: row.seq,
              kind: row.kind,
              hash: row.hash,
              appliedAt: row.appliedAt,
              hasDown: row.down !== null,
              downHash: row.down ?? undefined,
              partial: partialOf(looked, row.version),
            })),
            ...(loaded.code === undefined ? ledger.journal : [])
              .filter((row) => row.direction === 'up' && !ledger.applied.some((one) => one.version === row.version))
              .map((row) => ({
                version: row.version,
                name: row.version,
                seq: Number.MAX_SAFE_INTEGER,
                kind: 'executed' as const,
                hash: row.hash,
                appliedAt: '',
                hasDown: false,
                partial: partialOf(looked, row.version),
              })),
          ],
    lastFailure: ledger?.lastFailure,
    meaningChanged: meaning,
    nonTransactional,
  }
}

/** A note of a migration in code is no half-done step: whether it ran is what the tool's table says. */
function partialOf(looked: Looked, version: string) {
  if (looked.loaded.code !== undefined) return undefined
  const row = looked.ledger?.journal.find((one) => one.version === version)
  return row === undefined ? undefined : { done: row.done, of: row.statements, direction: row.direction, inDoubt: row.inDoubt ?? undefined }
}

/** The SHA-256 of a version's up file; where from is the caller's business. */
export type HashOf = (body: NonNullable<Migration['up']>, version: string) => string

function planMigration(migration: Migration, hashOf: HashOf): PlanMigration {
  const { up, down } = migration
  return {
    version: migration.version,
    name: migration.name,
    id: migration.id,
    environment: migration.environment,
    parents: migration.parents,
    needs: migration.needs,
    rollbackSafe: migration.meta?.rollbackSafe,
    up: up === null ? null : { file: up.file, hash: () => hashOf(up, migration.version) },
    down:
      down === null
        ? null
        : {
            file: down.file,
            hash: () => down.sha256(),
            // Where the up does nothing either (a merge of two branches), there is nothing that a down could leave.
            hollow: () => saysNothing(down) && up !== null && !saysNothing(up),
          },
  }
}

function saysNothing(body: NonNullable<Migration['up']>): boolean {
  return body.kind === 'sql' ? isHollow(body.text()) : body.hollow === true
}

/** SHA-256 of a text, hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
