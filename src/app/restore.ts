import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { databaseFacts, type DatabaseFacts } from '../data/restore/database-facts.ts'
import { commandOf, fill } from '../data/restore/fill.ts'
import { besides, createLike, dropNew } from '../data/restore/new-database.ts'
import { type BackupFile, readBackup } from '../data/restore/read-backup.ts'
import { refuseSessions, sessionsIn, swap } from '../data/restore/swap.ts'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import type { Blocker } from '../model/run.ts'
import { acquire, ownLockKey } from '../postgres/advisory.ts'
import { connect } from '../postgres/connect.ts'
import { ident } from '../postgres/quote.ts'
import { asRefusal } from '../postgres/server-error.ts'
import type { ConnectionSpec, Session } from '../postgres/session.ts'
import { environmentOf, toolsFor } from './backup.ts'
import type { Request } from './request.ts'
import { backupBefore } from './restore/before.ts'
import { checkRestored, type RestoredService, takePlace } from './restore/check.ts'
import { type Home, homeOf } from './restore/home.ts'

export interface RestoreRequest extends Request {
  /** The backup; undefined where `before` says which. */
  from?: string
  /** Id of a run, or its first letters: the backup that was taken before its first step. */
  before?: string
  /** The folder that such a backup lies in now, where it is another one than when it was written. */
  backupDir?: string
  /** The folder of pg_restore and psql. */
  pgBin?: string
  /** The database that was replaced is dropped rather than kept. */
  dropOld?: boolean
  /** Sessions that are connected to it are ended. */
  disconnect?: boolean
  /** The file and the database are looked at; nothing is made. */
  dryRun?: boolean
}

export interface RestoreReport {
  dryRun: boolean
  file: string
  format: 'custom' | 'sql'
  bytes: number
  sha256: string
  /** When it was made, by its manifest; null: there is none. */
  madeAt: string | null
  database: string
  /** All that live in the database. In a dry run as they stand now. */
  services: RestoredService[]
  /** Connected to the database when this began. */
  sessions: Blocker[]
  /** What the database that was replaced is called now; null: dropped, or nothing was replaced. */
  kept: string | null
  tool: string
  notes: string[]
}

/** How long a migration that runs is waited for before the databases change places. */
const lockWaitMs = 60_000

/**
 * Fills a new database beside the old one from a file, checks it, asks `confirm`, and lets the two change names. Until then the old one is only read, and
 * whatever fails or is interrupted drops the new one. Takes the services' locks for the change. Throws BACKUP-INVALID, BACKUP-TOOL-MISSING,
 * PERMISSION-DENIED, DATABASE-IN-USE, RESTORE-FAILED, LOCK-HELD, INTERRUPTED, and what reading and connecting throw.
 */
export async function restore(
  request: RestoreRequest,
  ports: Ports,
  confirm: (report: RestoreReport) => Promise<void>,
): Promise<RestoreReport> {
  const { backup, home, notes: said } = await sourceOf(request, ports)
  const tools = toolsFor(home.services, request.pgBin, ports)
  commandOf(backup, tools, home.target.database)
  const [facts, sessions] = await asAdmin(home.spec, async (session) => {
    const found = await databaseFacts(session, home.target.database)
    return [found, await sessionsIn(session, found.oid)] as const
  })
  const size = backup.manifest?.server.size ?? null
  const report = reportOf(backup, home, `${backup.format === 'custom' ? 'pg_restore' : 'psql'} ${tools.version}`, sessions, request)
  report.notes.push(...said)
  if (request.dryRun === true) return report
  if (request.disconnect !== true) refuseSessions(facts.name, sessions)
  // The last four letters keep two restores of one second apart: what is dropped after a failure is ours.
  const stamp = `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${randomBytes(2).toString('hex')}`
  const filled = besides(facts.name, `_restore_${stamp}`)
  const before = besides(facts.name, `_before_${stamp}`)
  try {
    await make(home.spec, facts, filled)
    const { env } = await environmentOf({ ...home.spec, database: filled }, ports, 'restore', async () => undefined)
    await watched(home.spec, filled, size, ports, () => fill(backup, tools, env, ports.signal))
    ports.emit({ kind: 'copied', what: 'restore', database: home.spec.label, file: backup.file, bytes: backup.bytes })
    const { services, notes } = await checkRestored(home, filled, backup, ports)
    const checked = { ...report, services, notes: [...report.notes, ...notes] }
    await confirm(checked)
    refuseStopped(ports.signal)
    await takePlace(home, filled)
    await exchange(home, facts, { before, filled }, request.disconnect === true, ports)
    const dropped = request.dropOld === true ? await dropOld(home.spec, before) : undefined
    return { ...checked, kept: dropped === true ? null : before, notes: [...checked.notes, ...(dropped === false ? [stands(before)] : [])] }
  } catch (error) {
    // Without the signal: this is what has to be done after it. After the change there is no database of that name.
    await asAdmin(home.spec, (session) => dropNew(session, filled)).catch((cause: Error) => {
      ports.emit({ kind: 'warning', message: `${filled} could not be dropped: ${cause.message}` })
    })
    throw error
  }
}

/** The file, and the database that it is for. Of a run, the database comes first: its ledger says which file. */
async function sourceOf(request: RestoreRequest, ports: Ports): Promise<{ backup: BackupFile; home: Home; notes: string[] }> {
  if (request.before === undefined) {
    if (request.from === undefined) throw new SkeinError('USAGE', { message: 'restore needs a file, or --before RUN' })
    const backup = await readBackup(resolve(ports.cwd, request.from), ports.signal)
    return { backup, home: await homeOf(request, backup.manifest, ports), notes: [] }
  }
  const home = await homeOf(request, undefined, ports)
  return { home, ...(await backupBefore(home, request.before, request.backupDir, ports)) }
}

/** Looks once a second how large the new database is by now, while it is filled. */
async function watched(spec: ConnectionSpec, filled: string, total: number | null, ports: Ports, work: () => Promise<void>): Promise<void> {
  await asAdmin(spec, async (session) => {
    let asking = Promise.resolve()
    const clock = setInterval(() => {
      asking = asking.then(() =>
        session.query<{ size: number }>('select pg_database_size($1)::float8 as size', [filled]).then(
          ([row]) => ports.emit({ kind: 'copying', what: 'restore', database: spec.label, bytes: row?.size ?? 0, total }),
          () => {},
        ),
      )
    }, 1_000)
    try {
      await work()
    } finally {
      clearInterval(clock)
      await asking
    }
  })
}

function reportOf(backup: BackupFile, home: Home, tool: string, sessions: Blocker[], request: RestoreRequest): RestoreReport {
  const { file, format, bytes, sha256, manifest } = backup
  const notes =
    manifest === undefined ? [`there is no ${file}.json: whether the file is whole and what is applied in it was not compared`] : []
  const others = manifest?.services.filter((one) => !home.services.some((each) => each.key === one.history)) ?? []
  if (others.length > 0) notes.push(`in the manifest, and not in this database: ${others.map((one) => one.name).join(', ')}`)
  return {
    dryRun: request.dryRun === true,
    file,
    format,
    bytes,
    sha256,
    tool,
    sessions,
    notes,
    madeAt: manifest?.madeAt ?? null,
    database: home.spec.label,
    services: home.services.map(({ loaded, applied }) => ({
      name: loaded.service.name,
      applied: applied.applied.size,
      pending: loaded.migrations.map((one) => one.version).filter((version) => !applied.applied.has(version)),
      ahead: applied.unknown,
    })),
    kept: null,
  }
}

async function make(spec: ConnectionSpec, facts: DatabaseFacts, name: string): Promise<void> {
  try {
    await asAdmin(spec, (session) => createLike(session, facts, name))
  } catch (cause) {
    const refusal = asRefusal(cause, `a database like ${facts.name} cannot be made`)
    if (!(refusal instanceof SkeinError) || refusal.code !== 'STEP-FAILED') throw refusal
    throw new SkeinError('RESTORE-FAILED', { ...refusal.details, hint: 'the database is as it was', cause })
  }
}

/** No migration of ours runs while the databases change places: its lock is held until the old one is locked itself. */
async function exchange(
  home: Home,
  facts: DatabaseFacts,
  names: { before: string; filled: string },
  disconnect: boolean,
  ports: Ports,
): Promise<void> {
  const holder = await connect(home.spec, { signal: ports.signal })
  try {
    const keys = home.services.map((one) => ownLockKey(one.key)).sort((a, b) => (a < b ? -1 : 1))
    await acquire(holder, keys, { deadlineMs: lockWaitMs, signal: ports.signal })
    await asAdmin(home.spec, async (session) => {
      if (!disconnect) refuseSessions(facts.name, await sessionsIn(session, facts.oid, [holder.pid]))
      refuseStopped(ports.signal)
      const change = { name: facts.name, oid: facts.oid, ...names }
      if (!disconnect) await swap(session, change, () => holder.end())
      else await asAdmin(home.spec, (second) => swap(session, change, () => holder.end(), second))
    })
  } finally {
    if (!holder.closed) await holder.end()
  }
}

async function dropOld(spec: ConnectionSpec, before: string): Promise<boolean> {
  return asAdmin(spec, (session) => session.simple(`drop database ${ident(before)}`)).then(
    () => true,
    () => false,
  )
}

function stands(before: string): string {
  return `${before} could not be dropped and stands there still`
}

/** On the same server, outside of the database that is renamed. `postgres` may be missing or closed; template1 is everywhere. */
async function asAdmin<Result>(spec: ConnectionSpec, run: (session: Session) => Promise<Result>): Promise<Result> {
  const elsewhere = ['postgres', 'template1'].filter((name) => name !== spec.database)
  const open = (database: string) => connect({ ...spec, database, searchPath: undefined })
  const session = await open(elsewhere[0] as string).catch((error: unknown) => {
    const closed = error instanceof SkeinError && ['DATABASE-UNKNOWN', 'PERMISSION-DENIED', 'CONNECT-FAILED'].includes(error.code)
    if (!closed || elsewhere[1] === undefined) throw error
    return open(elsewhere[1])
  })
  try {
    return await run(session)
  } finally {
    await session.end()
  }
}

function refuseStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new SkeinError('INTERRUPTED', { message: 'the restore was stopped; the database is as it was' })
}
