import type { ChildEnd } from '../child.ts'
import type { CodeFailure, CodeStep } from '../runtime.ts'

/** What it means for a step that its child is gone: `cancelled` when we killed it, else `crash`, with the last that it printed on stderr. */
export function crashOf({ code, signal, stderr }: ChildEnd, { version }: CodeStep, killed: boolean): CodeFailure {
  if (killed) return { stage: 'cancelled', name: 'Cancelled', message: `stopped while it ran ${version}` }
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`
  const said = stderr === '' ? '' : `\n${stderr}`
  return { stage: 'crash', name: 'Crash', message: `the process ended with ${how} while it ran ${version}${said}` }
}
