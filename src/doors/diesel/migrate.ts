import type { Migration } from '../../model/migration.ts'
import { carryOut } from './carry-out.ts'
import { failedToRun } from './failed.ts'
import { faultOf, stopAt } from './faults.ts'
import { type Found, lookAndAdopt, type Work } from './look.ts'

/** Every version that the table lacks, in order. Throws Failed, and what app/run throws. */
export async function runPending(work: Work): Promise<void> {
  const found = await lookAndAdopt(work)
  const { migrations, applied } = found
  const done = new Set(applied)
  const pending = migrations.filter(({ version }) => !done.has(version))
  const stop = pending.findIndex((one) => faultOf(one, 'up') !== undefined)
  if (pending.length > 0 && stop !== 0) await carryOut({ ...work.request, verb: 'up', count: stop < 0 ? undefined : stop }, found, work)
  if (stop >= 0) stopAt(pending[stop] as Migration, 'up', work)
}

/** The greatest versions of the table, each by itself. Fewer than asked for are no error. Throws Failed, and what app/run throws. */
export async function revert(count: number | 'all', work: Work): Promise<void> {
  const found = await lookAndAdopt(work)
  const { whole, stop } = wayBack(found, count)
  if (whole.length > 0) await carryOut({ ...work.request, verb: 'down', count: whole.length }, found, work)
  stop?.(work)
}

/** What can be taken back, and what stops it there: the tool goes as far as it can. */
export function wayBack({ migrations, applied }: Found, count: number | 'all'): { whole: Migration[]; stop?: (work: Work) => never } {
  const byVersion = new Map(migrations.map((one) => [one.version, one]))
  const whole: Migration[] = []
  for (const version of applied.slice(0, count === 'all' ? undefined : count)) {
    const migration = byVersion.get(version)
    if (migration === undefined) return { whole, stop: () => unknownVersion(version) }
    if (faultOf(migration, 'down') !== undefined) return { whole, stop: (work) => stopAt(migration, 'down', work) }
    whole.push(migration)
  }
  return { whole }
}

function unknownVersion(version: string): never {
  throw failedToRun(`Unable to find migration version ${version} to revert in the migrations directory.`)
}
