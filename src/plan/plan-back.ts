import { SkeinError } from '../model/errors.ts'
import type { PlanRequest } from '../model/plan.ts'
import { at, reverseOrder } from './assemble.ts'
import { isOwn, wholesOf } from './branches.ts'
import type { Graph, Place } from './graph.ts'
import { type MigrationStatus, isInDatabase } from './reconciled.ts'
import { refuseHollow, refuseProblems } from './refuse.ts'
import { refuseUnsafe } from './refuse-unsafe.ts'
import { refuseNeededBy } from './refuse-needs.ts'
import { takeBack } from './take-back.ts'
import type { Walk } from './walk.ts'

/** What goes back, decided and allowed. */
export interface Back {
  /** By service: the first position that goes back; behind the end where none does. */
  from: number[]
  downs: Walk
  isTaken(place: Place): boolean
  /** Names of the services that go back. */
  services: string[]
  notes: string[]
}

interface BackOptions {
  /** It is run again afterwards: refuse what cannot be, because its file is gone. */
  comesBack?: boolean
  /** Dependants among these go along without being asked. */
  selected?: ReadonlySet<number>
}

/**
 * Decides what has to go back so that everything from `first[s]` on can: dependants first, transitively. They go along with `withDependants`,
 * are left where they are with `ignoreDependants` (noted), and otherwise refuse the plan.
 * Throws NEEDED-BY, DOWN-MISSING, DOWN-HOLLOW, ROLLBACK-UNSAFE, PARTIAL, AHEAD (something cannot be run again), and what `Reconciled.problems` says, all before any step.
 */
export function planBack(graph: Graph, request: PlanRequest, first: readonly number[], options: BackOptions = {}): Back {
  // What stands on it in its own service was meant as well: there it is the tool's own order.
  const wanted = takeBack(graph, first, (edge) => isOwn(graph, edge))
  const closure = takeBack(graph, wanted)
  const more = graph.services.flatMap(({ input, migrations }, service) => {
    const end = wanted[service] ?? Infinity
    const rows = migrations.filter((row, index) => index + 1 >= (closure[service] ?? Infinity) && index + 1 < end && isInDatabase(row))
    return rows.length === 0 ? [] : [{ service, name: input.name, versions: rows.map((row) => row.version) }]
  })
  const asked = request.withDependants === true ? [] : byName(more.filter(({ service }) => options.selected?.has(service) !== true))
  if (asked.length > 0 && request.ignoreDependants !== true) throw refuseNeededBy(graph, request, wanted, asked)

  const from = asked.length > 0 ? [...wanted] : closure
  const isTaken = ({ service, position }: Place) => {
    const row = graph.services[service]?.migrations[position - 1]
    return row !== undefined && position >= (from[service] ?? Infinity) && isInDatabase(row)
  }
  const downs = reverseOrder(graph, isTaken)
  const names = new Set(downs.order.map((place) => place.service))
  const services = wholesOf(graph, names)
  refuseProblems(services, ['down'])
  const rows = downs.order.map((place) => at(graph, place)).map(([service, row]) => ({ service: service.input.name, row }))
  refuseHalfDone(graph, names, from)
  if (options.comesBack === true) refuseGone(rows)
  refuseHollow(rows, request.allowHollow)
  if (request.allowUnsafeRollback !== true) refuseUnsafe(rows)
  return {
    from,
    downs,
    isTaken,
    services: services.map((service) => service.input.name),
    notes: asked.map(({ name, versions }) => `${name}: ${versions.length} applied that stand on what goes back are left where they are`),
  }
}

/** The branches of one service as one. */
function byName(more: readonly { name: string; versions: readonly string[] }[]): { name: string; versions: string[] }[] {
  const merged = new Map<string, string[]>()
  for (const { name, versions } of more) merged.set(name, [...(merged.get(name) ?? []), ...versions])
  return [...merged].map(([name, versions]) => ({ name, versions }))
}

/** A down that stopped half-way must be finished before anything else goes back. */
function refuseHalfDone(graph: Graph, services: ReadonlySet<number>, from: readonly number[]): void {
  for (const service of services) {
    const { input, migrations } = graph.services[service] ?? {}
    const row = migrations?.find(
      (status, index) => status.state === 'partial' && isInDatabase(status) && index + 1 < (from[service] ?? Infinity),
    )
    if (input === undefined || row === undefined) continue
    throw new SkeinError('PARTIAL', {
      message: `${input.name}: the down of ${row.version} stopped half-way and has to be finished first`,
      hint: `skein goto ${input.name} to the version before ${row.version} takes back everything down to it`,
      service: input.name,
      version: row.version,
    })
  }
}

function refuseGone(rows: readonly { service: string; row: MigrationStatus }[]): void {
  const gone = rows.find(({ row }) => row.migration === undefined || row.state === 'missing')
  if (gone === undefined) return
  throw new SkeinError('AHEAD', {
    message: `${gone.service}@${gone.row.version} would be taken back and cannot be run again: its file is gone`,
    hint: `bring the file back, or take it back for good with skein down ${gone.service}`,
    service: gone.service,
    version: gone.row.version,
  })
}
