import { refuseForeignTable } from '../histories/recognise-table.ts'
import { historyNamed } from '../histories/index.ts'
import type { AppliedSet, History, HistoryRow, HistoryTable, Snapshot } from '../histories/history.ts'
import { parseLedger, selectLedger, type LedgerHistory, type LedgerMeta } from '../ledger/read.ts'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { historyKey } from '../model/service.ts'
import type { Blocker } from '../model/run.ts'
import { blockerColumns, blockerOf, type BlockerRow, describeBlocker } from '../postgres/blocker-rows.ts'
import { connect } from '../postgres/connect.ts'
import type { ConnectionSpec, Session } from '../postgres/session.ts'
import type { LoadedService } from './load.ts'
import { presenceQuery, type Presence } from './presence.ts'

/** A database as found: identity, and what its ledger says of the services looked for. */
export interface LookedTarget {
  /** The same text for the same database, whatever its URL. */
  id: string
  systemIdentifier: string | null
  database: string
  serverVersion: number
  standby: boolean
  readOnly: boolean
  user: string
}

/** One service after the look. */
export interface Looked {
  loaded: LoadedService
  spec: ConnectionSpec
  target: LookedTarget
  history: History
  table: HistoryTable
  key: string
  snapshot: Snapshot
  applied: AppliedSet
  /** Undefined: no ledger here, or nothing of this history in it, or no right to read it. */
  ledger?: LedgerHistory
  meta?: LedgerMeta
  /** Why the ledger could not be read, when it is there. */
  ledgerHidden?: string
}

/** A service whose database could not be asked. */
export interface Unreachable {
  loaded: LoadedService
  spec?: ConnectionSpec
  error: SkeinError
}

/** Waiting this long for a table that a running migration has locked is patience enough for a look. */
const lookLockTimeout = '5s'

/**
 * Stage two, "look": two round trips for each database, in one read-only snapshot. Which tables are there with which columns, then their rows and
 * the ledger's. No advisory lock, no write, no DDL, no temporary table: it works on a standby, and without rights on the ledger (then the tool's
 * table alone speaks). Takes ACCESS SHARE. A database that cannot be asked makes its services `Unreachable`; TABLE-FOREIGN and LEDGER-NEWER are thrown.
 */
export async function look(
  services: readonly { loaded: LoadedService; spec: ConnectionSpec }[],
  ports: Ports,
): Promise<(Looked | Unreachable)[]> {
  const groups = new Map<string, { loaded: LoadedService; spec: ConnectionSpec }[]>()
  for (const one of services) {
    const group = groups.get(connectionKey(one.spec))
    if (group === undefined) groups.set(connectionKey(one.spec), [one])
    else group.push(one)
  }
  const looked = await Promise.all([...groups.values()].map((group) => lookAtDatabase(group, ports)))
  const byName = new Map(looked.flat().map((one) => [one.loaded.service.name, one]))
  return services.map((one) => byName.get(one.loaded.service.name) as Looked | Unreachable)
}

/** Services reached alike share a connection. The password counts: two roles may differ in nothing else that shows. */
function connectionKey(spec: ConnectionSpec): string {
  return JSON.stringify([spec.hosts, spec.database, spec.user, spec.password, spec.searchPath, spec.options])
}

async function lookAtDatabase(
  group: readonly { loaded: LoadedService; spec: ConnectionSpec }[],
  ports: Ports,
): Promise<(Looked | Unreachable)[]> {
  const spec = (group[0] as { spec: ConnectionSpec }).spec
  let session: Session | undefined
  try {
    session = await connect({ ...spec, applicationName: `${ports.program} look` }, { signal: ports.signal, readOnly: true })
    return await read(session, group)
  } catch (error) {
    if (error instanceof SkeinError && error.exit !== 3) throw error
    if (error instanceof SkeinError) return group.map(({ loaded }) => ({ loaded, spec, error }))
    throw await lookFailed(error, group, session)
  } finally {
    void session?.end()
  }
}

async function read(session: Session, group: readonly { loaded: LoadedService; spec: ConnectionSpec }[]): Promise<Looked[]> {
  const wanted = group.map(({ loaded }) => ({ history: historyNamed(loaded.service.history.name), service: loaded.service }))
  const answers = await session.simple(
    `begin transaction isolation level repeatable read read only;set local lock_timeout = '${lookLockTimeout}';${presenceQuery(wanted.map((one) => one.service))}`,
  )
  const found = answers.at(-1)?.rows as unknown as Presence[]
  const first = found[0] as Presence
  const target: LookedTarget = {
    id: `${first.system_identifier ?? session.label}/${first.database_oid}`,
    systemIdentifier: first.system_identifier,
    database: first.database,
    serverVersion: session.version,
    standby: first.standby,
    readOnly: first.read_only,
    user: first.role,
  }
  const partly = wanted.map(({ history, service }, at) => partial(history, service, found[at] as Presence, target))
  const keysBySchema = new Map<string, string[]>()
  for (const [at, one] of partly.entries()) {
    const { service } = wanted[at] as { service: LoadedService['service'] }
    if ((found[at] as Presence).ledger !== 'readable') continue
    keysBySchema.set(service.ledgerSchema, [...(keysBySchema.get(service.ledgerSchema) ?? []), one.key])
  }
  const reads = partly.filter((one) => one.exists).map((one) => one.history.select(one.table))
  const ledgers = [...keysBySchema].map(([schema, keys]) => selectLedger(schema, keys))
  const rows = await session.simple(`${[...reads, ...ledgers].map((text) => `${text};`).join('')}commit`)
  let next = 0
  const looked = group.map(({ loaded, spec }, at): Looked => {
    const { history, table, key, exists } = partly[at] as ReturnType<typeof partial>
    const snapshot: Snapshot = { exists, rows: exists ? parseRows(history, rows[next++]?.rows[0]) : [] }
    const presence = found[at] as Presence
    return {
      loaded,
      spec,
      target,
      history,
      table,
      key,
      snapshot,
      applied: history.applied(snapshot, loaded.migrations),
      ledgerHidden:
        presence.ledger === 'hidden' ? `${target.user} may not read the ledger in schema ${loaded.service.ledgerSchema}` : undefined,
    }
  })
  const views = new Map([...keysBySchema.keys()].map((schema, at) => [schema, parseLedger(rows[reads.length + at]?.rows[0] ?? {})]))
  for (const one of looked) {
    const view = views.get(one.loaded.service.ledgerSchema)
    one.meta = view?.meta
    one.ledger = view?.histories.find((history) => history.key === one.key && history.targetSchema === one.table.schema)
    if (one.meta !== undefined && one.meta.minimumReader > 1) throw newerLedger(one)
  }
  return looked
}

function partial(history: History, service: LoadedService['service'], presence: Presence, target: LookedTarget) {
  if (presence.schema === null) {
    throw new SkeinError('PERMISSION-DENIED', {
      message: `${service.name}: no schema of the search path exists for ${target.user} in ${target.database}`,
      hint: 'create the schema, or name one: table: SCHEMA.TABLE in skein.yaml',
      service: service.name,
    })
  }
  const table: HistoryTable = {
    schema: presence.schema,
    table: service.history.table,
    service: service.history.service,
    columns: service.history.columns,
  }
  if (presence.columns !== null) refuseForeignTable(history, table, presence.columns, service.name)
  const key = historyKey({ tool: service.tool, schema: table.schema, table: table.table, service: table.service })
  return { history, table, key, exists: presence.columns !== null }
}

function parseRows(history: History, row: Record<string, unknown> | undefined): HistoryRow[] {
  const value = Object.values(row ?? {})[0]
  return history.parse(typeof value === 'string' ? value : JSON.stringify(value ?? []))
}

function newerLedger(one: Looked): SkeinError {
  return new SkeinError('LEDGER-NEWER', {
    message: `the ledger in ${one.target.database} was written by a newer Skein and cannot be read by this one`,
    hint: 'upgrade skein-migrate',
    service: one.loaded.service.name,
  })
}

async function lookFailed(
  error: unknown,
  group: readonly { loaded: LoadedService; spec: ConnectionSpec }[],
  session: Session | undefined,
): Promise<SkeinError> {
  const { loaded, spec } = group[0] as { loaded: LoadedService; spec: ConnectionSpec }
  const { code, message } = error as { code?: string; message?: string }
  if (code === '55P03') {
    const holders = session === undefined ? [] : await lockHolders(session).catch(() => [])
    return new SkeinError('LOCK-HELD', {
      message: `${spec.label}: a history table is locked by a running migration${holders.length === 0 ? '' : `: ${holders.map(describeBlocker).join('; ')}`}`,
      hint: 'see who: skein locks',
      service: group.length === 1 ? loaded.service.name : undefined,
      sqlstate: code,
      data: { holders },
      cause: error,
    })
  }
  if (code === '42501')
    return new SkeinError('PERMISSION-DENIED', {
      message: `${spec.label}: ${message}`,
      hint: 'grant select on the tables named, usage on their schema',
      sqlstate: code,
      cause: error,
    })
  return new SkeinError('CONNECT-FAILED', { message: `${spec.label}: ${message ?? String(error)}`, sqlstate: code, cause: error })
}

/** Runs of ours that have a table locked against reading: what a look can have waited for in vain. */
async function lockHolders(session: Session): Promise<Blocker[]> {
  await session.simple('rollback')
  const rows = await session.query<BlockerRow>(
    `select distinct on (a.pid) ${blockerColumns('l.mode', 'c.relname::text')}
from pg_locks l join pg_stat_activity a on a.pid = l.pid join pg_class c on c.oid = l.relation
where l.mode = 'AccessExclusiveLock' and l.granted and c.relkind in ('r', 'p') and l.database = (select oid from pg_database where datname = current_database())
  and a.application_name like 'skein%' order by a.pid`,
  )
  return rows.map(blockerOf)
}

/** True for a service whose database answered. */
export function isLooked(one: Looked | Unreachable): one is Looked {
  return !('error' in one)
}
