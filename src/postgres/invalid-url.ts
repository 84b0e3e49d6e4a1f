import { SkeinError } from '../model/errors.ts'

/** URL-INVALID at a place. `what` must not contain anything that may be part of a password. */
export function invalidUrl(where: string, what: string, hint?: string): SkeinError {
  return new SkeinError('URL-INVALID', { message: `${where}: ${what}`, hint })
}
