import type { Hook, HookMoment } from '../../model/hook.ts'
import type { Failure } from '../../model/run.ts'
import { redact } from '../../postgres/redact.ts'
import type { RunOptions } from '../options.ts'
import { type CommandEnd, runCommand } from './run-command.ts'
import { type HookDatabase, runSql } from './run-sql.ts'
import { type Told, variablesOf } from './told.ts'

/** Hooks of one moment with what they are told. */
export interface HookCall {
  /** Of any moment; those of another one are left out. */
  hooks: readonly Hook[]
  moment: HookMoment
  told: Told
  /** Where SQL runs: in each of them. */
  databases: readonly HookDatabase[]
}

type World = Pick<RunOptions, 'signal' | 'emit' | 'now' | 'program' | 'hookEnv'>

/** After an interrupt, hooks that run after something get no more than this, in milliseconds: a container is killed soon. */
const hurriedMs = 5_000

/** Timers of Node that are to wait longer do not wait at all, in milliseconds: some 25 days. */
const longestTimer = 2 ** 31 - 1

/** Runs the hooks before something, one by one, outermost first. The first that fails is the failure: HOOK-FAILED, or INTERRUPTED. Throws nothing. */
export async function runBefore(call: HookCall, world: World): Promise<Failure | undefined> {
  for (const hook of call.hooks.filter((one) => one.moment === call.moment)) {
    const end = await runHook(hook, call, world, world.signal, hook.timeoutMs)
    if (end === undefined) continue
    if (world.signal.aborted)
      return {
        code: 'INTERRUPTED',
        message: `stopped while the ${hook.moment} hook ${hook.name} ran`,
        hint: 'run the same command again to go on',
        place: hook.place,
      }
    return failureOf(hook, end, 'correct it and run the same command again, or go without: --no-hooks')
  }
  return undefined
}

/**
 * Runs the hooks after something, one by one, innermost first, those that want to hear of such an end. One that fails is told as a warning and stops none;
 * the first one that is `required` is the failure (HOOK-FAILED). Throws nothing.
 */
export async function runAfter(call: HookCall, world: World): Promise<Failure | undefined> {
  const end = call.told.status === 'success' ? 'success' : 'failure'
  const hooks = call.hooks.filter((one) => one.moment === call.moment && one.on.includes(end)).sort(inOrder)
  let failure: Failure | undefined
  for (const hook of hooks) {
    const hurried = world.signal.aborted
    const signal = hurried ? new AbortController().signal : world.signal
    const went = await runHook(hook, call, world, signal, hurried ? Math.min(hook.timeoutMs, hurriedMs) : hook.timeoutMs)
    if (went === undefined) continue
    const failed = failureOf(hook, went, 'correct the hook; what it came after stays as it is')
    if (hook.required && failure === undefined) failure = failed
    else
      world.emit({ kind: 'warning', ...(call.told.service === undefined ? {} : { service: call.told.service }), message: failed.message })
  }
  return failure
}

/** Of two hooks of one moment: what comes before runs outermost first, what comes after innermost first. For sort. */
export function inOrder(a: Hook, b: Hook): number {
  return a.moment.startsWith('before') ? a.depth - b.depth : b.depth - a.depth
}

async function runHook(hook: Hook, call: HookCall, world: World, outer: AbortSignal, timeoutMs: number): Promise<CommandEnd> {
  const { told, databases } = call
  const about = { moment: hook.moment, name: hook.name, ...(told.service === undefined ? {} : { service: told.service }) }
  const started = world.now()
  world.emit({ kind: 'hook', ...about, state: 'started', ms: 0 })
  const end = await limited(outer, timeoutMs, async (signal) => {
    const variables = variablesOf(hook, told)
    if (hook.run !== undefined) {
      const passwords = databases.flatMap(({ spec }) => [spec.password ?? '', ...spec.hosts.map((host) => host.password ?? '')])
      const secrets = passwords.flatMap((password) => [password, encodeURIComponent(password)])
      const onLine = (line: string) => world.emit({ kind: 'hook-output', ...about, line: redact(line, secrets) })
      const went = await runCommand({ run: hook.run, cwd: hook.folder, env: { ...world.hookEnv, ...variables }, signal, onLine })
      return went === undefined ? undefined : { ...went, why: redact(went.why, secrets) }
    }
    for (const database of databases) {
      const applicationName = `${world.program} hook`
      const went = await runSql({ sql: hook.sql as NonNullable<Hook['sql']>, database, applicationName, variables, signal })
      if (went !== undefined) return { ...went, why: `${went.why}, in ${database.spec.label}` }
    }
    return undefined
  })
  world.emit({ kind: 'hook', ...about, state: end === undefined ? 'done' : 'failed', ms: world.now() - started })
  return end
}

/** Gives the work a signal that is aborted with the outer one, or when the time is over; the words say which. */
async function limited(outer: AbortSignal, timeoutMs: number, work: (signal: AbortSignal) => Promise<CommandEnd>): Promise<CommandEnd> {
  const inner = new AbortController()
  const abort = () => inner.abort()
  let late = false
  const timer = setTimeout(
    () => {
      late = true
      inner.abort()
    },
    Math.min(timeoutMs, longestTimer),
  )
  outer.addEventListener('abort', abort, { once: true })
  if (outer.aborted) inner.abort()
  try {
    const end = await work(inner.signal)
    return end?.stopped === true && late ? { ...end, why: `it took longer than ${timeoutMs / 1_000} s and was stopped` } : end
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', abort)
  }
}

function failureOf({ moment, name, place }: Hook, { why }: NonNullable<CommandEnd>, hint: string): Failure {
  return { code: 'HOOK-FAILED', message: `the ${moment} hook ${name} failed: ${why}`, hint, place }
}
