import { selectLastSuccess } from '../ledger/last-success.ts'
import type { ErrorCode, SkeinError } from '../model/errors.ts'
import { errorCodes } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import type { Reconciled } from '../plan/reconciled.ts'
import { connect } from '../postgres/connect.ts'
import { lacking, type Lack } from './lacking.ts'
import type { Loaded } from './load.ts'
import type { Looked } from './look.ts'
import type { Request } from './request.ts'
import { lockHolders } from './status.ts'
import { survey } from './survey.ts'

export interface ServiceHealth {
  service: string
  tool: string
  ready: boolean
  /** Why it is not ready; null when it is. */
  why: Lack | null
  reachable: boolean
  applied: number
  pending: number
  /** Migrations that broke off: dirty ones and half-done ones; 1 when nothing of it is left, but the last run failed. */
  failed: number
  /** Versions in the database without a file here. */
  ahead: number
  /** Somebody runs migrations of it now. */
  lockHeld: boolean
  /** The last run that ended well, as far as the ledger tells: its end (ISO 8601, UTC) and how long it took. */
  lastSuccess: { at: string; seconds: number } | null
}

export interface Health {
  ready: boolean
  services: ServiceHealth[]
  /** 0 ready · 3 unreachable · 7 broken · 9 pending */
  exit: number
}

/**
 * Whether programs of this checkout can work: ready when every selected database answers and has every migration of these files, whole. One that is ahead
 * is ready (an older program during a rolling release), and so is one whose lock is held: an `up` with nothing to do takes it too. Applied files are not
 * compared with the ledger (that is `verify`). Writes nothing, takes no lock. `loaded`: files that were read before. Throws what the workspace deserves.
 */
export async function health(request: Request, ports: Ports, loaded?: Loaded): Promise<Health> {
  const found = await survey(request, ports, { only: 'selected', downs: false, content: false, loaded })
  const looked = [...found.looked.values()]
  const [locks, successes] = await Promise.all([lockHolders(looked), lastSuccesses(looked)])
  const services = found.loaded.all
    .filter(({ service }) => found.loaded.selected.has(service.name))
    .map(({ service: { name, tool } }): ServiceHealth => {
      const one = found.reconciled.get(name)
      const down = found.unreachable.find((each) => each.loaded.service.name === name)
      if (one === undefined) return unreachable(name, tool, down?.error)
      const why = lacking(one)
      return {
        service: name,
        tool,
        ready: why === null,
        why,
        reachable: true,
        applied: one.counts.applied,
        pending: one.counts.pending,
        failed: failures(one, found.looked.get(name)),
        ahead: one.counts.ahead + one.counts.missing,
        lockHeld: (locks.get(name) ?? []).length > 0,
        lastSuccess: successes.get(name) ?? null,
      }
    })
  const exits = services.flatMap(({ why }) => (why === null ? [] : [errorCodes[why.code].exit]))
  return { ready: exits.length === 0, services, exit: [3, 4, 7, 9].find((exit) => exits.includes(exit as 3)) ?? exits[0] ?? 0 }
}

function failures({ counts }: Reconciled, looked: Looked | undefined): number {
  const broken = counts.dirty + counts.partial
  return broken > 0 || looked?.ledger?.lastRun?.outcome !== 'failed' ? broken : 1
}

function unreachable(service: string, tool: string, error: SkeinError | undefined): ServiceHealth {
  const code: ErrorCode = error?.code ?? 'CONNECT-FAILED'
  const why = { code, message: error?.message ?? `${service} could not be asked`, hint: error?.details.hint ?? 'skein status' }
  const nothing = { applied: 0, pending: 0, failed: 0, ahead: 0, lockHeld: false, lastSuccess: null }
  return { service, tool, ready: false, why, reachable: false, ...nothing }
}

/** By service; one connection for each ledger. One that may not be read, or went away meanwhile, tells nothing. */
async function lastSuccesses(looked: readonly Looked[]): Promise<Map<string, { at: string; seconds: number }>> {
  const places = new Map<string, Looked[]>()
  for (const one of looked) {
    if (one.meta === undefined) continue
    const place = `${one.target.id} ${one.loaded.service.ledgerSchema}`
    places.set(place, [...(places.get(place) ?? []), one])
  }
  const found = new Map<string, { at: string; seconds: number }>()
  await Promise.all(
    [...places.values()].map(async (group) => {
      const [first] = group as [Looked]
      const session = await connect(first.spec, { readOnly: true }).catch(() => undefined)
      if (session === undefined) return
      const names = group.map((one) => one.loaded.service.name)
      try {
        const rows = await session.query<{ service: string; ended: string; seconds: number | string }>(
          selectLastSuccess(first.loaded.service.ledgerSchema),
          [names],
        )
        for (const { service, ended, seconds } of rows) found.set(service, { at: ended, seconds: Number(seconds) })
      } catch {
        // What the ledger does not tell is left out; readiness does not stand on it.
      } finally {
        await session.end()
      }
    }),
  )
  return found
}
