import { characters } from '../characters.ts'
import { explainIgnored } from '../explain-ignored.ts'
import type { ParsedName } from '../file-layout.ts'
import type { Remark } from '../rules.ts'

/** `20240101120000_a1b2c3d4_create_users.up.sql`; what is no proper time or hex is taken all the same, with a note. */
const pattern = /^(([0-9]{14})_([0-9A-Za-z]{8})_(.+))\.(up|down)\.sql$/s
const version = /^[0-9]{14}_[0-9A-Za-z]{8}_./s

/** The column is `varchar(255)`, which counts characters. */
const longest = 255

/** What a stamped runner makes of a file's name. Pure. */
export function parseName(name: string): ParsedName {
  const match = pattern.exec(name)
  if (match === null) return { kind: 'ignored', ...explainIgnored(name, '20240101120000_a1b2c3d4_create_users.up.sql') }
  const [, base = '', time = '', unique = '', title = '', direction] = match
  if (characters(base) > longest) {
    return {
      kind: 'refused',
      remark: {
        rule: 'VERSION-TOO-LONG',
        severity: 'error',
        message: `${base} is longer than the ${longest} characters of its column`,
        remedy: 'shorten the name',
      },
    }
  }
  return {
    kind: 'migration',
    version: base,
    title,
    base,
    direction: direction === 'up' ? 'up' : 'down',
    remarks: direction === 'up' ? remarksOn(base, time, unique) : [],
  }
}

/** The version is the whole base name; undefined for anything shorter, even an unambiguous stamp (see find-migration.ts). */
export function parseVersion(text: string): string | undefined {
  return version.test(text) && characters(text) <= longest ? text : undefined
}

/** The stamp that must be unique: time and unique part. */
export function stampOf(base: string): string {
  return base.slice(0, '20240101120000_a1b2c3d4'.length)
}

function remarksOn(base: string, time: string, unique: string): Remark[] {
  const remarks: Remark[] = []
  if (!isTime(time)) {
    remarks.push({
      rule: 'STAMP-TIME',
      severity: 'note',
      message: `${base} says ${time}, a time that does not exist`,
      remedy: 'leave it if it was applied anywhere: the name is the version',
    })
  }
  if (!/^[0-9a-f]{8}$/.test(unique)) {
    remarks.push({
      rule: 'STAMP-HEX',
      severity: 'note',
      message: `${base} has ${unique} where eight lower-case hex digits are expected`,
      remedy: 'leave it if it was applied anywhere: the name is the version',
    })
  }
  return remarks
}

function isTime(digits: string): boolean {
  const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6.000Z')
  const time = new Date(iso)
  return !Number.isNaN(time.getTime()) && time.toISOString() === iso
}
