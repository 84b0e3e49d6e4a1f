import type { OutputConfiguration } from 'commander'
import type { Context } from './context.ts'

/** Help that was asked for goes to stdout, usage errors to stderr. */
export function writeErrorOnStderr(context: Context): OutputConfiguration {
  return {
    writeOut: (text) => void context.stdout.write(text),
    writeErr: (text) => void context.stderr.write(text),
  }
}
