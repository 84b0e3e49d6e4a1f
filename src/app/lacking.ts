import type { ErrorCode } from '../model/errors.ts'
import type { Reconciled } from '../plan/reconciled.ts'

/** Why a program of this checkout cannot work on a database. */
export interface Lack {
  code: ErrorCode
  message: string
  hint: string
}

/** What says nothing against a program that starts: newer migrations are made so that older programs go on, and a changed file is the files' trouble. */
const harmless: ReadonlySet<ErrorCode> = new Set(['AHEAD', 'CHANGED'])

/**
 * What a service's database lacks of what this checkout needs; null when every migration of its files is applied and none is half-done. A database that
 * is ahead lacks nothing: in a rolling release the old program runs on the new schema.
 */
export function lacking(one: Reconciled): Lack | null {
  const problem = one.problems.find(({ code }) => !harmless.has(code))
  if (problem !== undefined) return { code: problem.code, message: problem.message, hint: problem.hint }
  const late = one.input.policies.outOfOrder === 'ignore' ? [] : ['out-of-order']
  const missing = one.migrations.filter((row) => ['pending', 'partial', 'dirty', ...late].includes(row.state))
  const [first] = missing
  const { name: service } = one.input
  if (first === undefined) return null
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  return {
    code: 'PENDING',
    message: `${service}: ${first.id}${more} ${missing.length > 1 ? 'are' : 'is'} not applied`,
    hint: `skein up ${service}`,
  }
}
