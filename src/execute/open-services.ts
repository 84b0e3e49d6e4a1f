import { SkeinError } from '../model/errors.ts'
import { acquire, ownLockKey } from '../postgres/advisory.ts'
import { describeBlocker } from '../postgres/blocker-rows.ts'
import { connect } from '../postgres/connect.ts'
import type { Session } from '../postgres/session.ts'
import { firstLockTimeoutMs } from './lock-schedule.ts'
import { endChild } from './code-child.ts'
import type { RunOptions } from './options.ts'
import { AppliedState, type OpenService, type ServiceRun } from './service-run.ts'
import { sessionSettings } from './session-settings.ts'

/**
 * Opens one session for each service and takes its locks on it: our own key by the history's id, exclusively; the tool's keys; the keys of
 * needed services outside the plan, shared. In the order (system, database, key), so that two runners cannot wait for each other, and only ever by
 * pg_try_advisory_lock and polling. A waiting runner has one connection open per lock it already has. All are let go when one is not to be had.
 * Throws LOCK-HELD (exit 6) naming the holder, and what connecting throws.
 */
export async function openServices(services: readonly ServiceRun[], options: RunOptions): Promise<OpenService[]> {
  const ordered = [...services].sort((a, b) => (a.target === b.target ? compareText(a.key, b.key) : compareText(a.target, b.target)))
  const open: OpenService[] = []
  try {
    for (const service of ordered) {
      // golang-migrate's older keys are one for all tables of a database: a session of ours that holds such a key holds it for its neighbours too.
      const ours = new Set(open.filter((one) => one.target === service.target).flatMap((one) => one.toolKeys))
      open.push(await openService({ ...service, toolKeys: service.toolKeys.filter((key) => !ours.has(key)) }, options))
    }
    for (const service of open) service.neighbours = open.filter((one) => one !== service && one.target === service.target)
    return open
  } catch (error) {
    await closeServices(open)
    throw error
  }
}

/** Ends the child processes and then the sessions; the server releases their locks. Never throws. */
export async function closeServices(open: readonly OpenService[]): Promise<void> {
  await Promise.all(open.map((service) => endChild(service)))
  await Promise.all(open.map((service) => service.session.end().catch(() => undefined)))
}

/** Opens and locks one service: also how a lost session is replaced. */
export async function openService(service: ServiceRun, options: RunOptions): Promise<OpenService> {
  const session = await connect({
    ...service.spec,
    applicationName: `${options.program} ${service.name}`,
    searchPath: service.schema ?? service.spec.searchPath,
  })
  try {
    await session.simple(sessionSettings(session.version, options, Math.min(firstLockTimeoutMs, options.lockTimeoutMs)))
    const ownKey = ownLockKey(service.key)
    await lock(session, service, [ownKey], options, 'another run of Skein')
    await lock(session, service, service.toolKeys, options, `${service.tool}, which holds its own lock`)
    await lock(session, service, service.sharedKeys.map(ownLockKey), options, 'a run on a service that this one needs', true)
    return { ...service, session, ownKey, ledgerId: 0, state: new AppliedState(service), neighbours: [] }
  } catch (error) {
    await session.end().catch(() => undefined)
    throw error
  }
}

async function lock(
  session: Session,
  service: ServiceRun,
  keys: readonly bigint[],
  options: RunOptions,
  who: string,
  shared = false,
): Promise<void> {
  if (keys.length === 0) return
  const started = options.now()
  let waited = false
  await acquire(session, keys, {
    shared,
    deadlineMs: options.noWait ? 0 : Math.min(options.lockBudgetMs, options.timeoutMs ?? Number.POSITIVE_INFINITY),
    signal: options.signal,
    onWait: (blockers) => {
      waited = true
      options.emit({ kind: 'waiting', service: service.name, what: who, blockers, ms: options.now() - started })
    },
  }).catch((error: unknown) => {
    throw held(error, service, who)
  })
  if (waited) options.emit({ kind: 'lock-obtained', service: service.name, ms: options.now() - started })
}

function held(error: unknown, service: ServiceRun, who: string): unknown {
  if (!(error instanceof SkeinError) || error.code !== 'LOCK-HELD') return error
  const blockers = (error.details.data?.['holders'] ?? []) as Parameters<typeof describeBlocker>[0][]
  return new SkeinError('LOCK-HELD', {
    ...error.details,
    message: `${service.name} is locked by ${who}${blockers.length === 0 ? '' : `: ${blockers.map(describeBlocker).join('; ')}`}`,
    hint: `wait for it, or see it with: skein locks ${service.name}`,
    service: service.name,
  })
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
