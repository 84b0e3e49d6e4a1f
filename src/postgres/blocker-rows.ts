import type { Blocker } from '../model/run.ts'

/** The columns of {@link Blocker} out of `pg_stat_activity a`, as SQL; `mode` and `relation` are expressions of the caller's. Needs no right: what a role may not see is null. */
export function blockerColumns(mode: string, relation: string): string {
  return `a.pid, a.usename as "user", nullif(a.application_name, '') as application,
    coalesce(nullif(a.client_hostname, ''), host(a.client_addr), case when a.client_port = -1 then 'local' end) as client, a.state,
    extract(epoch from clock_timestamp() - a.xact_start)::text as age, ${mode} as mode, ${relation} as relation,
    a.query, a.backend_type as backend`
}

export interface BlockerRow {
  pid: number
  user: string | null
  application: string | null
  client: string | null
  state: string | null
  age: string | null
  mode: string | null
  relation: string | null
  query: string | null
  backend: string | null
}

export function blockerOf(row: BlockerRow): Blocker {
  return {
    pid: row.pid,
    user: row.user,
    application: row.application,
    client: row.client,
    state: row.state,
    transactionAge: row.age === null ? null : Math.max(0, Math.round(Number(row.age) * 1000) / 1000),
    mode: row.mode,
    relation: row.relation,
    query: queryHead(row.query),
    backendType: row.backend,
  }
}

/** One line about one blocker, for messages: `pid 4711 app@10.0.0.7 (psql), idle in transaction for 12 s, AccessShareLock on orders: select …`. */
export function describeBlocker(blocker: Blocker): string {
  const who = `${blocker.pid === 0 ? 'no process' : `pid ${blocker.pid}`}${blocker.user === null ? '' : ` ${blocker.user}`}${blocker.client === null ? '' : `@${blocker.client}`}`
  const application = blocker.application === null ? '' : ` (${blocker.application})`
  const age = blocker.transactionAge === null ? '' : ` for ${Math.round(blocker.transactionAge)} s`
  const state = blocker.state === null ? '' : `, ${blocker.state}${age}`
  const mode = blocker.mode === null ? '' : `, ${blocker.mode}${blocker.relation === null ? '' : ` on ${blocker.relation}`}`
  return `${who}${application}${state}${mode}${blocker.query === null ? '' : `: ${blocker.query}`}`
}

/** An autovacuum worker: it yields to us after deadlock_timeout (1 s), so a lock_timeout above that gets through. */
export function isAutovacuum(blocker: Blocker): boolean {
  return blocker.backendType === 'autovacuum worker' || blocker.query?.startsWith('autovacuum: ') === true
}

/** An autovacuum that does not yield. Source: PostgreSQL 18 manual, "Preventing Transaction ID Wraparound Failures". */
export function preventsWraparound(blocker: Blocker): boolean {
  return isAutovacuum(blocker) && blocker.query?.endsWith(wraparound) === true
}

const wraparound = '(to prevent wraparound)'

function queryHead(query: string | null): string | null {
  if (query === null || query === '' || query === '<insufficient privilege>') return null
  const line = query.replace(/\s+/g, ' ').trim()
  if (Array.from(line).length <= 120) return line
  // Long names must not cut off the words by which such an autovacuum is known.
  const end = line.startsWith('autovacuum: ') && line.endsWith(wraparound) ? ` ${wraparound}` : ''
  return `${Array.from(line)
    .slice(0, 119 - end.length)
    .join('')}…${end}`
}
