import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { findMigration } from '../sources/find-migration.ts'
import { editHistory, type EditReport } from './edit-history.ts'
import { onlyService } from './force.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'
import { upTo } from './up-to.ts'

/**
 * Takes a database whose schema exists already, made by hand or restored, as standing at a version: everything up to it is recorded as applied
 * without being run. Refused where the service has any history at all: then `adopt` or `force` say what is meant. Takes the service's locks.
 */
export async function baseline(request: RunRequest & { version: string; because?: string }, ports: Ports): Promise<EditReport> {
  return editHistory('baseline', request, ports, (found) => {
    const name = onlyService(found)
    const looked = found.looked.get(name) as Looked
    const { source, migrations } = looked.loaded
    const there = new Set([
      ...looked.applied.applied.keys(),
      ...looked.applied.unknown,
      ...(looked.ledger?.applied.map((row) => row.version) ?? []),
    ]).size
    if (there > 0) {
      throw new SkeinError('USAGE', {
        message: `${name} has a history already (${there} version${there === 1 ? '' : 's'} in ${looked.table.schema}.${looked.table.table} or the ledger)`,
        hint: `skein adopt ${name} takes it over as it is; skein force ${name} VERSION says something else`,
        service: name,
      })
    }
    const target = findMigration(source, migrations, request.version).version
    return [{ service: name, add: upTo(looked, target).map((version) => ({ version, kind: 'adopted' as const })), remove: [], tool: true }]
  })
}
