import type { ErrorCode } from './errors.ts'

/** Where one stands, as one word: the first of these that holds. */
export type StandingState = 'no-workspace' | 'invalid' | 'no-database' | 'unreachable' | 'broken' | 'pending' | 'not-started' | 'up-to-date'

export interface StandingService {
  name: string
  tool: string
  /** Migrations in its files. */
  migrations: number
  /** Null where its database was not asked. */
  applied: number | null
  pending: number | null
  /** It is on an embedded server that does not run, and was not asked therefore. */
  asleep: boolean
}

export interface Standing {
  state: StandingState
  /** The folder that was asked about. */
  folder: string
  /** Of the workspace file, as seen from there; null when there is none. */
  file: string | null
  environment: string | null
  /** Without a workspace: what `init` would write down. */
  services: StandingService[]
  /** `host:port/database as user` or `embedded:NAME`, each once; no password. */
  databases: string[]
  /** What is in the way, one for each thing; empty when nothing is. */
  problems: { code: ErrorCode; message: string; hint?: string; service?: string }[]
  /** What to type next and what it does, the most sensible first. */
  next: { command: string; why: string }[]
}
