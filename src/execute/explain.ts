import { conflictOf } from '../histories/conflict.ts'
import type { ErrorCode } from '../model/errors.ts'
import { sendingOf } from '../model/sending.ts'
import type { ServerError } from '../postgres/session.ts'
import type { PreparedStep } from './prepare-step.ts'
import type { OpenService } from './service-run.ts'

export interface Explanation {
  code?: ErrorCode
  message?: string
  hint?: string
}

/** What PostgreSQL's words mean for a migration, and what to change: for the errors that people meet most, else nothing. */
export function explain(service: OpenService, prepared: PreparedStep, error: ServerError, statement: number | undefined): Explanation {
  const conflict = conflictOf(error)
  if (conflict !== undefined)
    return { code: 'MIXED', message: conflict, hint: 'somebody else writes this table: run `skein status`, then the same command again' }
  switch (error.code) {
    case '25001':
      return notInTransaction(service, prepared)
    case '55P04':
      return {
        message: 'A value added to an enum cannot be used in the transaction that adds it',
        hint: `put ALTER TYPE … ADD VALUE in a migration of its own, before ${prepared.file ?? 'this one'}`,
      }
    case '55006':
      return { hint: 'data changes left trigger events pending when the table was altered: put DML and DDL on one table in two migrations' }
    case '42P01':
    case '3F000':
      return statement === undefined ? lostBookkeeping(service, error) : {}
    case '23505':
      return statement === undefined && error.table === service.table.table
        ? {
            message: `${service.table.table} has that version already: another tool wrote it in the meantime`,
            hint: 'run `skein status` and then the same command again',
          }
        : {}
    case '42P07':
    case '42701':
    case '42710':
    case '42723':
    case '42P06':
      return prepared.step.direction === 'up' && statement !== undefined ? { hint: madeBefore(service, prepared) } : {}
    case '42501':
      return {
        hint: 'grant the role what the statement needs, or let a role that has it run the migration (`role:` in skein.yaml); nothing of this migration is left',
      }
    default:
      return {}
  }
}

/** What it makes is there: somebody made it by hand, or another tool did, or the history forgot that it ran. */
function madeBefore(service: OpenService, { file, step }: PreparedStep): string {
  const way = `skein mark ${service.name} ${step.version} --applied --because '…'`
  return `if all that this migration makes is there already: ${way}; if not, mend ${file ?? 'it'} and run the same command again; nothing of this migration is left`
}

const ownTransaction: Readonly<Record<string, string>> = {
  goose: 'put the line `-- +goose NO TRANSACTION` into the file: then each statement is sent by itself',
  dbmate: 'leave the statement alone in its block and write `transaction:false` behind the marker of the block',
}

/** The file's own tool could not run it either, and says why here. */
function notInTransaction(service: OpenService, prepared: PreparedStep): Explanation {
  const what = prepared.facts.statements.find((one) => one.autocommit !== undefined)?.kind ?? 'a statement'
  if (service.tool === 'diesel') {
    return {
      message: `${what} cannot run in a transaction, and Diesel puts one around every migration that does not say otherwise`,
      hint: 'leave the statement alone in its migration and put `run_in_transaction = false` in a metadata.toml beside up.sql',
    }
  }
  const own = ownTransaction[service.tool]
  if (own !== undefined && sendingOf(prepared.migration, prepared.step.direction) === 'always') {
    return {
      message: `${what} cannot run in a transaction, and ${service.tool} puts one around every migration that does not say otherwise`,
      hint: own,
    }
  }
  return {
    message: `${what} cannot run in a transaction, and a file with several statements is one for ${service.tool}, which sends it whole`,
    hint: 'put the statement alone in a migration of its own: then it runs outside a transaction, here and with the tool',
  }
}

/** The rows could not be written because their table is gone: only the file itself can have done that. */
function lostBookkeeping(service: OpenService, error: ServerError): Explanation {
  if (!error.message.includes(service.table.table) && !error.message.includes(service.ledgerSchema)) return {}
  return {
    message: `This migration drops the table in which it is to be recorded (${service.table.schema}.${service.table.table}, or the ledger in ${service.ledgerSchema})`,
    hint: 'take that statement out; everything of this migration was rolled back, the tables are as they were',
  }
}
