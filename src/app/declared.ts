import type { Migration } from '../model/migration.ts'
import type { Service } from '../model/service.ts'
import type { Declared } from '../plan/fleet.ts'

/** A service with what it or any of its migrations needs: enough for its place among the others. */
export function declared({ service, migrations }: { service: Service; migrations: readonly Migration[] }): Declared {
  return { ...service, needs: [...service.needs, ...migrations.flatMap((migration) => migration.needs ?? [])] }
}
