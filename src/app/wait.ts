import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { connect } from '../postgres/connect.ts'
import type { ConnectionSpec } from '../postgres/session.ts'
import { load, type Loaded } from './load.ts'
import { pauseUnlessStopped, worthWaiting } from './patience.ts'
import type { Request } from './request.ts'
import { connectionOf } from './targets.ts'
import { waitForSchema, type WaitedService } from './wait-for-schema.ts'

export interface WaitRequest extends Request {
  waitMs: number
  /** `server` (the default), `schema` (every migration of these files is applied), or SERVICE@VERSION, any number of them. */
  waitFor?: readonly string[]
}

export interface WaitResult {
  databases: { database: string; ms: number }[]
  /** What the schema was waited for; empty when only the servers were. */
  services: WaitedService[]
}

/**
 * Waits until every selected service's server takes connections to its database, and with `waitFor` until its schema is there; or the time is over (then
 * it throws what was said last: a CONNECT code, PENDING, DIRTY…). A refused password or a right that is missing is not waited out: it will not mend
 * itself. A missing database may be, while a container still makes it. Writes nothing, locks nothing. Throws USAGE, SERVICE-UNKNOWN, INTERRUPTED.
 */
export async function wait(request: WaitRequest, ports: Ports): Promise<WaitResult> {
  const started = ports.now()
  const { versions, schema } = wishes(request.waitFor ?? [])
  if (versions.length > 0) refuseServices(request)
  const services = versions.length > 0 && !schema ? versions.map(({ service }) => service) : request.services
  const loaded = await load({ ...request, services }, ports)
  const databases = await waitForServers(loaded, request, ports)
  if (versions.length === 0 && !schema) return { databases, services: [] }
  const left = request.waitMs - (ports.now() - started)
  return { databases, services: await waitForSchema({ request: { ...request, services }, loaded, schema, versions, waitMs: left }, ports) }
}

/** What `--for` says, word by word. Throws USAGE. */
function wishes(words: readonly string[]): { schema: boolean; versions: { service: string; version: string }[] } {
  const versions = words.filter((word) => word !== 'server' && word !== 'schema').map(serviceAt)
  return { schema: words.includes('schema'), versions }
}

function serviceAt(word: string): { service: string; version: string } {
  const at = word.lastIndexOf('@')
  if (at > 0 && at < word.length - 1) return { service: word.slice(0, at), version: word.slice(at + 1) }
  throw new SkeinError('USAGE', {
    message: `--for ${word} is nothing to wait for`,
    hint: 'write --for server, --for schema or --for SERVICE@VERSION',
  })
}

function refuseServices(request: Request): void {
  if (request.services.length === 0) return
  throw new SkeinError('USAGE', {
    message: `--for SERVICE@VERSION names its service itself, and here is ${request.services.join(', ')} besides`,
    hint: 'leave the name out',
  })
}

async function waitForServers(loaded: Loaded, request: WaitRequest, ports: Ports): Promise<WaitResult['databases']> {
  const specs = new Map<string, ConnectionSpec>()
  for (const one of loaded.all) {
    if (!loaded.selected.has(one.service.name)) continue
    const spec = await connectionOf(one.service, loaded.workspace, request, ports)
    specs.set(JSON.stringify([spec.label]), spec)
  }
  return Promise.all([...specs.values()].map((spec) => waitFor(spec, request.waitMs, ports)))
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
      if (!worthWaiting(error, left)) throw error
      ports.emit({ kind: 'waiting', service: spec.label, what: error.message, blockers: [], ms: ports.now() - started })
      await pauseUnlessStopped(ports)
    }
  }
}
