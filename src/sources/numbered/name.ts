import { decimal, fits } from '../decimal.ts'
import { explainIgnored } from '../explain-ignored.ts'
import type { ParsedName } from '../file-layout.ts'

/** Both spellings, `001_users.up.sql` and `001_users_up.sql`; a greedy title, so that `001_sign_up.up.sql` is called sign_up. */
const pattern = /^([0-9]+)_(.+)[._](up|down)\.sql$/s

/** The column is `integer`. */
const int4 = '2147483647'

/** What a numbered runner makes of a file's name. Pure. */
export function parseName(name: string): ParsedName {
  const parts = splitName(name)
  if (parts === undefined) return { kind: 'ignored', ...explainIgnored(name, '001_create_users.up.sql') }
  const { digits, title, direction } = parts
  const version = decimal(digits)
  if (fits(version, int4)) return { kind: 'migration', version, title, base: `${digits}_${title}`, direction, remarks: [] }
  return {
    kind: 'refused',
    remark: {
      rule: 'VERSION-TOO-LARGE',
      severity: 'error',
      message: `version ${version} of ${name} does not fit an integer column`,
      remedy: `give it a number up to ${int4}, or set "tool: golang-migrate" if that is what wrote it`,
    },
  }
}

/** A version as the table has it, from what a person types; undefined when it can be none. */
export function parseVersion(text: string): string | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined
  const version = decimal(text)
  return fits(version, int4) ? version : undefined
}

/** The parts of a name; undefined when it is none of this layout. */
export function splitName(name: string): { digits: string; title: string; direction: 'up' | 'down' } | undefined {
  const match = pattern.exec(name)
  if (match === null) return undefined
  const [, digits = '', title = '', direction] = match
  return { digits, title, direction: direction === 'up' ? 'up' : 'down' }
}
