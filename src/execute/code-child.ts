import { SkeinError } from '../model/errors.ts'
import { acquire, ownLockKey, release } from '../postgres/advisory.ts'
import { connectionEnvironment } from '../postgres/connection-environment.ts'
import { redact } from '../postgres/redact.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import { keyPatience } from './lend-keys.ts'
import type { RunOptions } from './options.ts'
import type { OpenService } from './service-run.ts'

/** How long a child that lost its parent may go on before the next run gives up, in milliseconds. */
const orphanPatienceMs = 10_000

/**
 * The child process of a service whose migrations are code: started for its first step, kept for the others of the run. Before it is started, the
 * key that a child of an earlier run would hold is taken and given back: one that outlived its runner is found here, and not by two of them
 * writing one table. Throws RUNTIME-MISSING, RUNTIME-INVALID, LOCK-HELD (an orphan is still at work).
 */
export async function codeChild(service: OpenService, options: RunOptions): Promise<Runtime> {
  if (service.child !== undefined) return service.child
  const { session, code } = service
  if (code === undefined) throw new Error(`${service.name} has no runtime`)
  await refuseOrphan(service, options)
  const { variable, ...known } = code.options
  const connection = connectionEnvironment(service.spec, session.reached)
  const env = { ...code.env, ...connection, ...(variable === undefined ? {} : { [variable]: connection['DATABASE_URL'] }) }
  const secrets = [connection['PGPASSWORD'], encodeURIComponent(connection['PGPASSWORD'] ?? '')].filter((each) => each !== undefined)
  const { startRuntime } = await import('../runtimes/index.ts')
  service.child = await startRuntime(service.tool, {
    ...code,
    options: known,
    env,
    onOutput: (line, stream) => options.emit({ kind: 'output', service: service.name, line: redact(line, secrets), stream }),
  })
  return service.child
}

/** The key that a child holds shared, and a new run must get exclusively. */
export function orphanKey(service: Pick<OpenService, 'key'>): bigint {
  return ownLockKey(`${service.key} child`)
}

async function refuseOrphan(service: OpenService, options: RunOptions): Promise<void> {
  const keys = [orphanKey(service)]
  const patience = keyPatience({ ...options, lockBudgetMs: options.noWait ? 0 : Math.min(options.lockBudgetMs, orphanPatienceMs) })
  await acquire(service.session, keys, patience).catch((error: unknown) => {
    if (!(error instanceof SkeinError) || error.code !== 'LOCK-HELD') throw error
    throw new SkeinError('LOCK-HELD', {
      ...error.details,
      message: `${service.name}: a child process of an earlier run is still at work, though its runner is gone`,
      hint: `see it with: skein locks ${service.name}; end its session, then run the same command again`,
      service: service.name,
    })
  })
  await release(service.session, keys)
}

/** Lets the child go: by itself, or at once where it does not answer. Never throws. */
export async function endChild(service: OpenService, { kill = false } = {}): Promise<void> {
  const { child } = service
  service.child = undefined
  await (kill ? child?.kill() : child?.end())?.catch(() => undefined)
}
