import { randomUUID } from 'node:crypto'
import { closeServices, openServices } from '../execute/open-services.ts'
import { runDefaults, type RunOptions } from '../execute/options.ts'
import { prepareDatabases } from '../execute/prepare-databases.ts'
import { runPlan } from '../execute/run-plan.ts'
import { prepareSingle } from '../execute/run-single.ts'
import { AppliedState } from '../execute/service-run.ts'
import { sleep } from '../execute/sleep.ts'
import { SkeinError } from '../model/errors.ts'
import type { Plan } from '../model/plan.ts'
import type { Ports } from '../model/ports.ts'
import type { Blocker, RunResult } from '../model/run.ts'
import { loadParser } from '../sql/front.ts'
import { approveRun } from './approve.ts'
import { aroundRun, type AroundRun } from './around-run.ts'
import { backupFirst, type FirstBackup, linkBackups } from './backup-first.ts'
import type { BackedUp } from './backup.ts'
import { dryRun, surveyAndPlan, type DryResult, type PlanningRequest } from './plan.ts'
import { refuseUnapproved } from './refuse-unapproved.ts'
import { seenChanges } from './seen-changes.ts'
import { serviceRuns } from './service-run.ts'
import { storedDowns } from './stored-downs.ts'
import type { Survey } from './survey.ts'

/** What a verb that runs something comes back with; it comes back even when it failed. */
export interface RunReport {
  plan: Plan
  /** Undefined for a dry run, and when there was nothing to do. */
  run?: RunResult
  /** For a dry run. */
  dry?: DryResult
  databases: Record<string, string>
  /** Version each service stands at afterwards, as far as this run knows. */
  notes: string[]
  /** Taken before the first step. */
  backups: BackedUp[]
  exit: number
}

/** Between two looks at a tool that is at work. */
const busyPauseMs = 250

/** How often a plan is made again because the state changed between look and lock. */
const attempts = 5

/**
 * Up, down, goto, redo and reset: look, plan, nothing to do → done without a lock or a write; else lock, look again under the lock, plan again,
 * execute, report. Any number may run at once: one works, the others wait for its lock, look again and find nothing to do. Throws what stops a
 * run before it starts; a failing step is in the result.
 */
export async function run(request: PlanningRequest, ports: Ports): Promise<RunReport> {
  if (request.dryRun === true) {
    const dry = await dryRun(request, ports)
    return { plan: dry.plan, dry, databases: dry.databases, notes: dry.plan.notes, backups: [], exit: 0 }
  }
  const options = runOptions(request, ports)
  const around = aroundRun(request, options)
  return around.closing(() => runLocked(request, ports, options, around))
}

async function runLocked(request: PlanningRequest, ports: Ports, options: RunOptions, around: AroundRun): Promise<RunReport> {
  let { found, made } = await surveyPatiently(request, ports, options)
  for (let attempt = 1; ; attempt++) {
    const concerned = concernedServices(found, made, request)
    if (made.steps.length === 0 && concerned.length === 0) return nothing(made)
    refuseReadOnly(found, made)
    // Before a lock is waited for; under it once more, for the plan that will be run.
    await refuseUnapproved(found, made, request.approve)
    await loadParser()
    const open = await openServices(around.hooked(serviceRuns(found, made, concerned)), options)
    try {
      const again = await surveyPatiently(request, ports, options, found.loaded)
      if (!samePeople(made, concerned, again.made, concernedServices(again.found, again.made, request)) && attempt < attempts) {
        // Under the lock other services turned out to be concerned: let go, and begin again with those.
        ;({ found, made } = again)
        continue
      }
      ;({ found, made } = again)
      if (made.steps.length === 0 && concernedServices(found, made, request).length === 0) return nothing(made)
      const now = new Map(serviceRuns(found, made, concerned).map((one) => [one.name, one]))
      for (const service of open) refresh(service, now.get(service.name))
      const working = open.filter((service) => now.has(service.name))
      await refuseUnapproved(found, made, request.approve)
      const stored = await storedDowns(found, made)
      if (options.singleTransaction) await prepareSingle(made, new Map(working.map((one) => [one.name, one])), stored)
      await around.before(found, made)
      const stepped = [...new Set(made.steps.map((step) => step.service))]
      const occasion = { run: options.run, verb: request.verb, digest: made.digest, services: stepped, steps: made.steps }
      const backups = await backupFirst(found, request, occasion, ports)
      await prepareDatabases(
        working,
        made.digest,
        made.steps.length,
        await seenChanges(
          found,
          working.map((one) => one.name),
        ),
        options,
      )
      const sessions = new Map(working.map((one) => [one.name, one.session]))
      await linkBackups(backups, occasion, sessions, ports)
      if (request.approve !== undefined) await approveRun(found, made, sessions, ports)
      const result = await runPlan(made, working, stored, options)
      return {
        plan: made,
        run: result,
        databases: Object.fromEntries(working.map((one) => [one.name, one.spec.label])),
        notes: [...made.notes, ...backups.map(backupNote)],
        backups,
        exit: result.exit,
      }
    } finally {
      await closeServices(open)
    }
  }
}

/**
 * A running migration of a tool without a lock of its own has that tool's table locked: a run that may wait for locks waits for this one too.
 * Each look waits for some seconds by itself (look.ts). One that has a lock and says "dirty" is waited for in the same way (tool-at-work.ts).
 */
async function surveyPatiently(
  request: PlanningRequest,
  ports: Ports,
  options: RunOptions,
  loaded?: Survey['loaded'],
): ReturnType<typeof surveyAndPlan> {
  const started = options.now()
  for (;;) {
    try {
      return await surveyAndPlan(request, ports, loaded)
    } catch (error) {
      if (!(error instanceof SkeinError) || error.code !== 'LOCK-HELD' || options.noWait || options.signal.aborted) throw error
      const ms = options.now() - started
      if (ms > Math.min(options.lockBudgetMs, options.timeoutMs ?? Number.POSITIVE_INFINITY)) throw error
      const blockers = (error.details.data?.['holders'] ?? []) as Blocker[]
      options.emit({
        kind: 'waiting',
        service: error.details.service ?? 'the look',
        what: (error.details.data?.['what'] as string | undefined) ?? 'a migration that has a history table locked',
        blockers,
        ms,
      })
      // A look at a dirty row does not wait by itself.
      await sleep(busyPauseMs, options.signal)
    }
  }
}

/** Takes over what was seen under the lock. */
function refresh(service: Awaited<ReturnType<typeof openServices>>[number], now: ReturnType<typeof serviceRuns>[number] | undefined): void {
  if (now === undefined) return
  const { tableExists, rows, applied, journal } = now
  Object.assign(service, { tableExists, rows, applied, journal, state: new AppliedState({ ...now }) })
}

/** Services without steps that still have something to write: rows that another tool wrote, and the ledger has not seen. Only those that were selected. */
function concernedServices(found: Survey, made: Plan, request: PlanningRequest): string[] {
  if (request.verb !== 'up') return []
  const stepped = new Set(made.steps.map((step) => step.service))
  if (stepped.size === 0) return []
  return [...found.loaded.selected].filter((name) => !stepped.has(name) && hasSeen(found, name)).sort()
}

function hasSeen(found: Survey, name: string): boolean {
  const reconciled = found.reconciled.get(name)
  return reconciled !== undefined && (reconciled.toRecord.length > 0 || reconciled.reverted.length > 0)
}

/** Every service that the new plan needs is open already. */
function samePeople(made: Plan, concerned: readonly string[], again: Plan, concernedAgain: readonly string[]): boolean {
  const open = new Set([...made.steps.map((step) => step.service), ...concerned])
  return [...again.steps.map((step) => step.service), ...concernedAgain].every((name) => open.has(name))
}

export function runOptions(request: PlanningRequest | (Omit<PlanningRequest, 'verb'> & { verb: string }), ports: Ports): RunOptions {
  return {
    run: randomUUID(),
    verb: request.verb,
    program: ports.program,
    osUser: ports.osUser,
    host: ports.host,
    jobs: request.jobs ?? runDefaults.jobs,
    lockBudgetMs: request.lockBudgetMs ?? runDefaults.lockBudgetMs,
    timeStatements: request.timeStatements,
    lockTimeoutMs: request.lockTimeoutMs ?? runDefaults.lockTimeoutMs,
    statementTimeoutMs: request.statementTimeoutMs ?? runDefaults.statementTimeoutMs,
    timeoutMs: request.timeoutMs,
    noWait: request.noWait ?? false,
    keepGoing: request.keepGoing ?? false,
    singleTransaction: request.singleTransaction ?? false,
    hookEnv: ports.env,
    signal: ports.signal,
    emit: ports.emit,
    now: ports.now,
  }
}

function nothing(made: Plan): RunReport {
  return { plan: made, databases: {}, notes: made.notes, backups: [], exit: 0 }
}

function backupNote({ database, file, bytes }: FirstBackup): string {
  return `${database} as it was before is in ${file} (${bytes} bytes)`
}

function refuseReadOnly(found: Survey, made: Plan): void {
  for (const name of new Set(made.steps.map((step) => step.service))) {
    const looked = found.looked.get(name)
    if (looked === undefined || !looked.target.standby) continue
    throw new SkeinError('READ-ONLY', {
      message: `${name}: ${looked.spec.label} is a standby and cannot be written`,
      hint: 'connect to the primary, or list both hosts and add target_session_attrs=read-write',
      service: name,
    })
  }
}
