import type { History, HistoryChange, HistoryRow, HistoryState, HistoryStep, HistoryTable } from '../histories/history.ts'
import type { JournalRow } from '../ledger/read.ts'
import type { Hook } from '../model/hook.ts'
import type { Migration } from '../model/migration.ts'
import type { ConnectionSpec, Session } from '../postgres/session.ts'
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts'

/** Everything the executor needs of one service: resolved, looked at, nothing configured is left to decide. */
export interface ServiceRun {
  name: string
  tool: string
  spec: ConnectionSpec
  /** (system identifier, database oid): the same text for the same database, whatever its URL. */
  target: string
  systemIdentifier: string | null
  history: History
  table: HistoryTable
  tableExists: boolean
  /** historyKey: what our lock key and the ledger know it by. */
  key: string
  /** The tool's own advisory keys and the service's further ones, ascending. */
  toolKeys: readonly bigint[]
  /** History keys of needed services that are not in the plan: held shared, so that nobody takes them back under us. */
  sharedKeys: readonly string[]
  role?: string
  /** search_path of the service's sessions; undefined: as the connection has it. */
  schema?: string
  ledgerSchema: string
  environment?: string
  migrations: readonly Migration[]
  compare(a: string, b: string): number
  rows: readonly HistoryRow[]
  applied: ReadonlySet<string>
  journal: readonly JournalRow[]
  /** Where and with what its migrations run, where they are code. */
  code?: Omit<RuntimeSpec, 'onOutput'>
  /** What runs before and after it and its steps; none where hooks are off. */
  hooks?: readonly Hook[]
}

/** As whom a file runs, where that is not the login role. */
export interface Identity {
  /** SET SESSION AUTHORIZATION of an earlier file. */
  authorization?: string
  role?: string
}

/** A service whose session is open and whose locks are held by that session. */
export interface OpenService extends ServiceRun {
  session: Session
  ownKey: bigint
  /** Id of its row in skein.history; set once the ledger is there. */
  ledgerId: number
  state: AppliedState
  /** The other open services of the same database, which are idle while this one works. */
  neighbours: readonly OpenService[]
  /** The process that runs its migrations, once it is needed. */
  child?: Runtime
  /** As whom an earlier file left the session; undefined: as we opened it. */
  left?: Identity
}

/** What is applied, kept up to date step by step without ever walking the whole list. A resource of one run; not shared. */
export class AppliedState implements HistoryState {
  readonly migrations: readonly Migration[]
  readonly applied: Set<string>
  rows: readonly HistoryRow[]
  readonly #order: string[]
  readonly #compare: (a: string, b: string) => number
  readonly #history: History

  constructor(run: Pick<ServiceRun, 'migrations' | 'applied' | 'rows' | 'compare' | 'history'>) {
    this.migrations = run.migrations
    this.applied = new Set(run.applied)
    this.rows = run.history.keeps === 'every-version' ? [] : run.rows
    this.#compare = run.compare
    this.#order = [...run.applied].sort(run.compare)
    this.#history = run.history
  }

  greatestApplied(except?: string): string | null {
    const last = this.#order.at(-1)
    return (last === except ? this.#order.at(-2) : last) ?? null
  }

  /** Takes the step as done and returns what it changes in the tool's table, with the way back for when it fails after all. */
  advance(step: HistoryStep): { change: HistoryChange; undo: () => void } {
    const { version } = step.migration
    const change = this.#history.change(this, step)
    const before = this.rows
    if (this.#history.keeps !== 'every-version') this.rows = apply(this.rows, change)
    if (step.direction === 'up') this.#add(version)
    else this.#remove(version)
    return {
      change,
      undo: () => {
        this.rows = before
        if (step.direction === 'up') this.#remove(version)
        else this.#add(version)
      },
    }
  }

  #add(version: string): void {
    if (this.applied.has(version)) return
    this.applied.add(version)
    let at = this.#order.length
    while (at > 0 && this.#compare(this.#order[at - 1] as string, version) > 0) at--
    this.#order.splice(at, 0, version)
  }

  #remove(version: string): void {
    if (!this.applied.delete(version)) return
    this.#order.splice(this.#order.lastIndexOf(version), 1)
  }
}

function apply(rows: readonly HistoryRow[], change: HistoryChange): readonly HistoryRow[] {
  const gone = new Set(change.remove.map((row) => JSON.stringify(row)))
  return [...rows.filter((row) => !gone.has(JSON.stringify(row))), ...change.add]
}
