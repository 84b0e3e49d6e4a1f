import { setMaxListeners } from 'node:events'

/**
 * Makes SIGINT and SIGTERM abort a signal: the first one asks for a clean stop, the second one is meant and ends the process with 130 or 143.
 * `signalled` tells which came first. To be called once in a process, by the commands only.
 */
export function stopOnSignals(): { signal: AbortSignal; signalled: () => 'SIGINT' | 'SIGTERM' | undefined } {
  const abort = new AbortController()
  let signalled: 'SIGINT' | 'SIGTERM' | undefined
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (signalled !== undefined) process.exit(name === 'SIGINT' ? 130 : 143)
      signalled = name
      abort.abort()
    })
  }
  return { signal: patient(abort.signal), signalled: () => signalled }
}

/** Every service at work listens: Node's warning of a leak at eleven listeners is none here. */
export function patient(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal)
  return signal
}
