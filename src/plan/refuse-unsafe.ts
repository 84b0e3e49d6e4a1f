import { SkeinError } from '../model/errors.ts'
import type { MigrationStatus } from './reconciled.ts'
import { shortList } from './short-list.ts'

/**
 * Throws ROLLBACK-UNSAFE with all migrations that would go back and say of themselves that they must not (`rollback_safe: false` in dependencies.json).
 * To be asked before the first step. A migration whose file is gone says nothing any more.
 */
export function refuseUnsafe(rows: readonly { service: string; row: MigrationStatus }[]): void {
  const unsafe = rows.filter(({ row }) => row.migration?.rollbackSafe === false)
  const [first] = unsafe
  if (first === undefined) return
  const ids = unsafe.map(({ service, row }) => `${service}@${row.id}`)
  throw new SkeinError('ROLLBACK-UNSAFE', {
    message: `${shortList(ids)} ${ids.length === 1 ? 'says' : 'say'} rollback_safe: false: what the down cannot bring back would be lost. Nothing was taken back`,
    hint: 'read what the down does, take a backup, and add --allow-unsafe-rollback to take it back all the same',
    service: first.service,
    version: first.row.version,
    data: { unsafe: ids },
  })
}
