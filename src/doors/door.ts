import type { Ports } from '../model/ports.ts'
import { whereabouts } from '../util/whereabouts.ts'

/** The process as a door sees it: streams, environment, folder, signals. What cli/ has of it fits as it is. */
export interface Surroundings {
  stdout: { write(text: string): unknown; isTTY?: boolean }
  stderr: { write(text: string): unknown; isTTY?: boolean }
  stdin: NodeJS.ReadStream
  env: NodeJS.ProcessEnv
  cwd: string
  /** Aborted by the first SIGINT or SIGTERM. */
  signal: AbortSignal
  signalled(): 'SIGINT' | 'SIGTERM' | undefined
  /** Of Skein. */
  version: string
}

/** Runs one command line of another tool, the words behind its name, and returns that tool's exit code; 130 or 143 after a signal. Never throws, never exits. */
export type Door = (words: readonly string[], around: Surroundings) => Promise<number>

/** The outside world for app/. `tool` stands behind our own name in the ledger and in pg_stat_activity: `skein/0.1.0 diesel`. */
export function doorPorts(around: Surroundings, tool: string, emit: Ports['emit'] = () => {}): Ports {
  return {
    cwd: around.cwd,
    env: around.env,
    now: () => performance.now(),
    emit,
    signal: around.signal,
    program: `skein/${around.version} ${tool}`,
    ...whereabouts(),
  }
}

/** What a door exits with once a signal came: 143 for SIGTERM, 130 for SIGINT; without one what the tool would. */
export function exitAfter(around: Surroundings, exit: number): number {
  const signal = around.signalled()
  if (signal === undefined) return exit
  return signal === 'SIGTERM' ? 143 : 130
}
