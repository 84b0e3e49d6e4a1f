import { qualified } from '../postgres/quote.ts'
import type { PreparedStep } from './prepare-step.ts'
import type { OpenService } from './service-run.ts'

/**
 * Takes the tool's busy mark off: the rows as the tracked state has them. The mark has to be there as we set it; when it is not, somebody else
 * wrote the table meanwhile, and the statement fails with a conflict (histories/conflict.ts). Empty for a tool without a mark.
 */
export function unmark(service: OpenService, prepared: PreparedStep): string {
  const { history, table, state } = service
  if (!history.marksDirty) return ''
  const step = { migration: prepared.migration, direction: prepared.step.direction }
  return history.write(table, { remove: history.marked?.(state, step) ?? [], add: state.rows })
}

/** The same whatever the rows are: for a step that is gone on with, whose mark was read under the lock already. */
export function unmarkAnyhow(service: OpenService): string {
  if (!service.history.marksDirty) return ''
  return `delete from ${qualified(service.table.schema, service.table.table)};${service.history.write(service.table, { remove: [], add: service.state.rows })}`
}
