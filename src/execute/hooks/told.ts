import type { Hook, HookStatus } from '../../model/hook.ts'
import type { Step } from '../../model/plan.ts'
import type { Failure } from '../../model/run.ts'

/** What is known of a run, a service or a step when a hook runs; what does not apply is left out. */
export interface Told {
  run: string
  verb: string
  digest: string
  environment?: string
  /** Names of all services of the run. */
  services: readonly string[]
  service?: string
  tool?: string
  /** `host:port/database as user` */
  database?: string
  step?: Step
  /** Steps of what the hook is about, as planned, and how many of them are done. */
  steps: readonly Step[]
  done?: number
  status?: HookStatus
  error?: Failure
  /** Milliseconds since the beginning of what it is about. */
  ms?: number
}

/** A message may hold whatever a RAISE says, and no variable may have more than 128 KiB on Linux (MAX_ARG_STRLEN); in characters of at most 4 bytes. */
const longestMessage = 16_384

/**
 * The variables by which a hook is told what happens (docs/guides/hooks.md). One that does not apply is undefined, so that a hook inside a hook does not
 * hear of the outer one. No secrets are in them.
 */
export function variablesOf(hook: Hook, told: Told): Record<`SKEIN_${string}`, string | undefined> {
  const { step, steps, error } = told
  const directions = new Set(steps.map((one) => one.direction))
  return {
    SKEIN_HOOK: hook.moment,
    SKEIN_RUN: told.run,
    SKEIN_VERB: told.verb,
    SKEIN_PLAN_DIGEST: told.digest,
    SKEIN_ENV: told.environment,
    SKEIN_SERVICES: told.services.join(' '),
    SKEIN_SERVICE: told.service,
    SKEIN_TOOL: told.tool,
    SKEIN_DATABASE: told.database,
    SKEIN_STEP: step?.id,
    SKEIN_VERSION: step?.version,
    SKEIN_NAME: step?.name,
    SKEIN_DIRECTION: directions.size === 1 ? [...directions][0] : 'both',
    SKEIN_STEPS: String(steps.length),
    SKEIN_DONE: told.done === undefined ? undefined : String(told.done),
    SKEIN_STATUS: told.status,
    SKEIN_ERROR_CODE: error?.code,
    SKEIN_ERROR: error?.message.slice(0, longestMessage),
    SKEIN_DURATION_MS: told.ms === undefined ? undefined : String(Math.round(told.ms)),
  }
}
