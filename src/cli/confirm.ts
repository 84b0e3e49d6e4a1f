import { createInterface } from 'node:readline/promises'
import { SkeinError } from '../model/errors.ts'
import type { Context } from './context.ts'

/** Asks on a terminal before something is taken back or overwritten; without one, --yes is needed. Throws CONFIRM-NEEDED for anything but a yes. */
export async function confirm(context: Context, yes: boolean | undefined, what: string): Promise<void> {
  if (yes === true) return
  if (!canAsk(context)) {
    throw new SkeinError('CONFIRM-NEEDED', {
      message: `${what}: nobody can be asked here`,
      hint: 'add --yes, or look first with --dry-run',
    })
  }
  const asking = createInterface({ input: context.stdin, output: process.stderr })
  const answer = await asking.question(`${what}? [y/N] `, { signal: context.signal }).finally(() => asking.close())
  if (!/^y(es)?$/i.test(answer.trim())) throw new SkeinError('CONFIRM-NEEDED', { message: 'not confirmed; nothing was done' })
}

/** Somebody sits there. */
export function canAsk(context: Context): boolean {
  return context.stdin.isTTY === true && context.stderr.isTTY === true
}
