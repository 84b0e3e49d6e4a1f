import type { Ports } from '../model/ports.ts'
import type { Emit } from '../model/run.ts'
import { patient } from '../util/stop-on-signals.ts'
import { whereabouts } from '../util/whereabouts.ts'

/** What a program may say of the world around; everything has the default of a process. */
export interface Outside {
  /** Folder that the workspace is looked for in, and relative paths start from. Default: the process's. */
  cwd?: string
  /** Environment variables, of which the connection is one source. Default: the process's. */
  env?: NodeJS.ProcessEnv
  /** Aborting it is what Ctrl-C is on the command line: the running step is cancelled, nothing new starts. */
  signal?: AbortSignal
  /** Hears everything that happens, in order: steps, waiting, warnings. Default: nobody. Must not throw. */
  onEvent?: Emit
}

/** The ports of the use-cases, as a library call has them. Prints nothing and installs no signal handler. */
export function outside({ cwd, env, signal, onEvent }: Outside): Ports {
  return {
    cwd: cwd ?? process.cwd(),
    env: env ?? process.env,
    now: () => performance.now(),
    emit: onEvent ?? (() => {}),
    // One of our own behind the caller's, which is left as it is.
    signal: patient(signal === undefined ? new AbortController().signal : AbortSignal.any([signal])),
    program: `skein/${process.env['SKEIN_VERSION'] ?? '0.0.0'}`,
    ...whereabouts(),
  }
}
