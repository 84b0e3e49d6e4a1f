import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { SkeinError } from '../model/errors.ts'
import type { Blocker } from '../model/run.ts'
import { blockerColumns, blockerOf, type BlockerRow, describeBlocker } from './blocker-rows.ts'
import type { Session } from './session.ts'

/** Our own key of a history: the first eight bytes of the SHA-256 of `skein:` and the history key, as PostgreSQL's signed bigint. */
export function ownLockKey(historyKey: string): bigint {
  return createHash('sha256').update(`skein:${historyKey}`).digest().readBigInt64BE(0)
}

export interface LockMode {
  /** Others may hold it shared too. */
  shared?: boolean
}

/**
 * Tries each key once, in one round trip, and tells which were obtained: session-level, never waiting. A waiting call would have a snapshot for
 * which CREATE INDEX CONCURRENTLY waits in turn, until one of the two is killed.
 * Source: PostgreSQL 18 manual, "Advisory Lock Functions".
 */
export async function tryLock(session: Session, keys: readonly bigint[], mode: LockMode = {}): Promise<boolean[]> {
  return (await tryOnce(session, keys, mode)).obtained
}

export interface AcquireOptions extends LockMode {
  /** How long to go on trying; 0: once. */
  deadlineMs: number
  /** Called after each try in vain with who holds the keys. */
  onWait?: (holders: Blocker[], waitedMs: number) => void
  signal?: AbortSignal
  /** Mean pause between tries in milliseconds; each is 70 to 130 % of it. Default 500. */
  pause?: number
}

/**
 * Obtains all keys or none, polling. Keys that were obtained while another was not are given back before each pause. Afterwards a second
 * message checks that the keys are where we are. Throws LOCK-HELD (`data.holders`) when the time is over, INTERRUPTED, and LOCK-LOST behind a
 * connection pooler that gives each transaction another server process. The caller passes all keys in one fixed order.
 */
export async function acquire(session: Session, keys: readonly bigint[], options: AcquireOptions): Promise<void> {
  if (keys.length === 0) return
  const started = performance.now()
  const waited = () => performance.now() - started
  for (;;) {
    refuseStopped(session, options.signal)
    const { obtained, pid } = await tryOnce(session, keys, options)
    if (obtained.every(Boolean)) return confirm(session, keys, pid, options)
    const ours = keys.filter((_, index) => obtained[index] === true)
    const others = keys.filter((_, index) => obtained[index] !== true)
    // Both on the wire at once: keys given back and holders asked for in one round trip.
    const [, found] = await Promise.all([release(session, ours, options), holders(session, others)])
    const left = options.deadlineMs - waited()
    if (left <= 0) throw held(session, found, waited())
    options.onWait?.(found, waited())
    await pauseFor(Math.min(left, (options.pause ?? 500) * (0.7 + Math.random() * 0.6)), session, options.signal)
  }
}

/** Gives keys back; one that was not held is left alone (the server warns). One round trip, none for no keys. */
export async function release(session: Session, keys: readonly bigint[], { shared }: LockMode = {}): Promise<void> {
  if (keys.length === 0) return
  const call = shared === true ? 'pg_advisory_unlock_shared' : 'pg_advisory_unlock'
  await session.simple(`select ${keys.map((key) => `${call}(${sqlKey(key)})`).join(', ')}`)
}

/** True when the server process that answers now holds all the keys. One round trip. Source: PostgreSQL 18 manual, pg_locks: a bigint key has objsubid 1. */
export async function holds(session: Session, keys: readonly bigint[]): Promise<boolean> {
  return (await heldHere(session, keys)).all
}

/** Who else holds any of the keys in this database. One round trip; a role without pg_monitor sees less of them. */
export async function holders(session: Session, keys: readonly bigint[]): Promise<Blocker[]> {
  if (keys.length === 0) return []
  const [result] = await session.simple(`select distinct on (a.pid) ${blockerColumns('l.mode', 'null::text')}
from pg_locks l join pg_stat_activity a on a.pid = l.pid
where ${ofKeys(keys)} and l.granted and l.pid <> pg_backend_pid() order by a.pid`)
  return (result?.rows ?? []).map((row) => blockerOf(asBlockerRow(row)))
}

/** The condition on `pg_locks l` for these keys; for callers that ask for it within a message of their own. */
export function ofKeys(keys: readonly bigint[]): string {
  return `l.locktype = 'advisory' and l.objsubid = 1 and l.database = (select oid from pg_database where datname = current_database())
  and (l.classid::bigint << 32 | l.objid::bigint) in (${keys.map(sqlKey).join(', ')})`
}

async function tryOnce(session: Session, keys: readonly bigint[], { shared }: LockMode): Promise<{ obtained: boolean[]; pid: number }> {
  const call = shared === true ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock'
  const columns = keys.map((key, index) => `${call}(${sqlKey(key)}) as k${index}`)
  const [result] = await session.simple(`select ${['pg_backend_pid() as pid', ...columns].join(', ')}`)
  const row = result?.rows[0] ?? {}
  return { obtained: keys.map((_, index) => row[`k${index}`] === true), pid: Number(row.pid) }
}

async function heldHere(session: Session, keys: readonly bigint[]): Promise<{ all: boolean; pid: number }> {
  if (keys.length === 0) return { all: true, pid: session.pid }
  const [result] = await session.simple(`select pg_backend_pid() as pid,
  (select count(distinct (l.classid, l.objid)) = ${new Set(keys).size} from pg_locks l where ${ofKeys(keys)} and l.granted and l.pid = pg_backend_pid()) as held`)
  const row = result?.rows[0] ?? {}
  return { all: row.held === true, pid: Number(row.pid) }
}

async function confirm(session: Session, keys: readonly bigint[], pid: number, mode: LockMode): Promise<void> {
  const now = await heldHere(session, keys)
  if (now.all && now.pid === pid) return
  await release(session, keys, mode).catch(() => {})
  throw new SkeinError('LOCK-LOST', {
    message: `${session.label}: the lock was taken by server process ${pid}, and the next message was answered by ${now.pid}`,
    hint: 'a connection pooler in transaction mode stands between: connect to the server itself, or to a pool in session mode',
  })
}

function held(session: Session, found: Blocker[], waitedMs: number): SkeinError {
  const who = found.length === 0 ? 'another session, which has just let go' : found.map(describeBlocker).join('; ')
  return new SkeinError('LOCK-HELD', {
    message: `${session.label}: the migration lock is held by ${who} (waited ${(waitedMs / 1000).toFixed(1)} s)`,
    hint: 'wait for that run to end; skein locks shows who holds what',
    data: { holders: found },
  })
}

async function pauseFor(ms: number, session: Session, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
  refuseStopped(session, signal)
}

function refuseStopped(session: Session, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new SkeinError('INTERRUPTED', { message: `${session.label}: stopped while waiting for the migration lock` })
}

function sqlKey(key: bigint): string {
  return `'${key}'::bigint`
}

function asBlockerRow(row: Record<string, unknown>): BlockerRow {
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return {
    pid: Number(row.pid),
    user: text(row.user),
    application: text(row.application),
    client: text(row.client),
    state: text(row.state),
    age: text(row.age),
    mode: text(row.mode),
    relation: text(row.relation),
    query: text(row.query),
    backend: text(row.backend),
  }
}
