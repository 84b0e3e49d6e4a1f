import type { Finding } from '../model/finding.ts'
import type { Ports } from '../model/ports.ts'
import type { Blocker, Failure } from '../model/run.ts'
import type { Kind, MigrationState, ServiceState } from '../model/state.ts'
import { holders, ownLockKey } from '../postgres/advisory.ts'
import { connect } from '../postgres/connect.ts'
import type { Looked } from './look.ts'
import type { Request } from './request.ts'
import type { Reconciled } from '../plan/reconciled.ts'
import { environmentProblem } from './refuse-environment.ts'
import { survey } from './survey.ts'

export interface StatusMigration {
  version: string
  name: string
  id: string
  state: MigrationState
  appliedAt: string | null
  kind: Kind | null
  environment: string | null
  hollowDown: 'missing' | 'empty' | false
}

export interface StatusService {
  name: string
  tool: string
  /** host:port/database as user; no password. */
  database: string | null
  table: string | null
  state: ServiceState
  /** Version of the greatest applied migration; null when there is none. */
  current: string | null
  applied: number
  pending: number
  outOfOrder: number
  ahead: number
  migrations: StatusMigration[]
  /** What stops a run, and what a person should know. */
  problems: { code: string; message: string; hint: string }[]
  notes: string[]
  /** The newest run that had to do with it; null before the first. */
  lastRun: { id: string; verb: string; outcome: string | null; startedAt: string } | null
  lockedBy: Blocker[]
  error: Failure | null
}

export interface StatusResult {
  environment: string | null
  services: StatusService[]
  findings: Finding[]
}

/** What is applied where: files, tools' tables and ledgers compared, for the selected services. Two round trips for each database, and one more for who holds a lock. Writes nothing. */
export async function status(request: Request, ports: Ports): Promise<StatusResult> {
  const found = await survey(request, ports, { only: 'selected', remember: true })
  const locks = await lockHolders([...found.looked.values()])
  const services = found.loaded.all
    .filter((one) => found.loaded.selected.has(one.service.name))
    .map(({ service }): StatusService => {
      const looked = found.looked.get(service.name)
      const reconciled = found.reconciled.get(service.name)
      const down = found.unreachable.find((one) => one.loaded.service.name === service.name)
      if (looked === undefined || reconciled === undefined) return unreachable(service.name, service.tool, down)
      const environments = new Map(looked.loaded.migrations.map((migration) => [migration.version, migration.environment]))
      return {
        name: service.name,
        tool: service.tool,
        database: looked.spec.label,
        table: `${looked.table.schema}.${looked.table.table}`,
        state: reconciled.state,
        current: reconciled.current?.version ?? null,
        applied: reconciled.counts.applied,
        pending: reconciled.counts.pending,
        outOfOrder: reconciled.counts.outOfOrder,
        ahead: reconciled.counts.ahead + reconciled.counts.missing,
        migrations: reconciled.migrations.map((row) => ({
          version: row.version,
          name: row.name,
          id: row.id,
          state: row.state,
          appliedAt: row.appliedAt ?? null,
          kind: row.kind ?? null,
          environment: environments.get(row.version) ?? null,
          hollowDown: row.hollowDown,
        })),
        problems: problemsOf(looked, reconciled, found.loaded.workspace.environments),
        notes: [
          ...reconciled.notes,
          ...(looked.ledgerHidden === undefined ? [] : [`${service.name}: ${looked.ledgerHidden}; only the tool's own table speaks`]),
          ...copyNote(looked),
        ],
        lastRun: looked.ledger?.lastRun ?? null,
        lockedBy: locks.get(service.name) ?? [],
        error: null,
      }
    })
  return {
    environment: found.loaded.workspace.environment ?? null,
    services,
    findings: found.loaded.all.filter((one) => found.loaded.selected.has(one.service.name)).flatMap((one) => one.findings),
  }
}

/** With the files of another environment everything else that is said of them would mislead. */
function problemsOf(looked: Looked, reconciled: Reconciled, environments: readonly string[]): StatusService['problems'] {
  const other = environmentProblem(looked, environments)
  if (other !== undefined)
    return [{ code: other.code, message: `${looked.loaded.service.name}: ${other.message}`, hint: other.details.hint ?? '' }]
  return reconciled.problems.map(({ code, message, hint }) => ({ code, message, hint }))
}

/** The ledger remembers which database it was made in: a clone and a restored dump are seen. */
function copyNote({ meta, target, loaded }: Looked): string[] {
  if (meta === undefined || meta.systemIdentifier === null || `${meta.systemIdentifier}/${meta.databaseOid}` === target.id) return []
  return [
    `${loaded.service.name}: its ledger was made in the database ${meta.database} elsewhere: this one is a copy of it, or was restored`,
  ]
}

/** Who holds each service's own key, by service; one connection for each database. A database that went away meanwhile tells nothing. */
export async function lockHolders(looked: readonly Looked[]): Promise<Map<string, Blocker[]>> {
  const byTarget = new Map<string, Looked[]>()
  for (const one of looked) byTarget.set(one.target.id, [...(byTarget.get(one.target.id) ?? []), one])
  const found = new Map<string, Blocker[]>()
  await Promise.all(
    [...byTarget.values()].map(async (group) => {
      const session = await connect((group[0] as Looked).spec, { readOnly: true }).catch(() => undefined)
      if (session === undefined) return
      try {
        const answers = await Promise.all(group.map((one) => holders(session, [ownLockKey(one.key)])))
        for (const [at, one] of group.entries()) found.set(one.loaded.service.name, answers[at] ?? [])
      } finally {
        await session.end()
      }
    }),
  )
  return found
}

function unreachable(
  name: string,
  tool: string,
  down: { error: { code: Failure['code']; message: string; details: { hint?: string } }; spec?: { label: string } } | undefined,
): StatusService {
  const error: Failure | null =
    down === undefined ? null : { code: down.error.code, message: down.error.message, hint: down.error.details.hint }
  return {
    name,
    tool,
    database: down?.spec?.label ?? null,
    table: null,
    state: 'unreachable',
    current: null,
    applied: 0,
    pending: 0,
    outOfOrder: 0,
    ahead: 0,
    migrations: [],
    problems: [],
    notes: [],
    lastRun: null,
    lockedBy: [],
    error,
  }
}
