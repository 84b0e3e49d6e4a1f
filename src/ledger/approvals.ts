import { ident, literal } from '../postgres/quote.ts'
import { appendAudit } from './audit.ts'

/** A step that was approved: what would run, not where it stands in which plan. */
export interface ApprovedStep {
  /** Key of the history. */
  history: string
  version: string
  direction: 'up' | 'down'
  /** SHA-256 of the text. */
  hash: string | null
}

export interface Approval {
  /** Of the plan that was approved. */
  digest: string
  steps: readonly ApprovedStep[]
  because?: string
  osUser: string | null
  host: string | null
}

/** SQL, ending in `;`, for an open transaction: an approval, and its entry in the audit chain, which says what its steps are. Locks as {@link appendAudit}. */
export function recordApproval(schema: string, approval: Approval): string {
  const { digest, because } = approval
  const row = `insert into ${ident(schema)}.approval (digest, because) values (${literal(digest)}, ${literal(because ?? null)});`
  return `${row}\n${appendAudit(schema, 'approve', approval)}`
}

/**
 * The steps that are approved and have not been run since, one row each: an approval is good for one time, in whatever plan the step stands, so that a run that
 * failed half-way can be taken up again. Lock: ACCESS SHARE.
 */
export function selectApproved(schema: string): string {
  const s = ident(schema)
  return `select distinct s ->> 'history' as history, s ->> 'version' as version, s ->> 'direction' as direction, s ->> 'hash' as hash
from ${s}.approval a join ${s}.audit d on d.what = 'approve' and d.details ->> 'digest' = a.digest
  cross join lateral jsonb_array_elements(d.details -> 'steps') s
where not exists (select from ${s}.applied p join ${s}.history h on h.id = p.history
  where h.key = s ->> 'history' and p.version = s ->> 'version'
    and (case s ->> 'direction' when 'up' then p.applied_at else p.undone_at end) > a.at)`
}
