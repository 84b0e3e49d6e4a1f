import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { type PlanningRequest, plan } from './plan.ts'
import type { RunRequest } from './request.ts'
import { run, type RunReport } from './run.ts'

/**
 * Runs exactly these versions of the one service that is meant, which another tool has chosen: everything pending, or up to the ends of several branches;
 * back by number, to a version, or to nothing: whichever plan has just these steps. Returns the reports. Throws USAGE where no plan does, and what
 * `run` throws.
 */
export async function runExactly(
  direction: 'up' | 'down',
  versions: readonly string[],
  parentsOf: (version: string) => readonly string[],
  request: RunRequest,
  ports: Ports,
): Promise<RunReport[]> {
  const wanted = new Set(versions)
  if (direction === 'down') {
    const parents = [...new Set(versions.flatMap(parentsOf))].filter((version) => !wanted.has(version))
    const ways: PlanningRequest[] = [
      { ...request, verb: 'down', count: versions.length },
      ...parents.map((version): PlanningRequest => ({ ...request, verb: 'goto', version })),
    ]
    return [await run(await firstThatFits(ways, wanted, ports), ports)]
  }
  const all: PlanningRequest = { ...request, verb: 'up' }
  if (await fits(all, wanted, ports)) return [await run(all, ports)]
  const below = new Set(versions.flatMap(parentsOf))
  const reports: RunReport[] = []
  for (const version of versions.filter((one) => !below.has(one))) {
    const report = await run({ ...request, verb: 'goto', version }, ports)
    reports.push(report)
    if (report.exit !== 0) break
  }
  return reports
}

async function firstThatFits(ways: readonly PlanningRequest[], wanted: ReadonlySet<string>, ports: Ports): Promise<PlanningRequest> {
  let first: unknown
  for (const way of ways) {
    try {
      if (await fits(way, wanted, ports)) return way
    } catch (error) {
      first ??= error
    }
  }
  if (first !== undefined) throw first
  throw new SkeinError('USAGE', {
    message: `these cannot be taken back without others: ${[...wanted].join(', ')}`,
    hint: 'name the version to go back to: skein goto VERSION',
  })
}

async function fits(way: PlanningRequest, wanted: ReadonlySet<string>, ports: Ports): Promise<boolean> {
  const { steps } = (await plan(way, ports)).plan
  return steps.length === wanted.size && steps.every((step) => wanted.has(step.version))
}
