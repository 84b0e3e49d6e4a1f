import { type Approval, recordApproval } from '../ledger/approvals.ts'
import { checkLedger, ensureLedger } from '../ledger/ensure.ts'
import type { Plan, Step } from '../model/plan.ts'
import type { Ports } from '../model/ports.ts'
import { connect } from '../postgres/connect.ts'
import { asRefusal } from '../postgres/server-error.ts'
import type { Session } from '../postgres/session.ts'
import type { Looked } from './look.ts'
import { type PlanningRequest, surveyAndPlan } from './plan.ts'
import { approvable, checkDigest, groupsOf, toBeApproved } from './refuse-unapproved.ts'
import type { Survey } from './survey.ts'

/** Which plan, of which workspace. */
export interface ApproveRequest extends Omit<PlanningRequest, 'verb'> {
  /** Of the plan that was looked at; its first letters will do. */
  digest: string
  because?: string
}

/** What was approved. */
export interface ApproveReport {
  digest: string
  databases: string[]
  /** `asked`: the environment wants an approval of it. */
  steps: { step: string; name: string; risk: string | null; asked: boolean }[]
}

/**
 * Makes the plan of `up` again (or the given one), and writes into the ledger of each of its databases that somebody approved exactly that. Makes a ledger where there is
 * none; runs nothing. Throws APPROVAL-MISSING where the plan is another one by now, LEDGER-DENIED, and what planning throws.
 */
export async function approve(request: ApproveRequest, ports: Ports): Promise<ApproveReport> {
  const { found, made } = await surveyAndPlan({ ...request, verb: 'up' }, ports)
  checkDigest(made, request.digest)
  const asked = new Map((await toBeApproved(found, made)).map((one) => [one.id, one.risk]))
  const databases: string[] = []
  for (const group of groupsOf(found, made.steps).values()) {
    const one = found.looked.get((group[0] as Step).service) as Looked
    const { ledgerSchema: schema, environment } = one.loaded.service
    const session = await connect(one.spec, { signal: ports.signal })
    try {
      await checkLedger(session, schema)
      await ensureLedger(session, { schema, systemIdentifier: one.target.systemIdentifier, environment })
      await writeApproval(session, schema, approvalOf(made, group, request.because, ports))
    } catch (error) {
      throw asRefusal(error, 'the approval could not be written')
    } finally {
      await session.end()
    }
    databases.push(one.spec.label)
  }
  return {
    digest: made.digest,
    databases,
    steps: made.steps.map(({ id, name }) => ({ step: id, name, risk: asked.get(id) ?? null, asked: asked.has(id) })),
  }
}

/** One approval in one ledger, in a transaction of its own, committed synchronously. */
export async function writeApproval(session: Session, schema: string, approval: Approval): Promise<void> {
  await session.simple(`begin;set local synchronous_commit = on;${recordApproval(schema, approval)}commit`)
}

/** The approval of some steps of a plan, by whoever sits here. */
export function approvalOf(
  made: Plan,
  steps: readonly Step[],
  because: string | undefined,
  { osUser, host }: Pick<Ports, 'osUser' | 'host'>,
): Approval {
  return { digest: made.digest, steps: steps.map(approvable), because, osUser, host }
}

/** The same for a run that is approved together with its command; `sessions` by the service's name. */
export async function approveRun(found: Survey, made: Plan, sessions: ReadonlyMap<string, Session>, ports: Ports): Promise<void> {
  for (const group of groupsOf(found, made.steps).values()) {
    const { service } = group[0] as Step
    const { ledgerSchema } = (found.looked.get(service) as Looked).loaded.service
    await writeApproval(sessions.get(service) as Session, ledgerSchema, approvalOf(made, group, undefined, ports))
  }
}
