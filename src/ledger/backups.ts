import { ident } from '../postgres/quote.ts'
import { appendAudit } from './audit.ts'

/** A backup that was taken before the first step of a run. */
export interface LinkedBackup {
  /** Id of the run. */
  run: string
  verb: string
  /** Of the run's plan. */
  digest: string
  /** Absolute, on `host`. */
  file: string
  bytes: number
  sha256: string
  /** ISO 8601 in UTC. */
  madeAt: string
  host: string | null
}

/**
 * SQL, ending in `;`, for an open transaction: links a backup with its run, in the audit chain, where nothing is ever altered or removed, and which every
 * version of the ledger has. Locks as {@link appendAudit}.
 */
export function recordBackup(schema: string, backup: LinkedBackup): string {
  return appendAudit(schema, 'backup', backup)
}

/** The backups of runs, newest first: one row with `backup` each. Parameter: the run's id, or its first letters. Lock: ACCESS SHARE. */
export function selectBackups(schema: string): string {
  return `select details as backup from ${ident(schema)}.audit where what = 'backup' and starts_with(details ->> 'run', $1) order by seq desc`
}

/** How many runs began after one: a single row with `runs`. Parameter: the run's id. Lock: ACCESS SHARE. */
export function countRunsSince(schema: string): string {
  const table = `${ident(schema)}.run`
  return `select count(*)::integer as runs from ${table} where started_at > (select started_at from ${table} where id = $1)`
}
