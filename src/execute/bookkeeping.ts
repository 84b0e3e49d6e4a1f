import { ident } from '../postgres/quote.ts'
import { recordApplied, recordUndone } from '../ledger/write.ts'
import { keptDown } from './kept-down.ts'
import type { RunOptions } from './options.ts'
import type { PreparedStep } from './prepare-step.ts'
import type { PreparedRows } from './prepared-rows.ts'
import type { OpenService } from './service-run.ts'
import { asFilesRun, asOurselvesLocally } from './session-identity.ts'

export interface Bookkeeping {
  /** Statements ending in `;`, schema-qualified: the tool's row and the ledger's row of one step. */
  sql: string
  /** Takes the step back from the tracked state, for when the transaction failed after all. */
  undo: () => void
}

/**
 * The tool's row and our row of a step, to join its transaction, and the tracked state moved on. Written as the login role whatever role this
 * file or one before it took. `rows`: the statements that the session has prepared for it.
 */
export function bookkeeping(
  service: OpenService,
  prepared: PreparedStep,
  options: Pick<RunOptions, 'run'>,
  rows?: PreparedRows,
): Bookkeeping {
  const { migration, step } = prepared
  const { change, undo } = service.state.advance({ migration, direction: step.direction })
  const tool = rows?.tool(change) ?? service.history.write(service.table, change)
  const ledger =
    rows?.ledger(prepared) ??
    (step.direction === 'up'
      ? recordApplied(service.ledgerSchema, service.ledgerId, {
          version: migration.version,
          name: migration.id,
          kind: 'executed',
          hash: prepared.hash,
          down: keptDown(migration)?.sha256() ?? null,
          environment: migration.environment,
          run: options.run,
        })
      : recordUndone(service.ledgerSchema, service.ledgerId, migration.version, 'executed', options.run))
  const mayBeAnother = service.role !== undefined || service.left !== undefined || prepared.facts.touchesSession || !prepared.facts.parsed
  return { sql: `${mayBeAnother ? asOurselvesLocally : ''}${tool}\n${ledger}`, undo }
}

/**
 * What comes before the file in its transaction: the tool's table locked where the tool itself takes no lock, then the role that files run as.
 * `local` false: the role stays for the session, so that a file that takes another one can be told from one that does not.
 */
export function preamble(service: OpenService, { local }: { local: boolean } = { local: true }): string {
  const lock = service.history.lockTable ? `${lockHistory(service)};` : ''
  return `${lock}${asFilesRun(service, { local })}`
}

/**
 * Tools without a lock of their own are kept out by their table: their first SELECT waits until we commit and then reads the new state.
 */
function lockHistory(service: OpenService): string {
  return `lock table ${ident(service.table.schema)}.${ident(service.table.table)} in access exclusive mode`
}
