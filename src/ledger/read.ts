import type { Kind } from '../model/state.ts'
import { ident, literal } from '../postgres/quote.ts'

export interface LedgerMeta {
  ledgerVersion: number
  minimumReader: number
  minimumWriter: number
  systemIdentifier: string | null
  databaseOid: string
  database: string
  environment: string | null
}

/** A row of `applied` in force. */
export interface LedgerRow {
  seq: number
  version: string
  name: string
  kind: Kind
  hash: string | null
  down: string | null
  appliedAt: string
  by: string
}

/** A step that stopped half-way: `done` statements are committed, `inDoubt` was being executed when the record ends (1-based). */
export interface JournalRow {
  version: string
  direction: 'up' | 'down'
  hash: string | null
  statements: number
  done: number
  doneHashes: string[]
  inDoubt: number | null
}

export interface LedgerHistory {
  /** skein.history.id */
  id: number
  key: string
  targetSchema: string
  service: string
  applied: LedgerRow[]
  journal: JournalRow[]
  /** The newest run that had to do with this service. */
  lastRun?: { id: string; verb: string; outcome: string | null; startedAt: string }
  /** The newest run that had to do with this service ended with a failure of one of its steps. */
  lastFailure?: { version: string; direction: 'up' | 'down' }
}

/** What one database's ledger says. */
export interface LedgerView {
  /** Undefined: its one row is not there (a dump of the schema alone, filled in by hand). */
  meta?: LedgerMeta
  histories: LedgerHistory[]
}

/**
 * One `select` with two JSON columns, `meta` and `histories`, of the histories named. Takes ACCESS SHARE; reads only columns that every ledger
 * version has, so that an old release can read a newer ledger up to its `minimum_reader`.
 */
export function selectLedger(schema: string, keys: readonly string[]): string {
  const s = ident(schema)
  const wanted = keys.length === 0 ? 'false' : `h.key in (${keys.map(literal).join(', ')})`
  return `select
  (select json_build_array(ledger_version, minimum_reader, minimum_writer, system_identifier, database_oid::text, database, environment) from ${s}.meta) as meta,
  (select coalesce(json_agg(json_build_array(h.id, h.key, h.target_schema, h.service,
    (select coalesce(json_agg(json_build_array(a.seq, a.version, a.name, a.kind, a.hash, a.down, to_char(a.applied_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), a.applied_by) order by a.seq), '[]')
       from ${s}.applied a where a.history = h.id and a.undone_at is null),
    (select coalesce(json_agg(json_build_array(j.version, j.direction, j.hash, j.statements, j.done, j.done_hashes, j.in_doubt)), '[]')
       from ${s}.journal j where j.history = h.id),
    (select json_build_array(r.outcome, r.error ->> 'step', r.id, r.verb, to_char(r.started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) from ${s}.run r
       where r.services @> jsonb_build_array(jsonb_build_object('service', h.service)) order by r.started_at desc limit 1))), '[]') from ${s}.history h where ${wanted}) as histories`
}

/** The row of {@link selectLedger} as values. */
export function parseLedger(row: Record<string, unknown>): LedgerView {
  const meta = asJson(row['meta']) as [number, number, number, string | null, string, string, string | null] | null
  const histories = asJson(row['histories']) as [number, string, string, string, RawApplied[], RawJournal[], RawRun | null][]
  return {
    meta:
      meta === null
        ? undefined
        : {
            ledgerVersion: meta[0],
            minimumReader: meta[1],
            minimumWriter: meta[2],
            systemIdentifier: meta[3],
            databaseOid: meta[4],
            database: meta[5],
            environment: meta[6],
          },
    histories: histories.map(([id, key, targetSchema, service, applied, journal, lastRun]) => ({
      id,
      key,
      targetSchema,
      service,
      applied: applied.map(([seq, version, name, kind, hash, down, appliedAt, by]) => ({
        seq,
        version,
        name,
        kind,
        hash,
        down,
        appliedAt,
        by,
      })),
      journal: journal.map(([version, direction, hash, statements, done, doneHashes, inDoubt]) => ({
        version,
        direction,
        hash,
        statements,
        done,
        doneHashes,
        inDoubt,
      })),
      lastRun: lastRun === null ? undefined : { id: lastRun[2], verb: lastRun[3], outcome: lastRun[0], startedAt: lastRun[4] },
      lastFailure: lastFailure(service, lastRun),
    })),
  }
}

type RawApplied = [number, string, string, Kind, string | null, string | null, string, string]
type RawRun = [outcome: string | null, step: string | null, id: string, verb: string, startedAt: string]
type RawJournal = [string, 'up' | 'down', string | null, number, number, string[], number | null]

/** `service@version` or `service@version:down`, when the run did not end well because of this service. */
function lastFailure(service: string, run: RawRun | null): LedgerHistory['lastFailure'] {
  if (run === null || run[0] === 'ok' || run[1] === null || !run[1].startsWith(`${service}@`)) return undefined
  const version = run[1].slice(service.length + 1)
  return version.endsWith(':down') ? { version: version.slice(0, -':down'.length), direction: 'down' } : { version, direction: 'up' }
}

function asJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}

/** The stored texts of some bodies, as `select` returning hash and content. */
export function selectBodies(schema: string, hashes: readonly string[]): string {
  return `select hash, content from ${ident(schema)}.body where hash in (${hashes.length === 0 ? 'null' : hashes.map(literal).join(', ')})`
}
