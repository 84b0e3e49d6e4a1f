import type { Emit } from './run.ts'

/** The outside world, passed in: nothing below cli/ and doors/ reads process.env, argv or the clock by itself. */
export interface Ports {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Monotonic milliseconds. */
  now: () => number
  emit: Emit
  /** Aborted by the first SIGINT or SIGTERM. */
  signal: AbortSignal
  /** `skein/0.1.0` */
  program: string
  osUser: string | null
  host: string | null
}
