import type { MigrationState, ServiceState } from '../model/state.ts'
import { type Comparison, compareHistories } from './compare-histories.ts'
import { findProblems, isProvable } from './find-problems.ts'
import { hollowDown } from './hollow-down.ts'
import type { LedgerEntry, PlanMigration, ServiceInput } from './input.ts'
import { mergeOrphans } from './merge-orphans.ts'
import type { Counts, MigrationStatus, Reconciled, Recording } from './reconciled.ts'
import { shortList } from './short-list.ts'

/** What may be left unread where a verb does not ask for it. */
export interface ReconcileOptions {
  /** False: applied files are not compared with their hashes (they need not be read). Default true. */
  content?: boolean
  /** False: downs are not read to see whether they are hollow; a missing one still shows. Default true. */
  downs?: boolean
}

/** Compares the files, the tool's table and the ledger of one service, and says what is what. Pure; throws nothing: what stops a run is in `problems`. */
export function reconcile(input: ServiceInput, options: ReconcileOptions = {}): Reconciled {
  const comparison = compareHistories(input)
  const reverted = comparison.lost.length > 0 && comparison.extra.length + comparison.unknown.length === 0 && isProvable(input, comparison)
  const toRecord = recordings(input, comparison)
  const migrations = statuses(input, comparison, toRecord, options)
  const current = migrations.findLast((row) => isApplied(row, comparison))
  const counts = count(input, migrations, comparison)
  return {
    input,
    state: serviceState(counts),
    migrations,
    current: current === undefined ? null : { version: current.version, id: current.id },
    counts,
    toRecord,
    reverted: reverted ? comparison.lost : [],
    problems: findProblems(input, comparison, migrations),
    notes: notes(input, migrations, comparison, reverted, toRecord),
  }
}

function statuses(input: ServiceInput, comparison: Comparison, toRecord: Recording[], options: ReconcileOptions): MigrationStatus[] {
  const { applied, partial, dirty, ledger } = comparison
  const kinds = new Map(toRecord.map((recording) => [recording.version, recording.kind]))
  const files = new Set(input.migrations.map((migration) => migration.version))
  // A mark at "before the first" can only come from a down of the first.
  const dirtyVersion = dirty === undefined ? undefined : (dirty.version ?? input.migrations[0]?.version)
  const orphans = [...new Set([...applied, ...partial.keys(), ...(dirtyVersion === undefined ? [] : [dirtyVersion])])].filter(
    (version) => !files.has(version),
  )
  const rows = mergeOrphans(input, orphans)
  const unknown = new Set(input.toolView.unknown)
  const inDatabase = ({ version }: { version: string }) => applied.has(version) || partial.has(version) || version === dirtyVersion
  const lastApplied = rows.findLastIndex(inDatabase)
  const lastFile = rows.findLastIndex((row) => row.migration !== undefined)

  return rows.map(({ version, migration }, position): MigrationStatus => {
    const entry = ledger.get(version)
    const tool = input.toolView.applied.get(version)
    const kind = kinds.get(version) ?? entry?.kind
    return {
      version,
      name: migration?.name ?? entry?.name ?? tool?.name ?? '',
      id: migration?.id ?? version,
      state: state(),
      kind: applied.has(version) || partial.has(version) ? kind : undefined,
      appliedAt: applied.has(version) ? (entry?.appliedAt ?? tool?.appliedAt) : undefined,
      hollowDown: hollowDown(migration, entry, options.downs !== false),
      inTool: tool !== undefined || unknown.has(version),
      inLedger: entry !== undefined,
      migration,
      entry,
    }

    function state(): MigrationState {
      if (version === dirtyVersion) return 'dirty'
      if (partial.has(version)) return 'partial'
      if (!applied.has(version)) return input.keeps !== 'heads' && position < lastApplied ? 'out-of-order' : 'pending'
      if (migration === undefined) return position > lastFile ? 'ahead' : 'missing'
      if (migration.up === null && entry?.hash != null) return 'missing'
      if (entry !== undefined && options.content !== false && isChanged(input, migration, entry)) return 'changed'
      return kind === 'assumed' ? 'assumed' : 'applied'
    }
  })
}

function isChanged(input: ServiceInput, migration: PlanMigration, entry: LedgerEntry): boolean {
  if (migration.up === null) return false
  // It ran as an empty migration; whatever the file says now, it never ran.
  if (entry.hash === null) return entry.kind === 'executed'
  return migration.up.hash() !== entry.hash && input.meaningChanged(entry.version)
}

function recordings(input: ServiceInput, { adoption, extra, lost }: Comparison): Recording[] {
  if (lost.length > 0) return []
  return extra.map((version) => {
    const tool = input.toolView.applied.get(version)
    return {
      version,
      kind: !adoption ? 'observed' : tool?.assumed === true ? 'assumed' : 'adopted',
      name: tool?.name,
      appliedAt: tool?.appliedAt,
    }
  })
}

function isApplied(row: MigrationStatus, comparison: Comparison): boolean {
  return comparison.applied.has(row.version) && row.state !== 'dirty'
}

function count(input: ServiceInput, rows: readonly MigrationStatus[], comparison: Comparison): Counts {
  const of = (...states: MigrationState[]) => rows.filter((row) => states.includes(row.state)).length
  const resumable = rows.filter((row) => row.state === 'partial' && !comparison.applied.has(row.version)).length
  return {
    applied: rows.filter((row) => isApplied(row, comparison)).length,
    pending: of('pending') + resumable + (input.policies.outOfOrder === 'ignore' ? 0 : of('out-of-order')),
    outOfOrder: of('out-of-order'),
    assumed: of('assumed'),
    changed: of('changed'),
    missing: of('missing'),
    ahead: of('ahead'),
    partial: of('partial'),
    dirty: of('dirty'),
    hollow: rows.filter((row) => row.hollowDown !== false).length,
  }
}

function serviceState(counts: Counts): ServiceState {
  if (counts.dirty > 0) return 'dirty'
  if (counts.partial > 0) return 'partial'
  if (counts.changed > 0) return 'changed'
  if (counts.ahead + counts.missing > 0) return 'ahead'
  return counts.pending > 0 ? 'pending' : 'up-to-date'
}

function notes(
  input: ServiceInput,
  rows: readonly MigrationStatus[],
  comparison: Comparison,
  reverted: boolean,
  toRecord: Recording[],
): string[] {
  const list = (...states: MigrationState[]) => rows.filter((row) => states.includes(row.state)).map((row) => row.version)
  const said: string[] = []
  const say = (versions: readonly string[], what: string) => {
    if (versions.length > 0) said.push(`${input.name}: ${what}: ${shortList(versions)}`)
  }
  if (reverted) say(comparison.lost, `${input.tool} took back`)
  if (!comparison.adoption)
    say(
      toRecord.map((recording) => recording.version),
      `applied by ${input.tool} itself, content not verified`,
    )
  if (input.policies.outOfOrder === 'ignore') say(list('out-of-order'), 'left out, they sort before an applied one')
  if (input.policies.ahead === 'ok') say(list('ahead', 'missing'), 'in the database without a file here')
  if (input.policies.changed === 'warn') say(list('changed'), 'changed after they were applied')
  return said
}

export type { Counts, MigrationStatus, Problem, Reconciled, Recording } from './reconciled.ts'
