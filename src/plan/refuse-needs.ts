import { SkeinError } from '../model/errors.ts'
import type { PlanRequest } from '../model/plan.ts'
import { neededUntil } from './add-needs.ts'
import { type Wish, lastRun } from './choose-ups.ts'
import type { Edge, Graph } from './graph.ts'
import { isOwn, wholesOf } from './branches.ts'
import { type MigrationStatus, isInDatabase } from './reconciled.ts'
import { shortList } from './short-list.ts'
import { nothingBack, takeBack } from './take-back.ts'
import type { Move } from './walk.ts'

/**
 * Throws NEED-PENDING when steps need something that is not behind us and that nobody selected (or that cannot be run), naming the way of
 * needs that leads there. `wishes` are the selected services, without those that were added.
 */
export function refusePending(graph: Graph, wishes: readonly (Wish | undefined)[], moves: readonly Move[][]): void {
  const { until, cause } = neededUntil(graph, wishes, moves)
  refuseAbsent(graph, until)
  const lacking = new Map<string, { service: number; rows: MigrationStatus[] }>()
  for (const [service, { input, migrations }] of graph.services.entries()) {
    const pending = migrations.filter((_, index) => moves[service]?.[index + 1] === 'stop' && index + 1 <= (until[service] ?? -1))
    if (wishes[service] !== undefined || pending.length === 0) continue
    const before = lacking.get(input.name)
    lacking.set(input.name, { service: before?.service ?? service, rows: [...(before?.rows ?? []), ...pending] })
  }
  const missing = [...lacking.keys()]
  const lines = [...lacking].map(([name, { service, rows }]) => {
    const first = graph.wholes.get(name)?.migrations.find((row) => rows.includes(row))
    const broken = first?.state === 'dirty' || first?.state === 'partial'
    const what = broken ? `is ${graph.services[service]?.state}` : `has ${rows.length} pending (first ${first?.version})`
    return `${wayTo(graph, cause, service)}: ${name} is not selected and ${what}`
  })
  if (missing.length === 0) return
  throw new SkeinError('NEED-PENDING', {
    message: lines.join('\n'),
    hint: `--with-needs adds what is needed; or first: skein up ${missing.join(' ')}`,
    service: missing[0],
    data: { missing },
  })
}

/** Throws NEED-PENDING when a need of the steps was not looked at: nobody can say that it is up to date. */
function refuseAbsent(graph: Graph, until: readonly number[]): void {
  for (const [service, { input, migrations }] of graph.services.entries()) {
    const end = until[service] ?? -1
    if (end < 0) continue
    const needs = [...(graph.needs.get(input.name) ?? []), ...migrations.slice(0, end).flatMap((row) => row.migration?.needs ?? [])]
    const need = needs.find((one) => graph.absent.has(one.service) && !graph.index.has(one.service))
    if (need === undefined) continue
    throw new SkeinError('NEED-PENDING', {
      message: `${input.name} needs ${need.service}, whose database could not be looked at`,
      hint: `skein status ${need.service} says why`,
      service: input.name,
      data: { missing: [need.service] },
    })
  }
}

/** `auth needs tenant, tenant needs core@3`, from a selected service to the one that came in by way of needs. */
function wayTo(graph: Graph, cause: ReadonlyMap<number, Edge>, service: number): string {
  const links: string[] = []
  for (let edge = cause.get(service); edge !== undefined; edge = cause.get(edge.to.service)) {
    const needed = edge.need.version === undefined ? edge.need.service : `${edge.need.service}@${edge.need.version}`
    const why = edge.need.because === 'needs' || edge.need.because === '' ? '' : ` (${edge.need.because})`
    if (!isOwn(graph, edge)) links.unshift(`${graph.services[edge.to.service]?.input.name} needs ${needed}${why}`)
  }
  return links.join(', ')
}

/** Throws NEED-PENDING when a step needs one version of a service, and the policy "out-of-order: ignore" leaves exactly that one out. */
export function refuseLeftOut(graph: Graph, moves: readonly Move[][]): void {
  for (const [service, { input }] of graph.services.entries()) {
    const last = lastRun(moves[service])
    for (const [position, edges] of graph.waits[service] ?? []) {
      for (const { from, need } of edges) {
        const needed = graph.services[from.service]
        const row = needed?.migrations[from.position - 1]
        if (
          position > last ||
          needed === undefined ||
          row === undefined ||
          moves[from.service]?.[from.position] !== 'pass' ||
          isInDatabase(row)
        )
          continue
        throw new SkeinError('NEED-PENDING', {
          message: `${input.name} needs ${need.service}@${row.version}, which is left out: it sorts before an applied one`,
          hint: `say "out-of-order: run" for ${needed.input.name}, or give the migration a newer version`,
          service: input.name,
          data: { missing: [needed.input.name], version: row.version },
        })
      }
    }
  }
}

/**
 * NEEDED-BY: what goes back is stood on by applied migrations that were not asked to go back. Only those services are named that something stands on,
 * and of a large platform the first dependants; all of them are in `data`.
 */
export function refuseNeededBy(
  graph: Graph,
  request: PlanRequest,
  wanted: readonly number[],
  dependants: readonly { name: string; versions: readonly string[] }[],
): SkeinError {
  const held = wholesOf(graph, heldBack(graph, wanted, new Set(dependants.map(({ name }) => name)))).map((service) => service.input.name)
  const few = dependants.length <= 3
  const list = dependants.map(({ name, versions }) => `${name} (${versions.length} applied${few ? `: ${shortList(versions)}` : ''})`)
  const them = dependants.length === 1 ? 'it' : 'them'
  return new SkeinError('NEEDED-BY', {
    message: `${shortList(held)} cannot go back: ${shortList(list)} ${dependants.length === 1 ? 'stands' : 'stand'} on ${held.length === 1 ? 'it' : 'them'} and would have to go first`,
    hint: `${commandOf(graph, request)} --with-dependants takes ${them} back as well; --ignore-dependants leaves ${them} applied`,
    service: held[0],
    data: { dependants: dependants.map(({ name, versions }) => ({ service: name, versions })) },
  })
}

/** The chains among those that go back that something of these dependants stands on. */
function heldBack(graph: Graph, wanted: readonly number[], dependants: ReadonlySet<string>): number[] {
  return graph.services.flatMap((_, service) => {
    const alone = nothingBack(graph).map((nothing, index) => (index === service ? (wanted[index] ?? nothing) : nothing))
    const holds = takeBack(graph, alone).some((from, other) => {
      const { input, migrations = [] } = graph.services[other] ?? {}
      return (
        input !== undefined &&
        dependants.has(input.name) &&
        migrations.some((row, index) => index + 1 >= from && index + 1 < (wanted[other] ?? Infinity) && isInDatabase(row))
      )
    })
    return holds ? [service] : []
  })
}

/** What was asked for, as it is typed; no services where all of them are meant. */
function commandOf(graph: Graph, { verb, services, count, version }: PlanRequest): string {
  const names = services.length === graph.wholes.size + graph.absent.size && services.length > 1 ? [] : services
  const number = typeof count === 'number' ? [String(count)] : count === 'all' && verb === 'down' ? ['--all'] : []
  return ['skein', verb, ...names, ...(verb === 'goto' ? [version ?? 'none'] : number)].join(' ')
}
