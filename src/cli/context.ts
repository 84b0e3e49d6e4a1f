import type { Ports } from '../model/ports.ts'
import type { Emit } from '../model/run.ts'
import { styleOf, type Style } from '../report/style.ts'
import { whereabouts } from '../util/whereabouts.ts'

/** The terminal and the process, as the faces see them. Made once, in main; tests make their own. */
export interface Context {
  stdout: { write(text: string): unknown; isTTY?: boolean; columns?: number }
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number }
  stdin: NodeJS.ReadStream
  env: NodeJS.ProcessEnv
  cwd: string
  signal: AbortSignal
  /** The signal that came, for the exit code: 130 or 143. */
  signalled(): 'SIGINT' | 'SIGTERM' | undefined
  version: string
  /** What stands behind `--` of `skein run`: a program and its arguments. */
  behind?: readonly string[]
}

/** The outside world for app/, with a listener for what happens. */
export function portsOf(context: Context, emit: Emit): Ports {
  return {
    cwd: context.cwd,
    env: context.env,
    now: () => performance.now(),
    emit,
    signal: context.signal,
    program: `skein/${context.version}`,
    ...whereabouts(),
  }
}

/**
 * Colour only on a terminal, and not where NO_COLOR (https://no-color.org), CI or TERM=dumb says otherwise; FORCE_COLOR brings it to a pipe
 * (https://force-color.org).
 */
export function hasColour(context: Context, stream: { isTTY?: boolean }): boolean {
  const { env } = context
  if ((env['NO_COLOR'] ?? '') !== '') return false
  if ((env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0') return true
  return stream.isTTY === true && env['CI'] === undefined && env['TERM'] !== 'dumb'
}

/** How a report looks on a stream: coloured or not, and as wide as the terminal is. */
export function styleIn(context: Context, stream: Context['stdout']): Style {
  return styleOf(hasColour(context, stream), stream.isTTY === true ? stream.columns || undefined : undefined)
}
