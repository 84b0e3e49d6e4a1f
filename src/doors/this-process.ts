import { stopOnSignals } from '../util/stop-on-signals.ts'
import type { Surroundings } from './door.ts'

/** This process as a door sees it. To be called once, by the commands only. */
export function thisProcess(): Surroundings {
  const { stdout, stderr, stdin, env } = process
  return { stdout, stderr, stdin, env, cwd: process.cwd(), version: process.env.SKEIN_VERSION ?? '0.0.0', ...stopOnSignals() }
}
