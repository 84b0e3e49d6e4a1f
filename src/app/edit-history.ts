import { lendKeys } from '../execute/lend-keys.ts'
import { closeServices, openServices } from '../execute/open-services.ts'
import type { RunOptions } from '../execute/options.ts'
import { prepareDatabases } from '../execute/prepare-databases.ts'
import type { OpenService } from '../execute/service-run.ts'
import { appendAudit } from '../ledger/audit.ts'
import { endRun } from '../ledger/runs.ts'
import { recordApplied, recordUndone } from '../ledger/write.ts'
import { insertBodies } from '../ledger/write.ts'
import type { AppliedSet, HistoryRow } from '../histories/history.ts'
import type { Ports } from '../model/ports.ts'
import type { Kind } from '../model/state.ts'
import { ident, literal, qualified } from '../postgres/quote.ts'
import type { Session } from '../postgres/session.ts'
import { asRefusal } from '../postgres/server-error.ts'
import { backupFirst, linkBackups } from './backup-first.ts'
import type { Looked } from './look.ts'
import { refuseForbidden } from './refuse-destructive.ts'
import { refuseEnvironment } from './refuse-environment.ts'
import type { RunRequest } from './request.ts'
import { refuseUnplanned } from './refuse-unapproved.ts'
import { runOptions } from './run.ts'
import { adoptedRow } from './seen-changes.ts'
import { serviceRuns } from './service-run.ts'
import { survey, type Survey } from './survey.ts'

/** A change of what is recorded, without running any migration. */
export interface Edit {
  service: string
  /** Versions that are recorded as applied afterwards, with how the ledger came by them. */
  add: { version: string; kind: Kind; appliedAt?: string }[]
  remove: string[]
  /** False: only the ledger follows (the tool's table already says so). */
  tool: boolean
  /** The rows of the tool's table afterwards where they are to be exactly these (force, a head without a file). */
  rows?: readonly HistoryRow[]
  /** SQL that runs before them in the same transaction (drop); statements ending in `;`. */
  before?: string
  /** Runs in that transaction, before everything else (seed, clean); what it returns is added to the audit entry's details. */
  during?: (session: Session) => Promise<Readonly<Record<string, unknown>>>
  /** One statement that runs before all that outside of any transaction (an index that is built or dropped concurrently). */
  alone?: string
  /** Versions that stay applied, and whose row in the ledger is made anew from today's file. */
  restate?: readonly string[]
  /** What the audit entry says besides. */
  details?: Readonly<Record<string, unknown>>
}

export interface EditReport {
  edits: { service: string; database: string; added: string[]; removed: string[] }[]
  /** The SQL, for a dry run. */
  sql?: string[]
  exit: number
}

/**
 * Force, mark, baseline, adopt, repair and drop: takes the services' locks, looks again, and writes tool's table and ledger in one transaction for each service,
 * with an entry in the audit chain. `decide` is asked under the lock, from the state that holds there. A dry run locks and writes nothing.
 */
export async function editHistory(
  verb: string,
  request: RunRequest & { because?: string },
  ports: Ports,
  decide: (found: Survey) => Edit[] | Promise<Edit[]>,
): Promise<EditReport> {
  const first = await survey(request, ports, { only: 'selected', strict: true, downs: false, content: false })
  refuseEnvironment(first)
  refuseForbidden(first, verb)
  refuseUnplanned(first, verb)
  const planned = await decide(first)
  if (request.dryRun === true) {
    const sql = planned.flatMap((edit) => [
      ...(edit.alone === undefined ? [] : [`${edit.alone};`]),
      'begin;',
      editSql(first, edit, first.looked.get(edit.service)?.ledger?.id ?? 0, verb, request.because, ''),
      'commit;',
    ])
    return { edits: planned.map((edit) => reported(first, edit)), sql, exit: 0 }
  }
  const options = runOptions({ ...request, verb }, ports)
  const empty = { steps: [], digest: '', basis: '', notes: [], request: { verb: 'up' as const, services: [] } }
  const open = await openServices(
    serviceRuns(
      first,
      empty,
      planned.map((edit) => edit.service),
    ),
    options,
  )
  try {
    const found = await survey(request, ports, { only: 'selected', strict: true, downs: false, content: false })
    const edits = await decide(found)
    const now = new Map(
      serviceRuns(
        found,
        empty,
        edits.map((edit) => edit.service),
      ).map((one) => [one.name, one]),
    )
    for (const service of open) Object.assign(service, { tableExists: now.get(service.name)?.tableExists ?? service.tableExists })
    const services = takesAway(verb) ? edits.map((edit) => edit.service) : []
    const occasion = { run: options.run, verb, digest: '', services }
    const backups = await backupFirst(found, request, occasion, ports)
    await prepareDatabases(open, '', 0, new Map(), options)
    for (const { database, file, bytes } of backups) ports.emit({ kind: 'copied', what: 'backup', database, file, bytes, before: verb })
    await linkBackups(backups, occasion, new Map(open.map((one) => [one.name, one.session])), ports)
    for (const edit of edits)
      await write(found, edit, open.find((one) => one.name === edit.service) as OpenService, verb, request.because, options)
    for (const service of open) await service.session.query(endRun(service.ledgerSchema), [options.run, 'ok', null])
    return { edits: edits.map((edit) => reported(found, edit)), exit: 0 }
  } finally {
    await closeServices(open)
  }
}

/** Verbs without steps that destroy data all the same. */
function takesAway(verb: string): boolean {
  return verb === 'drop' || verb === 'clean'
}

async function write(
  found: Survey,
  edit: Edit,
  service: OpenService,
  verb: string,
  because: string | undefined,
  options: RunOptions,
): Promise<void> {
  const looked = found.looked.get(edit.service) as Looked
  const bodies = new Map<string, string>()
  for (const one of [...edit.add, ...restated(looked, edit)]) adoptedRow(looked, one, bodies)
  if (bodies.size > 0) await service.session.query(insertBodies(service.ledgerSchema), [[...bodies.keys()], [...bodies.values()]])
  if (edit.alone !== undefined) await runAlone(service, edit.alone, options)
  await service.session.simple('begin;set local synchronous_commit = on')
  try {
    const said = await edit.during?.(service.session)
    if (said !== undefined) edit.details = { ...edit.details, ...said }
    await service.session.simple(`${editSql(found, edit, service.ledgerId, verb, because, service.ledgerSchema)}commit`)
  } catch (error) {
    await service.session.simple('rollback').catch(() => undefined)
    throw asRefusal(error, `${edit.service}: what is recorded could not be changed`, edit.service)
  }
}

function editSql(found: Survey, edit: Edit, ledgerId: number, verb: string, because: string | undefined, ledgerSchema: string): string {
  const looked = found.looked.get(edit.service) as Looked
  const schema = ledgerSchema === '' ? looked.loaded.service.ledgerSchema : ledgerSchema
  const known = new Set(looked.ledger?.applied.map((row) => row.version))
  const ledger = [
    ...[...edit.remove, ...(edit.restate ?? [])]
      .filter((version) => known.has(version))
      .map((version) => recordUndone(schema, ledgerId, version, 'forced', undefined)),
    ...[...edit.add.filter((one) => !known.has(one.version)), ...restated(looked, edit)].map((one) =>
      recordApplied(schema, ledgerId, { ...adoptedRow(looked, one, new Map()), because }),
    ),
    ...[...edit.remove, ...edit.add.map((one) => one.version)].map(
      (version) => `delete from ${ident(schema)}.journal where history = ${ledgerId} and version = ${literal(version)};`,
    ),
  ]
  const details = {
    service: edit.service,
    history: looked.key,
    added: edit.add.map((one) => one.version),
    removed: edit.remove,
    because,
    ...edit.details,
  }
  const parts = [edit.before?.trimEnd() ?? '', edit.tool ? toolSql(looked, edit) : '', ...ledger, appendAudit(schema, verb, details)]
  return `${parts.filter((part) => part !== '').join('\n')}\n`
}

/** Rows of the ledger that are made anew: applied when they were, with today's text. */
function restated({ ledger }: Looked, { restate = [] }: Edit): { version: string; kind: Kind; appliedAt?: string }[] {
  return restate.map((version) => ({
    version,
    kind: 'forced',
    appliedAt: ledger?.applied.find((row) => row.version === version)?.appliedAt,
  }))
}

/** The tools' keys are free meanwhile, since a session that blocks on one would stop a concurrent index build for ever. */
async function runAlone(service: OpenService, text: string, options: RunOptions): Promise<void> {
  const takeBack = await lendKeys([service])
  try {
    await service.session.simple(`set lock_timeout = ${options.lockBudgetMs}`)
    await service.session.simple(text)
  } catch (error) {
    throw asRefusal(error, `${service.name}: ${text}`, service.name)
  } finally {
    await takeBack(options)
  }
}

/** The tool's table from the rows that it has to the rows that it should have: everything else stays untouched. */
function toolSql(looked: Looked, edit: Edit): string {
  const { history, table, snapshot, loaded } = looked
  if (edit.rows !== undefined && history.marksDirty) {
    return `delete from ${qualified(table.schema, table.table)};${history.write(table, { remove: [], add: edit.rows })}`
  }
  const applied = new Map(looked.applied.applied)
  for (const version of edit.restate ?? []) {
    const row = applied.get(version)
    // A checksum of another kind than ours is its tool's own business.
    if (row?.checksum !== undefined && /^[0-9a-f]{64}$/.test(row.checksum)) applied.set(version, { ...row, checksum: undefined })
  }
  for (const version of edit.remove) applied.delete(version)
  for (const one of edit.add) if (!applied.has(one.version)) applied.set(one.version, { assumed: false })
  const unknown = looked.applied.unknown.filter((version) => !edit.remove.includes(version))
  const wanted = edit.rows ?? history.rows({ applied, unknown } satisfies AppliedSet, loaded.migrations)
  const identity = (row: HistoryRow) => JSON.stringify(row)
  const before = new Set(snapshot.rows.map(identity))
  const after = new Set(wanted.map(identity))
  return history.write(table, {
    remove: snapshot.rows.filter((row) => !after.has(identity(row))),
    add: wanted.filter((row) => !before.has(identity(row))),
  })
}

function reported(found: Survey, edit: Edit): EditReport['edits'][number] {
  const looked = found.looked.get(edit.service) as Looked
  return { service: edit.service, database: looked.spec.label, added: edit.add.map((one) => one.version), removed: edit.remove }
}
