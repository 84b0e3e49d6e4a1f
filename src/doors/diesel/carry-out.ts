import type { PlanningRequest } from '../../app/plan.ts'
import { run } from '../../app/run.ts'
import type { Step } from '../../model/plan.ts'
import type { RunEvent } from '../../model/run.ts'
import { textOf } from './faults.ts'
import type { Found, Work } from './look.ts'
import { begins, migrationFailed, saidByServer } from './print.ts'

/** Runs a plan and says each migration when it begins. Throws Failed for one that failed, and what app/run throws. */
export async function carryOut(request: PlanningRequest, { migrations }: Found, { ports, stdout, stderr, logged }: Work): Promise<void> {
  const byVersion = new Map(migrations.map((one) => [one.version, one]))
  const nameOf = ({ version, id }: Step) => byVersion.get(version)?.id ?? id
  const told = new Set<string>()
  const emit = (event: RunEvent) => {
    if (event.kind === 'step-started' && !told.has(`${event.step.direction} ${event.step.id}`)) {
      told.add(`${event.step.direction} ${event.step.id}`)
      stdout(begins({ id: nameOf(event.step), version: event.step.version }, event.step.direction))
    }
    if (event.kind === 'warning') stderr(`${event.message}\n`)
  }
  const report = await run({ ...request, allowHollow: true, ignoreDependants: true }, { ...ports, emit })
  const failed = report.run?.steps.find((step) => step.error !== undefined && step.outcome !== 'skipped')
  if (failed?.error === undefined) return
  const { step, error } = failed
  const said = saidByServer(error, step)
  if (said !== undefined) stdout(logged(textOf(byVersion.get(step.version), step.direction), { message: said, sqlstate: error.sqlstate }))
  throw migrationFailed(error, step, nameOf(step))
}
