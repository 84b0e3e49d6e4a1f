import type { Direction } from './migration.ts'

/** One migration in one direction. */
export interface Step {
  /** `service@version` for up, `service@version:down` for down. Unique in a plan. */
  id: string
  service: string
  version: string
  name: string
  direction: Direction
  /** Key of the history (model/service.ts historyKey). */
  history: string
  /** SHA-256 of the raw bytes of the file that will run; null for a missing body that is allowed (golang-migrate's empty migration). */
  hash: string | null
  /** Ids of steps that must have ended well before this one starts. */
  after: string[]
  /** Why it stands where it stands, one sentence for each edge and rule. */
  because: string[]
  /** A down that says nothing (missing, empty, comments only) and was allowed by name. */
  hollow?: boolean
  /** The down text comes from the ledger: its file is gone. */
  stored?: boolean
  /** It stopped half-way before; this step goes on where it stopped. */
  resumes?: boolean
  /** Execution facts, filled in from the parser; part of what people see, not of the digest. */
  transactional?: boolean
  statements?: number
  file?: string
}

/** What to plan. Services by their full names. */
export interface PlanRequest {
  verb: 'up' | 'down' | 'goto' | 'redo' | 'reset'
  services: string[]
  /** How many steps. Undefined: all for up, one for down and redo. */
  count?: number | 'all'
  /** What `count` counts: steps of each service (default), or steps of the plan. */
  across?: 'each' | 'total'
  /** Of goto: the version to reach; null for "before the first". */
  version?: string | null
  /** Services that are needed and not up to date join the plan. */
  withNeeds?: boolean
  /** What stands on a step that is taken back is taken back before it, whatever its service. */
  withDependants?: boolean
  /** Take back although others stand on it (another tool's command line knows of no others). */
  ignoreDependants?: boolean
  /** Downs that may say nothing: `service@version`, a version, a migration's id; true: any. */
  allowHollow?: string[] | true
  /** Take back also what says of itself that it must not be (`rollback_safe: false`). */
  allowUnsafeRollback?: boolean
}

/** The ordered steps, with the reason for the order, and a digest over what matters: histories, versions, directions, hashes, edges, policies. Never database names or paths. */
export interface Plan {
  digest: string
  /** Hash of the state it was made from: tool snapshots and ledger heads of every service in it. */
  basis: string
  steps: Step[]
  /** What was asked for: enough to plan it again (`skein up --plan -`). */
  request: PlanRequest
  /** What a person should know and that stops nothing: files that are ignored, out-of-order files left out, ahead databases that are allowed. */
  notes: string[]
}
