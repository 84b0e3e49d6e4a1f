import { type Hook, type HookMoment, hookMoments } from '../model/hook.ts'
import type { Plan, PlanRequest, Step } from '../model/plan.ts'
import type { Ports } from '../model/ports.ts'
import { makePlan } from '../plan/make-plan.ts'
import { requestOf, samePlan } from '../plan/same-plan.ts'
import { isAtomicCode } from '../execute/describe-code.ts'
import { inOrder } from '../execute/hooks/run-hooks.ts'
import { describeSql } from '../execute/describe-sql.ts'
import { loadStep } from '../execute/load-step.ts'
import type { PreparedStep } from '../execute/prepare-step.ts'
import { loadParser } from '../sql/front.ts'
import { storedDowns } from './stored-downs.ts'
import type { Looked } from './look.ts'
import { demandNotes } from './demand-notes.ts'
import { refuseDestructive } from './refuse-destructive.ts'
import { refuseEnvironment } from './refuse-environment.ts'
import { refuseModes } from './refuse-modes.ts'
import { refuseBrokenSources, type Loaded } from './load.ts'
import type { RunRequest } from './request.ts'
import { serviceRuns } from './service-run.ts'
import { survey, type Survey } from './survey.ts'
import { toolAtWork } from './tool-at-work.ts'

/** A verb that makes a plan. */
export interface PlanningRequest extends RunRequest {
  verb: PlanRequest['verb']
  count?: number | 'all'
  across?: PlanRequest['across']
  /** Of goto, as a person typed it; null for "before the first". */
  version?: string | null
  ignoreDependants?: boolean
  /** A plan made earlier (`plan --json`), parsed: run exactly this or nothing. */
  given?: unknown
}

export interface PlanResult {
  plan: Plan
  /** Where each service of the plan runs; host:port/database, no password. */
  databases: Record<string, string>
  /** What the workspace runs before and after: in the order in which it would. Empty where nothing is to be done, and without hooks. */
  hooks: PlannedHook[]
}

/** A hook that the run would call; never its command. */
export interface PlannedHook {
  moment: HookMoment
  name: string
  /** Those of the plan that it is for. */
  services: string[]
}

/** A plan with the SQL that would be sent for each step. */
export interface DryResult extends PlanResult {
  sql: { step: string; database: string; how: string; text: string }[]
}

/** What would be done, in which order and why, with each step's facts by the parser. Locks and writes nothing. Throws whatever stops the run itself. */
export async function plan(request: PlanningRequest, ports: Ports): Promise<PlanResult> {
  return planned(await surveyAndPlan(request, ports), request, (result) => result)
}

/** A dry run: the plan and the SQL of every step with its transaction boundaries. Locks and writes nothing. */
export async function dryRun(request: PlanningRequest, ports: Ports): Promise<DryResult> {
  const surveyed = await surveyAndPlan(request, ports)
  return planned(surveyed, request, (result, prepared) => {
    const services = new Map(
      serviceRuns(surveyed.found, surveyed.made).map((one) => [
        one.name,
        { run: one, ledgerId: surveyed.found.looked.get(one.name)?.ledger?.id ?? 0 },
      ]),
    )
    return { ...result, sql: describeSql(prepared, services) }
  })
}

async function planned<Result>(
  { found, made }: { found: Survey; made: Plan },
  request: PlanningRequest,
  finish: (result: PlanResult, prepared: readonly PreparedStep[]) => Result,
): Promise<Result> {
  const prepared = await prepareSteps(found, made)
  const steps = made.steps.map(
    (step, at): Step => ({
      ...step,
      transactional: isAtomic(prepared[at] as PreparedStep, found.looked.get(step.service) as Looked),
      statements: (prepared[at] as PreparedStep).facts.statements.length,
    }),
  )
  const notes = [...made.notes, ...(await demandNotes(found, made))]
  const databases = Object.fromEntries(
    [...new Set(steps.map((step) => step.service))].map((name) => [name, (found.looked.get(name) as Looked).spec.label]),
  )
  const hooks = request.hooks === false ? [] : plannedHooks(found, made)
  return finish({ plan: { ...made, steps, notes }, databases, hooks }, prepared)
}

/** Reads, looks and plans: what `plan` shows and `up` runs. A given plan is made again from its own request and compared; PLAN-CHANGED when it differs. `loaded`: the files as they were read before, when only the databases are looked at again. */
export async function surveyAndPlan(request: PlanningRequest, ports: Ports, loaded?: Loaded): Promise<{ found: Survey; made: Plan }> {
  const back = request.given === undefined ? undefined : requestOf(request.given)
  const asked = back === undefined ? request : { ...request, services: back.services }
  const down = (back?.verb ?? request.verb) !== 'up'
  const found = await survey(asked, ports, { strict: true, downs: down, loaded, remember: !down })
  refuseEnvironment(found)
  refuseBrokenSources(found.loaded)
  const made = await planOrBusy(found, back ?? planRequest(request, found), loaded !== undefined)
  refuseModes(found, made)
  if (request.given !== undefined) samePlan(request.given, made)
  await refuseDestructive(found, made)
  return { found, made }
}

/** Under the lock the tool's keys are ours, and "dirty" means what it says. */
async function planOrBusy(found: Survey, request: PlanRequest, isLocked: boolean): Promise<Plan> {
  try {
    return makePlan(found.fleet, request)
  } catch (error) {
    throw isLocked ? error : await toolAtWork(error, found)
  }
}

function planRequest(request: PlanningRequest, found: Survey): PlanRequest {
  return {
    verb: request.verb,
    services: [...found.loaded.selected].sort(),
    count: request.count,
    across: request.across,
    version: request.version,
    withNeeds: request.withNeeds,
    withDependants: request.withDependants,
    ignoreDependants: request.ignoreDependants,
    allowHollow: request.allowHollow === true ? true : request.allowHollow === undefined ? undefined : [...request.allowHollow],
    allowUnsafeRollback: request.allowUnsafeRollback,
  }
}

/** Every step of a plan with its text and facts, in order; loads the parser. */
export async function prepareSteps(found: Survey, made: Plan): Promise<PreparedStep[]> {
  await loadParser()
  const stored = await storedDowns(found, made)
  const prepared: PreparedStep[] = []
  for (const step of made.steps) {
    const one = found.looked.get(step.service) as Looked
    prepared.push(await loadStep({ name: step.service, migrations: one.loaded.migrations }, step, stored, one.target.serverVersion))
  }
  return prepared
}

function plannedHooks(found: Survey, made: Plan): PlannedHook[] {
  const planned = new Map<Hook, PlannedHook>()
  for (const service of new Set(made.steps.map((step) => step.service)))
    for (const hook of (found.looked.get(service) as Looked).loaded.service.hooks ?? []) {
      const one = planned.get(hook) ?? { moment: hook.moment, name: hook.name, services: [] }
      planned.set(hook, { ...one, services: [...one.services, service] })
    }
  return [...planned]
    .sort(([a], [b]) => hookMoments.indexOf(a.moment) - hookMoments.indexOf(b.moment) || inOrder(a, b))
    .map(([, one]) => one)
}

function isAtomic({ mode, migration, step }: PreparedStep, { loaded }: Looked): boolean {
  const body = step.direction === 'up' ? migration.up : migration.down
  if (body?.kind === 'code') return isAtomicCode(body, loaded.settings?.transaction)
  return mode !== 'split' && mode !== 'controlled'
}
