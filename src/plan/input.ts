import type { Direction } from '../model/migration.ts'
import type { Need, Policies } from '../model/service.ts'
import type { Kind } from '../model/state.ts'

/** A migration as the planner sees it: no bodies, only what decides order and refusals. Hashes may be computed when first asked. */
export interface PlanMigration {
  version: string
  name: string
  id: string
  environment?: string
  parents?: string[]
  /** What this one migration needs beyond what its service needs (overlays may say so). */
  needs?: readonly Need[]
  /** False: it says of itself that it must not be taken back. */
  rollbackSafe?: boolean
  /** Null: there is no up file (golang-migrate takes that as an empty migration). */
  up: { file: string; hash(): string } | null
  /** `hollow()`: empty, blanks or comments only. */
  down: { file: string; hash(): string; hollow(): boolean } | null
}

/** One applied migration in the ledger. */
export interface LedgerEntry {
  version: string
  name: string
  /** Running number within the history: the order in which things were applied. */
  seq: number
  kind: Kind
  /** SHA-256 of the raw up file when it was applied or adopted; null where nobody ever saw the file. */
  hash: string | null
  appliedAt: string
  /** A down text is kept in the ledger (an old release can go back with it). */
  hasDown: boolean
  /** SHA-256 of that text. */
  downHash?: string
  /** Statements done and total, when it stopped half-way. */
  partial?: { done: number; of: number; direction: 'up' | 'down'; inDoubt?: number }
}

/** What the tool's own table says, already understood by its history. */
export interface ToolView {
  exists: boolean
  applied: ReadonlyMap<string, { appliedAt?: string; checksum?: string; name?: string; assumed: boolean }>
  unknown: readonly string[]
  dirty?: { version: string | null }
}

/** Everything the planner knows of one service. */
export interface ServiceInput {
  name: string
  tool: string
  /** historyKey of its history. */
  history: string
  needs: readonly Need[]
  tier?: string
  /** Root of the skein.yaml that the service comes from: its tier is one of that file's tiers. Undefined: the same for all. */
  root?: string
  policies: Policies
  /** In the tool's own order. */
  migrations: readonly PlanMigration[]
  compare(a: string, b: string): number
  keeps: 'every-version' | 'latest-version' | 'heads'
  toolView: ToolView
  /** Null: this database has no ledger, or none for this history (never adopted). */
  ledger: readonly LedgerEntry[] | null
  /** Did the meaning of an applied file change? Asked only when raw hashes differ; compares token hashes. */
  meaningChanged(version: string): boolean
  /** Does this migration hold something that cannot run in a transaction? Asked only when the tool's table lost it. Undefined: nothing does. */
  nonTransactional?(version: string): boolean
  /** The newest thing that happened to this history is a step that failed and left nothing: a plain `down` must not take back the good one before it. */
  lastFailure?: { version: string; direction: Direction }
}
