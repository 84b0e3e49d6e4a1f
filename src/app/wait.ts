import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { connect } from '../postgres/connect.ts'
import type { ConnectionSpec } from '../postgres/session.ts'
import { load } from './load.ts'
import type { Request } from './request.ts'
import { connectionOf } from './targets.ts'

export interface WaitResult {
  databases: { database: string; ms: number }[]
}

/** Pause between tries; a server in recovery answers as soon as it is ready. */
const pauseMs = 500

/**
 * Waits until every selected service's server takes connections to its database, or the time is over (then it throws what connecting said last). A
 * refused password or a right that is missing is not waited out: it will not mend itself. A missing database may be, while a container still makes it.
 */
export async function wait(request: Request & { waitMs: number }, ports: Ports): Promise<WaitResult> {
  const loaded = await load(request, ports)
  const specs = new Map<string, ConnectionSpec>()
  for (const one of loaded.all) {
    if (!loaded.selected.has(one.service.name)) continue
    const spec = await connectionOf(one.service, loaded.workspace, request, ports)
    specs.set(JSON.stringify([spec.label]), spec)
  }
  const databases = await Promise.all([...specs.values()].map((spec) => waitFor(spec, request.waitMs, ports)))
  return { databases }
}

async function waitFor(spec: ConnectionSpec, waitMs: number, ports: Ports): Promise<{ database: string; ms: number }> {
  const started = ports.now()
  for (;;) {
    const left = waitMs - (ports.now() - started)
    try {
      const session = await connect(
        { ...spec, applicationName: `${ports.program} wait`, connectTimeoutMs: Math.max(1_000, Math.min(spec.connectTimeoutMs, left)) },
        { signal: ports.signal },
      )
      await session.end()
      return { database: spec.label, ms: ports.now() - started }
    } catch (error) {
      if (!(error instanceof SkeinError) || error.code === 'AUTH-FAILED' || error.exit !== 3 || left <= pauseMs) throw error
      ports.emit({ kind: 'waiting', service: spec.label, what: error.message, blockers: [], ms: ports.now() - started })
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}
