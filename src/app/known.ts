import { errorCodes } from '../model/errors.ts'
import { sourceRules } from '../sources/rules.ts'

/** What an error code or the rule of a finding means; `exit` and `remedy` only of error codes: a finding brings its own remedy. */
export interface KnownCode {
  code: string
  means: string
  exit?: number
  remedy?: string
}

/** Every error code and every rule of findings about files, in the order of their tables. */
export function knownCodes(): KnownCode[] {
  return [
    ...Object.entries(errorCodes).map(([code, { exit, means, remedy }]) => ({ code, means, exit, remedy })),
    ...Object.entries(sourceRules).map(([code, means]) => ({ code, means })),
  ]
}
