import type { ErrorCode } from '../model/errors.ts'
import type { Direction } from '../model/migration.ts'
import type { Kind, MigrationState, ServiceState } from '../model/state.ts'
import type { LedgerEntry, PlanMigration, ServiceInput } from './input.ts'

/** One migration after files, tool's table and ledger were compared. */
export interface MigrationStatus {
  version: string
  name: string
  id: string
  state: MigrationState
  /** How the ledger came by it, or will with the next write. */
  kind?: Kind
  appliedAt?: string
  hollowDown: 'missing' | 'empty' | false
  inTool: boolean
  inLedger: boolean
  /** Undefined: these files do not have it. */
  migration?: PlanMigration
  entry?: LedgerEntry
}

/** How many migrations of a service are what. */
export interface Counts {
  /** Everything that is in the database, whatever else is said of it (assumed, changed, missing, ahead). */
  applied: number
  /** What `up` has to do: pending, half-done, and out of order unless the policy leaves those out. */
  pending: number
  outOfOrder: number
  assumed: number
  changed: number
  missing: number
  ahead: number
  partial: number
  dirty: number
  hollow: number
}

/** What the ledger does not have yet and the next write must add. */
export interface Recording {
  version: string
  kind: 'adopted' | 'assumed' | 'observed'
  name?: string
  /** By the tool's table. */
  appliedAt?: string
}

/** One service, understood: what every verb starts from. */
export interface Reconciled {
  input: ServiceInput
  state: ServiceState
  /** In the tool's order; versions without a file stand where they sort. */
  migrations: MigrationStatus[]
  /** The greatest applied one in the tool's order; null when there is none. */
  current: { version: string; id: string } | null
  counts: Counts
  toRecord: Recording[]
  /** The tool took these back; the next write records that, and they are pending again. */
  reverted: string[]
  /** What stops a run, by verb. */
  problems: Problem[]
  /** What a person should know and that stops nothing. */
  notes: string[]
}

/** Why a service cannot be run as it is. */
export interface Problem {
  code: ErrorCode
  service: string
  message: string
  hint: string
  versions: string[]
  /** The directions that it stops: going back is no harm where only an unknown newer or older file is the trouble. */
  stops: readonly Direction[]
}

/** True for what is in the database as far as anybody knows. */
export function isInDatabase(row: MigrationStatus): boolean {
  if (row.state === 'partial') return row.entry?.partial?.direction === 'down'
  return row.state !== 'pending' && row.state !== 'out-of-order' && row.state !== 'dirty'
}
