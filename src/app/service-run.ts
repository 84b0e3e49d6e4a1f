import type { HistoryRow } from '../histories/history.ts'
import type { ServiceRun } from '../execute/service-run.ts'
import type { Plan } from '../model/plan.ts'
import type { Looked } from './look.ts'
import type { Survey } from './survey.ts'

/** What the executor needs of each service that a plan concerns, in the plan's order. */
export function serviceRuns(found: Survey, made: Plan, alsoWithoutSteps: readonly string[] = []): ServiceRun[] {
  const names = [...new Set([...made.steps.map((step) => step.service), ...alsoWithoutSteps])]
  return names.map((name) => serviceRun(found, name, new Set(names)))
}

function serviceRun(found: Survey, name: string, inPlan: ReadonlySet<string>): ServiceRun {
  const looked = found.looked.get(name) as Looked
  const { service, source, migrations } = looked.loaded
  const { history, table } = looked
  const applied = appliedVersions(found, looked)
  return {
    name,
    tool: service.tool,
    spec: looked.spec,
    target: looked.target.id,
    systemIdentifier: looked.target.systemIdentifier,
    history,
    table,
    tableExists: looked.snapshot.exists,
    key: looked.key,
    toolKeys: lockKeysOf(looked),
    sharedKeys: neededKeys(found, looked, inPlan),
    role: service.role,
    schema: service.schema,
    ledgerSchema: service.ledgerSchema,
    environment: service.environment,
    migrations,
    compare: (a, b) => source.compare(a, b),
    rows: cleanRows(looked, applied),
    applied,
    journal: looked.ledger?.journal ?? [],
    ...(service.hooks === undefined ? {} : { hooks: service.hooks }),
    ...(looked.loaded.code === undefined ? {} : { code: looked.loaded.code }),
  }
}

/** The keys under which the service's tool locks its table, with those that the workspace file adds, in ascending order. */
export function lockKeysOf({ history, table, target, spec, loaded }: Looked): bigint[] {
  const keys = new Set([
    ...history.lockKeys({ database: target.database, schema: table.schema, table: table.table, urlPath: spec.urlPath }),
    ...loaded.service.history.lockKeys,
  ])
  return [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** What the tool's table says, and, where it is a high-water mark, only what the ledger does not contradict. */
function appliedVersions(found: Survey, looked: Looked): ReadonlySet<string> {
  const reconciled = found.reconciled.get(looked.loaded.service.name)
  const rows = reconciled?.migrations ?? []
  return new Set(
    rows
      .filter(
        (row) =>
          row.state !== 'pending' && row.state !== 'out-of-order' && !(row.state === 'partial' && row.entry?.partial?.direction === 'up'),
      )
      .map((row) => row.version),
  )
}

/** The rows as they were before a mark of ours: what a step that goes on, or is given up, builds upon. */
function cleanRows(looked: Looked, applied: ReadonlySet<string>): readonly HistoryRow[] {
  if (looked.applied.dirty === undefined) return looked.snapshot.rows
  return looked.history.rows(
    { applied: new Map([...applied].map((version) => [version, { assumed: false }])), unknown: [] },
    looked.loaded.migrations,
  )
}

/** Keys of needed services of the same database that the plan leaves alone: locked shared, so that nobody takes them back meanwhile. */
function neededKeys(found: Survey, looked: Looked, inPlan: ReadonlySet<string>): string[] {
  const needed = looked.loaded.service.needs
    .map((need) => found.looked.get(need.service))
    .filter((one) => one !== undefined && !inPlan.has(one.loaded.service.name))
  return needed.flatMap((one) => (one !== undefined && one.target.id === looked.target.id ? [one.key] : []))
}
