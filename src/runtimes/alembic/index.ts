import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SkeinError } from '../../model/errors.ts'
import { shippedFile } from '../../util/shipped-file.ts'
import { type ChildEnd, ChildEnded, ChildRefused, startChild } from '../child.ts'
import type { CodeFailure, CodeResult, CodeStep, DraftedRevision, Runtime, RuntimeFacts, RuntimeSpec } from '../runtime.ts'
import { findPython } from './find-python.ts'
import { findSettings } from './service-folder.ts'

/** With its folder alembic-child beside this file in src/, beside the bundle in dist/: scripts/build.mjs copies both. */
const program = new URL('child.py', import.meta.url)

/** How long an env.py that waits for further revisions may take for what it does behind them, in milliseconds. */
const patience = 5000

/** The failure as the child tells it; `module` is the Python module that an import did not find. */
type ChildFailure = CodeFailure & { module?: string }

/**
 * Starts the Python of a service with our child.py, which runs the service's own env.py with its own Alembic. Throws RUNTIME-MISSING when
 * no Python with Alembic is found.
 */
export async function startAlembic(spec: RuntimeSpec): Promise<Runtime> {
  const settings = findSettings(spec)
  const python = await findPython(spec, settings.folder)
  let backendPid: number | undefined
  let killed = false
  let running = 0
  const child = await startChild({
    service: spec.service,
    command: python,
    // Unbuffered: what a revision prints comes when it prints it.
    args: ['-u', shippedFile(program), JSON.stringify(settings)],
    cwd: settings.cwd ?? dirname(settings.folder),
    env: spec.env,
    onOutput: (line, stream) => spec.onOutput(line, stream),
    onEvent(event, params) {
      if (event === 'connected') backendPid = (params as { pid: number }).pid
    },
  })

  return {
    pid: child.pid,
    get backendPid() {
      return backendPid
    },
    async facts() {
      try {
        return tidy(await child.call('facts'))
      } catch (error) {
        throw factsError(spec, error)
      }
    },
    async draft(wanted) {
      try {
        return (await child.call('draft', wanted)) as DraftedRevision
      } catch (error) {
        throw factsError(spec, error)
      }
    },
    async run(step) {
      const started = performance.now()
      running++
      try {
        const result = (await child.call('run', asSent(step))) as CodeResult
        // Its connection is closed, or has nothing to do until the next step tells it again: that number may soon be somebody else's.
        backendPid = undefined
        return result
      } catch (error) {
        const ms = Math.round(performance.now() - started)
        return { ok: false, ms, failure: endFailure(step, killed, error) }
      } finally {
        running--
      }
    },
    async kill() {
      killed = true
      await child.kill()
    },
    async end() {
      // An env.py that waits for further revisions has its end as well; amid one there is nothing to wait for.
      const finished = running === 0 ? child.call('finish').catch(() => undefined) : undefined
      const timer = new AbortController()
      await Promise.race([finished, sleep(patience, undefined, { signal: timer.signal }).catch(() => undefined)])
      timer.abort()
      await child.end()
    },
  }
}

/** What the child needs of a step. The ledger's rows are the parent's: env.py may commit when it likes. */
function asSent({ version, direction, parent, orphanKey, session }: CodeStep): object {
  return { version, direction, parent, orphanKey: String(orphanKey), session }
}

function tidy(result: unknown): RuntimeFacts {
  const { table, schema, ...facts } = result as { [Key in keyof RuntimeFacts]: RuntimeFacts[Key] | null }
  return { ...facts, ...(table == null ? {} : { table }), ...(schema == null ? {} : { schema }) } as RuntimeFacts
}

function factsError({ service }: RuntimeSpec, error: unknown): unknown {
  if (error instanceof ChildEnded) {
    return new SkeinError('RUNTIME-FAILED', {
      message: `${service}: Python ended before it told what revisions there are: ${howItEnded(error.end)}`,
      service,
      data: { stderr: error.end.stderr },
      cause: error,
    })
  }
  if (!(error instanceof ChildRefused)) return error
  const failure = error.error as ChildFailure
  return new SkeinError(failure.module === undefined ? 'RUNTIME-INVALID' : 'RUNTIME-MISSING', {
    message: `${service}: ${failure.message}`,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    service,
    ...(failure.place === undefined ? {} : { place: failure.place }),
    ...(failure.sqlstate === undefined ? {} : { sqlstate: failure.sqlstate }),
    data: { failure },
  })
}

function endFailure(step: CodeStep, killed: boolean, error: unknown): CodeFailure {
  const what = `revision ${step.version} (${step.direction})`
  if (error instanceof ChildRefused) return error.error as CodeFailure
  if (!(error instanceof ChildEnded)) return { stage: 'crash', name: 'Error', message: String(error) }
  if (killed) return { stage: 'cancelled', name: 'Cancelled', message: `${what} was stopped` }
  return {
    stage: 'crash',
    name: 'ChildEnded',
    message: `Python ended while it ran ${what}: ${howItEnded(error.end)}`,
    ...(error.end.stderr === '' ? {} : { stack: error.end.stderr }),
  }
}

function howItEnded(end: ChildEnd): string {
  return end.signal ? `${end.signal}` : `exit code ${end.code}`
}
