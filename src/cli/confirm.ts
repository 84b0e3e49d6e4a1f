import { createInterface } from 'node:readline/promises'
import { SkeinError } from '../model/errors.ts'
import type { Context } from './context.ts'

/** Asks on a terminal before something is taken back or overwritten; without one, --yes is needed. Throws CONFIRM-NEEDED for anything but a yes, INTERRUPTED. */
export async function confirm(context: Context, yes: boolean | undefined, what: string): Promise<void> {
  if (yes === true) return
  if (!canAsk(context)) {
    throw new SkeinError('CONFIRM-NEEDED', {
      message: `${what}: nobody can be asked here`,
      hint: 'add --yes, or look first with --dry-run',
    })
  }
  if (!(await isConfirmed(context, what))) throw new SkeinError('CONFIRM-NEEDED', { message: 'not confirmed; nothing was done' })
}

/** Asks, and whether the answer was yes. To be called only where {@link canAsk}. */
export async function isConfirmed(context: Context, what: string): Promise<boolean> {
  const asking = createInterface({ input: context.stdin, output: process.stderr })
  const answer = await asking
    .question(`${what}? [y/N] `, { signal: context.signal })
    .catch(stopped)
    .finally(() => asking.close())
  return /^y(es)?$/i.test(answer.trim())
}

/**
 * Asks for a text on a terminal: one of `choices` where there are some, or nothing for `otherwise`. Undefined for no answer, and for one that is none of
 * the choices three times over. To be called only where {@link canAsk}.
 */
export async function ask(
  context: Context,
  { text, choices, otherwise }: { text: string; choices?: readonly string[]; otherwise?: string },
): Promise<string | undefined> {
  const behind = otherwise !== undefined ? ` [${otherwise}]` : ''
  const among = choices === undefined ? '' : ` (${choices.join(', ')}; nothing to leave it open)`
  const asking = createInterface({ input: context.stdin, output: process.stderr })
  try {
    for (let times = 0; times < 3; times++) {
      const answer = (await asking.question(`${text}?${among}${behind} `, { signal: context.signal }).catch(stopped)).trim()
      if (answer === '') return undefined
      if (choices === undefined || choices.includes(answer)) return answer
    }
    return undefined
  } finally {
    asking.close()
  }
}

/** Ctrl-C at a question is a key and no signal: readline rejects with an AbortError, as it does when our own signal is aborted. */
function stopped(cause: unknown): never {
  if (cause instanceof Error && cause.name === 'AbortError')
    throw new SkeinError('INTERRUPTED', { message: 'stopped at the question; nothing was done', cause })
  throw cause
}

/** Somebody sits there. */
export function canAsk(context: Context): boolean {
  return context.stdin.isTTY === true && context.stderr.isTTY === true
}
