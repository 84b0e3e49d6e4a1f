import { decimal, fits } from '../decimal.ts'
import { explainIgnored } from '../explain-ignored.ts'
import type { ParsedName } from '../file-layout.ts'
import type { Remark } from '../rules.ts'

/**
 * golang-migrate v4.19.1 source/parse.go: `^([0-9]+)_(.*)\.(down|up)\.(.*)$` and strconv.ParseUint(…, 10, 64). Go's dot takes anything but a line
 * feed, JavaScript's leaves out three more characters, hence the class. A greedy title: the last `.up.` or `.down.` decides. Any ending, even none.
 */
const pattern = /^([0-9]+)_([^\n]*)\.(down|up)\.([^\n]*)$/

/** strconv.ParseUint fails above this, and source/iofs/iofs.go then passes the file over. */
const uint64 = '18446744073709551615'

/** The column is `bigint` (database/postgres/postgres.go). */
const int64 = '9223372036854775807'

/** What golang-migrate makes of a file's name. Pure. */
export function parseName(name: string): ParsedName {
  const parts = splitName(name)
  if (parts === undefined) {
    return { kind: 'ignored', ...explainIgnored(name, '000001_create_users.up.sql') }
  }
  const { title, direction } = parts
  const version = decimal(parts.digits)
  if (!fits(version, uint64)) {
    return { kind: 'ignored', why: `its number is greater than ${uint64}`, remedy: 'give it a smaller number' }
  }
  if (!fits(version, int64)) return { kind: 'refused', remark: tooLarge(name, version) }
  return { kind: 'migration', version, title, base: `${parts.digits}_${title}`, direction, remarks: remarksOn(name, parts) }
}

/** A version as the table has it, from what a person types; undefined when it can be none. */
export function parseVersion(text: string): string | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined
  const version = decimal(text)
  return fits(version, int64) ? version : undefined
}

interface NameParts {
  digits: string
  title: string
  direction: 'up' | 'down'
  ending: string
}

/** The groups of the tool's pattern; undefined when it does not match. */
export function splitName(name: string): NameParts | undefined {
  const match = pattern.exec(name)
  if (match === null) return undefined
  const [, digits = '', title = '', direction, ending = ''] = match
  return { digits, title, direction: direction === 'up' ? 'up' : 'down', ending }
}

function remarksOn(name: string, { title, direction, ending }: NameParts): Remark[] {
  const remarks: Remark[] = []
  if (!/^sql$/i.test(ending)) {
    remarks.push({
      rule: 'TRAP-EXTENSION',
      severity: 'warning',
      message: `golang-migrate runs ${name}: it takes any ending after .${direction}.`,
      remedy: `if it is no migration, move it to another folder or take ".${direction}" out of its name`,
    })
  }
  if (/\.(?:up|down)(?:\.|$)/.test(title)) {
    remarks.push({
      rule: 'TRAP-DIRECTION',
      severity: 'warning',
      message: `${name} is a ${direction} with the title ${title}: the last direction in a name counts`,
      remedy: 'rename the file so that it names one direction',
    })
  }
  return remarks
}

function tooLarge(name: string, version: string): Remark {
  return {
    rule: 'VERSION-TOO-LARGE',
    severity: 'error',
    message: `version ${version} of ${name} does not fit a bigint column`,
    remedy: `give it a number up to ${int64}`,
  }
}
