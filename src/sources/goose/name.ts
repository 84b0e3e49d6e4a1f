import type { AnnotatedName } from '../annotated-layout.ts'
import { decimal, fits } from '../decimal.ts'
import type { Remark } from '../rules.ts'

/** The version is an int64 in goose, and the column is `bigint`. */
const int64 = '9223372036854775807'

/**
 * What goose v3.26.0 makes of a file's name (migrate.go collectMigrationsFS, migration.go NumericComponent): every `*.sql` must have a number
 * greater than 0 before its first underscore; a `*.go` without one, or a test, is passed over. Pure.
 */
export function parseName(name: string): AnnotatedName {
  const go = name.endsWith('.go')
  if (!go && !name.endsWith('.sql')) {
    if (!/\.sql$/i.test(name)) return { kind: 'ignored' }
    return { kind: 'ignored', why: 'the ending .sql is written in lower case', remedy: 'if it is a migration, call it .sql' }
  }
  if (go && name.endsWith('_test.go')) return { kind: 'ignored', why: 'it is a test' }
  const base = name.slice(0, go ? -3 : -4)
  const separator = name.indexOf('_')
  const digits = /^\+?([0-9]+)$/.exec(name.slice(0, Math.max(separator, 0)))?.[1]
  const version = digits === undefined ? '0' : decimal(digits)
  if (version === '0' || !fits(version, int64)) {
    if (go) return { kind: 'ignored', why: 'its name does not start with a version' }
    return { kind: 'refused', remark: noVersion(name, separator, digits, version) }
  }
  return { kind: go ? 'code' : 'migration', version, title: base.slice(separator + 1), base }
}

/** A version as the table has it, from what a person types; undefined when it can be none. */
export function parseVersion(text: string): string | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined
  const version = decimal(text)
  return version !== '0' && fits(version, int64) ? version : undefined
}

function noVersion(name: string, separator: number, digits: string | undefined, version: string): Remark {
  if (digits !== undefined && version !== '0') {
    const message = `version ${version} of ${name} does not fit a bigint column`
    return { rule: 'VERSION-TOO-LARGE', severity: 'error', message, remedy: `give it a number up to ${int64}` }
  }
  const says =
    digits !== undefined
      ? 'migration version must be greater than zero'
      : separator < 0
        ? "no filename separator '_' found"
        : 'failed to parse version from migration file'
  return {
    rule: 'GOOSE-NAME',
    severity: 'error',
    message: `goose refuses the whole folder because of ${name}: "${says}"`,
    remedy: 'call it like 00001_create_users.sql, or move it out of the migrations',
  }
}
