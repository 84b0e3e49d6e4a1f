import { SkeinError } from '../../model/errors.ts'
import type { Direction, Migration } from '../../model/migration.ts'
import { carryOut } from './carry-out.ts'
import { faultOf, stopAt } from './faults.ts'
import { type Found, lookAndAdopt, type Work } from './look.ts'
import { wayBack } from './migrate.ts'
import { begins } from './print.ts'

/**
 * Back and up again, in one transaction if each of them runs in one; what holds a transaction of its own is run one by one. Throws Failed, and what
 * app/run throws. Source: diesel_cli 2.2.12 src/migrations/mod.rs, redo_migrations.
 */
export async function redo(count: number | 'all', work: Work): Promise<void> {
  const found = await lookAndAdopt(work)
  const { whole, stop } = wayBack(found, count)
  const inOne = concerned(found, count).every(({ sending }) => sending === 'always')
  const again = whole.toReversed()
  const bad = again.findIndex((one) => faultOf(one, 'up') !== undefined)
  if (stop !== undefined || bad >= 0) {
    await pass(whole, 'down')
    stop?.(work)
    await pass(again.slice(0, bad), 'up')
    stopAt(again[bad] as Migration, 'up', work)
  }
  if (whole.length === 0) return
  const request = { ...work.request, verb: 'redo' as const, count: whole.length }
  await carryOut({ ...request, singleTransaction: inOne }, found, work).catch((error: unknown) => {
    if (!(error instanceof SkeinError) || error.code !== 'NOT-SINGLE') throw error
    return carryOut(request, found, work)
  })

  /** On the way to a file that cannot be run. In one transaction all of it would be taken back at the end, so it is said and not begun. */
  async function pass(migrations: readonly Migration[], direction: Direction): Promise<void> {
    if (inOne) for (const one of migrations) work.stdout(begins(one, direction))
    else if (migrations.length > 0) await carryOut({ ...work.request, verb: direction, count: migrations.length }, found, work)
  }
}

/** Which of the applied ones are meant and known, whatever is wrong with their files. */
function concerned({ migrations, applied }: Found, count: number | 'all'): Migration[] {
  const byVersion = new Map(migrations.map((one) => [one.version, one]))
  return applied.slice(0, count === 'all' ? undefined : count).flatMap((version) => byVersion.get(version) ?? [])
}
