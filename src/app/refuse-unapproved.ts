import { type ApprovedStep, selectApproved } from '../ledger/approvals.ts'
import { SkeinError } from '../model/errors.ts'
import type { Risk } from '../model/migration.ts'
import type { Plan, Step } from '../model/plan.ts'
import { connect } from '../postgres/connect.ts'
import { isServerError } from '../postgres/server-error.ts'
import { approveCommand } from './approve-command.ts'
import type { Looked } from './look.ts'
import { reaches, risksOf } from './step-risk.ts'
import type { Survey } from './survey.ts'

/** Fewer letters of a digest than this are a slip, not a name. */
const shortest = 12

/**
 * Refuses a plan with steps that the environment in force wants approved and nobody approved. `given` is the digest that somebody approves together with the
 * run; else the ledger of each step's database is asked. Costs nothing where nothing is to be approved. Throws APPROVAL-MISSING with the command that approves.
 */
export async function refuseUnapproved(found: Survey, made: Plan, given: string | undefined): Promise<void> {
  if (given !== undefined) {
    if (made.steps.length > 0) checkDigest(made, given)
    return
  }
  const missing = await unapproved(found, made)
  const [first] = missing
  if (first === undefined) return
  const demand = demandOf(found, first)
  const { environment } = found.loaded.workspace
  const lines = missing.map((one) => `  ${one.id} ${one.name} (${one.risk} risk)`)
  throw new SkeinError('APPROVAL-MISSING', {
    message: `${environment} wants an approval from ${demand?.from} risk on (${demand?.key}):\n${lines.join('\n')}`,
    hint: `look with skein plan; then: ${approveCommand(found, made)}, or add --approve ${made.digest.slice(0, shortest)} to this command; nothing was run`,
    service: first.service,
    place: demand?.place,
    data: { digest: made.digest, environment, steps: missing.map(({ id, risk }) => ({ step: id, risk })) },
  })
}

/** Refuses what destroys data without a plan that could be approved, where the environment in force wants approvals. Throws APPROVAL-MISSING. */
export function refuseUnplanned(found: Survey, verb: string): void {
  if (verb !== 'drop' && verb !== 'clean') return
  for (const name of found.loaded.selected) {
    const demand = found.looked.get(name)?.loaded.service.demands?.approve
    if (demand === undefined) continue
    throw new SkeinError('APPROVAL-MISSING', {
      message: `${name}: ${found.loaded.workspace.environment} wants approvals (${demand.key}), and ${verb} has no plan that could be approved`,
      hint: 'go back with skein down or reset, which have one, or take the key out, once it is meant; nothing was run',
      service: name,
      place: demand.place,
    })
  }
}

/** That a digest, or its first letters, is this plan's. Throws APPROVAL-MISSING, USAGE. */
export function checkDigest(made: Plan, given: string): void {
  if (given.length < shortest)
    throw new SkeinError('USAGE', { message: `${given} is too short for a digest`, hint: `at least ${shortest} letters of it` })
  if (made.digest.startsWith(given.toLowerCase())) return
  throw new SkeinError('APPROVAL-MISSING', {
    message: `${given} is approved, and the plan is ${made.digest}: the files, the request or the database changed since`,
    hint: 'look at what it is now: skein plan; nothing was run',
    data: { digest: made.digest, given },
  })
}

/** The steps of a plan that the environment in force wants approved, with their risks. */
export async function toBeApproved(found: Survey, made: Plan): Promise<(Step & { risk: Risk })[]> {
  const candidates = made.steps.filter((step) => demandOf(found, step) !== undefined)
  if (candidates.length === 0) return []
  const risks = await risksOf(found, candidates)
  return candidates
    .map((step) => ({ ...step, risk: risks.get(step.id) ?? 'high' }))
    .filter((step) => reaches(step.risk, demandOf(found, step)?.from ?? 'low'))
}

/** Those of {@link toBeApproved} that nobody approved yet, by the ledger of each step's database. */
export async function unapproved(found: Survey, made: Plan): Promise<(Step & { risk: Risk })[]> {
  const asked = await toBeApproved(found, made)
  const missing: typeof asked = []
  for (const group of groupsOf(found, asked).values()) {
    const known = await approvedIn(found.looked.get((group[0] as Step).service) as Looked)
    missing.push(...group.filter((one) => !known.has(identity(approvable(one)))))
  }
  return missing
}

/** What of a step is approved. */
export function approvable({ history, version, direction, hash }: Step): ApprovedStep {
  return { history, version, direction, hash }
}

/** Steps by the ledger that knows of them. */
export function groupsOf<One extends Step>(found: Survey, steps: readonly One[]): Map<string, One[]> {
  const groups = new Map<string, One[]>()
  for (const step of steps) {
    const { target, loaded } = found.looked.get(step.service) as Looked
    const place = `${target.id} ${loaded.service.ledgerSchema}`
    groups.set(place, [...(groups.get(place) ?? []), step])
  }
  return groups
}

async function approvedIn(one: Looked): Promise<Set<string>> {
  if (one.meta === undefined) return new Set()
  const session = await connect(one.spec, { readOnly: true })
  try {
    const rows = await session.query<ApprovedStep & Record<string, unknown>>(selectApproved(one.loaded.service.ledgerSchema))
    return new Set(rows.map(identity))
  } catch (error) {
    // A ledger that this role may not read has no approval for it.
    if (isServerError(error) && error.code === '42501') return new Set()
    throw error
  } finally {
    await session.end()
  }
}

function identity({ history, version, direction, hash }: ApprovedStep): string {
  return JSON.stringify([history, version, direction, hash])
}

function demandOf(found: Survey, step: Step) {
  return found.looked.get(step.service)?.loaded.service.demands?.approve
}
