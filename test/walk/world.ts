import { AppliedState } from '../../src/execute/service-run.ts'
import type { HistoryRow, HistoryStep } from '../../src/histories/history.ts'
import type { Migration } from '../../src/model/migration.ts'
import type { Step } from '../../src/model/plan.ts'
import type { Need, Policies } from '../../src/model/service.ts'
import type { LedgerEntry, ServiceInput } from '../../src/plan/input.ts'
import { type Reconciled, reconcile } from '../../src/plan/reconcile.ts'
import { type File, asRead, compareOf, historyOf, keyOf, migrationsOf, versionOf } from './tools.ts'

/** One service and its database, as far as planning and bookkeeping go: files, the tool's rows, the ledger, and the truth that nobody can ask. */
export interface ServiceWorld {
  name: string
  tool: string
  tier?: string
  needs: Need[]
  /** By slot: what that one migration needs. */
  own: Map<number, Need[]>
  policies: Policies
  files: File[]
  /** Every revision that there ever was, for the oracle. */
  ever: Map<string, readonly string[]>
  rows: HistoryRow[]
  ledger: LedgerEntry[] | null
  seq: number
  /** What was run and not taken back, in the order of being run. */
  done: Set<string>
}

export function migrations({ tool, files }: ServiceWorld): Migration[] {
  return migrationsOf(tool, files)
}

/** What the app tells the planner of such a service (src/app/inputs.ts). */
export function inputOf(service: ServiceWorld): ServiceInput {
  const { name, tool, needs, tier, policies, rows, ledger, own, files } = service
  const list = migrations(service)
  const history = historyOf(tool)
  const applied = history.applied({ exists: true, rows: asRead(tool, rows) }, list)
  const slots = new Map(files.map((file) => [versionOf[tool]?.(file.slot), file]))
  return {
    name,
    tool,
    history: `${tool}:public.${name}`,
    needs,
    tier,
    policies,
    migrations: list.map((migration) => ({
      version: migration.version,
      name: migration.name,
      id: migration.id,
      parents: migration.parents,
      needs: own.get(slots.get(migration.version)?.slot ?? -1),
      up: { file: `${migration.version}.up.sql`, hash: () => migration.up?.sha256() ?? '' },
      down: {
        file: `${migration.version}.down.sql`,
        hash: () => migration.down?.sha256() ?? '',
        hollow: () => slots.get(migration.version)?.hollow === true,
      },
    })),
    compare: compareOf(tool, list),
    keeps: history.keeps,
    toolView: { exists: true, applied: applied.applied, unknown: applied.unknown },
    ledger,
    meaningChanged: () => true,
  }
}

export function look(service: ServiceWorld): Reconciled {
  return reconcile(inputOf(service))
}

/** What the next write puts into the ledger before anything else (src/app/seen-changes.ts). */
export function observe(service: ServiceWorld): void {
  const { toRecord, reverted } = look(service)
  if (toRecord.length + reverted.length === 0 && service.ledger !== null) return
  const gone = new Set(reverted)
  service.ledger = (service.ledger ?? []).filter((entry) => !gone.has(entry.version))
  for (const { version, kind } of toRecord) addEntry(service, version, kind)
}

/** Takes the word of the tool's table, as `skein adopt` does. */
export function adopt(service: ServiceWorld): void {
  const { applied, unknown } = historyOf(service.tool).applied(
    { exists: true, rows: asRead(service.tool, service.rows) },
    migrations(service),
  )
  const there = new Set([...applied.keys(), ...unknown])
  service.ledger = (service.ledger ?? []).filter((entry) => there.has(entry.version))
  const known = new Set(service.ledger.map((entry) => entry.version))
  for (const version of there) if (!known.has(version)) addEntry(service, version, 'adopted')
}

/** The state that a run of ours starts from (src/app/service-run.ts). */
export function stateOf(service: ServiceWorld): AppliedState {
  const { input, migrations: rows } = look(service)
  const applied = rows.filter((row) => row.state !== 'pending' && row.state !== 'out-of-order').map((row) => row.version)
  const history = historyOf(service.tool)
  return new AppliedState({
    migrations: migrations(service),
    applied: new Set(applied),
    rows: service.rows,
    compare: (a, b) => input.compare(a, b),
    history,
  })
}

/** One step of a run: the tool's rows and the ledger change in one transaction. */
export function execute(service: ServiceWorld, state: AppliedState, { version, direction }: Pick<Step, 'version' | 'direction'>): void {
  write(service, state, version, direction)
  if (direction === 'up') addEntry(service, version, 'executed')
  else service.ledger = (service.ledger ?? []).filter((entry) => entry.version !== version)
}

/** One step of the tool itself: it knows of no ledger. */
export function write(service: ServiceWorld, state: AppliedState, version: string, direction: 'up' | 'down'): void {
  const file = state.migrations.find((one) => one.version === version)
  const migration = file ?? { version, name: '', id: version, up: null, down: null, sending: 'split' as const }
  const step: HistoryStep = { migration, direction }
  const { remove, add } = state.advance(step).change
  const gone = new Set(remove.map(keyOf))
  for (const key of gone)
    if (!service.rows.some((row) => keyOf(row) === key)) throw new Error(`${service.name}: the row ${key} to remove is not there`)
  const kept = service.rows.filter((row) => !gone.has(keyOf(row)))
  for (const row of add)
    if (kept.some((other) => keyOf(other) === keyOf(row))) throw new Error(`${service.name}: the row ${keyOf(row)} to add is there`)
  service.rows = [...kept, ...add]
  if (direction === 'up') service.done.add(version)
  else service.done.delete(version)
}

function addEntry(service: ServiceWorld, version: string, kind: LedgerEntry['kind']): void {
  const file = migrations(service).find((one) => one.version === version)
  const hash = file?.up?.sha256() ?? null
  const isCode = service.tool === 'alembic' || service.tool === 'typeorm'
  const hasDown = file !== undefined && !isCode
  service.seq += 1
  const entry: LedgerEntry = { version, name: version, seq: service.seq, kind, hash, appliedAt: '', hasDown }
  service.ledger = [...(service.ledger ?? []), hasDown ? { ...entry, downHash: file?.down?.sha256() } : entry]
}
