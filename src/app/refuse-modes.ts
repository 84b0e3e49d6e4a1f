import { SkeinError } from '../model/errors.ts'
import type { Plan } from '../model/plan.ts'
import type { Looked } from './look.ts'
import type { Survey } from './survey.ts'

/**
 * TypeORM refuses a whole run in mode `all` when a pending class says anything of transactions, and so do we: before the first step. Throws
 * CODE-UNSUPPORTED.
 */
export function refuseModes(found: Survey, made: Plan): void {
  for (const { service, version, direction } of made.steps) {
    const { settings, service: configured, migrations } = (found.looked.get(service) as Looked).loaded
    if (configured.tool !== 'typeorm' || settings === undefined || (settings.transaction ?? 'all') !== 'all') continue
    const up = migrations.find((migration) => migration.version === version)?.up
    if (direction === 'down' || up?.kind !== 'code' || up.transaction === undefined) continue
    throw new SkeinError('CODE-UNSUPPORTED', {
      message: `${service}@${version} says transaction = ${up.transaction}, and TypeORM refuses that under migrationsTransactionMode: 'all', its default`,
      hint: "say migrationsTransactionMode: 'each' in the DataSource, as its own command needs it too",
      service,
      place: { file: up.file },
    })
  }
}
