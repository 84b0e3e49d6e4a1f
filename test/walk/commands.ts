import fc from 'fast-check'
import type { PlanRequest } from '../../src/model/plan.ts'
import { type File, asRead, historyOf, keyOf, versionOf } from './tools.ts'
import { addFile, fileShapes } from './platforms.ts'
import { type ServiceWorld, adopt, inputOf, migrations, observe, stateOf, write } from './world.ts'

/** A plan to make and to run; `kill` steps of it, or all. `mix` chooses among steps that may run side by side. */
export interface Run {
  kind: 'run'
  request: Omit<PlanRequest, 'services' | 'version'>
  picks: boolean[]
  /** Of goto: which file; null for none. */
  slot: number | null
  kill?: number
  mix: number[]
}

/** What somebody else does meanwhile to one service. */
export interface Outside {
  kind: 'tool up' | 'tool down' | 'add' | 'remove' | 'edit' | 'adopt'
  service: number
  slot: number
  file: Pick<File, 'hollow'> & { parents: readonly number[] }
}

export type Command = Run | Outside

const flag = fc.option(fc.constant(true), { nil: undefined })

const runs: fc.Arbitrary<Run> = fc.record({
  kind: fc.constant('run' as const),
  request: fc.record({
    verb: fc.constantFrom<PlanRequest['verb']>('up', 'up', 'up', 'down', 'goto', 'redo', 'reset'),
    count: fc.constantFrom(undefined, undefined, 1, 2, 'all' as const),
    across: fc.constantFrom('each' as const, 'each' as const, 'total' as const),
    withNeeds: flag,
    withDependants: flag,
    ignoreDependants: fc.nat(9).map((n) => (n === 9 ? true : undefined)),
    allowHollow: flag,
  }),
  picks: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  slot: fc.option(fc.nat(9), { nil: null, freq: 9 }),
  kill: fc.option(fc.nat(3), { nil: undefined }),
  mix: fc.array(fc.nat(9), { maxLength: 6, size: 'max' }),
})

const outside: fc.Arbitrary<Outside> = fc.record({
  kind: fc.constantFrom<Outside['kind']>('tool up', 'tool up', 'tool down', 'add', 'add', 'remove', 'edit', 'adopt'),
  service: fc.nat(4),
  slot: fc.nat(9),
  file: fileShapes(),
})

export const commands: fc.Arbitrary<Command[]> = fc.array(fc.oneof(runs, outside), { maxLength: 16, size: 'max' })

/** Does it where the other tool, or a person, could; returns what was done, in words, or undefined. */
export function act(service: ServiceWorld, { kind, slot, file }: Outside): string | undefined {
  const version = versionOf[service.tool]?.(slot) ?? ''
  const own = service.files.find((one) => one.slot === slot)
  if (kind === 'tool up') return toolUp(service)
  if (kind === 'tool down') return toolDown(service, slot)
  if (kind === 'adopt') {
    if (!knowsAll(service)) return undefined
    adopt(service)
    return `adopt ${service.name}`
  }
  if (kind === 'edit') {
    if (own === undefined) return undefined
    service.files = service.files.map((one) => (one === own ? { ...own, edition: own.edition + 1 } : one))
    return `edit ${service.name}@${version}`
  }
  // One row says nothing of a file that comes later, so what is there has to be in the ledger first.
  if (service.tool === 'golang-migrate') {
    observe(service)
    if (!sameVersions(new Set(service.ledger?.map((entry) => entry.version)), service.done)) return undefined
  }
  if (kind === 'add') return addFile(service, slot, file) ? `add ${service.name}@${version} ${JSON.stringify(file)}` : undefined
  if (own === undefined || service.files.some((one) => one.parents.includes(slot))) return undefined
  service.files = service.files.filter((one) => one !== own)
  return `remove ${service.name}@${version}`
}

/** The tool's own `up`, one migration: golang-migrate goes on from its row, the others take the first that is not there. */
function toolUp(service: ServiceWorld): string | undefined {
  if (!knowsAll(service) || isLost(service)) return undefined
  const input = inputOf(service)
  const row = service.rows[0]
  const isNext = (version: string) =>
    service.tool === 'golang-migrate' ? row === undefined || input.compare(version, keyOf(row)) > 0 : !service.done.has(version)
  const next = input.migrations.find((one) => isNext(one.version))?.version
  if (next === undefined) return undefined
  write(service, stateOf(service), next, 'up')
  return `${service.tool} up ${service.name}@${next}`
}

/** Its own `down`: the newest row of goose and TypeORM, a head of Alembic, the greatest version of the others; only with a file. */
function toolDown(service: ServiceWorld, which: number): string | undefined {
  if (!knowsAll(service) || isLost(service)) return undefined
  const input = inputOf(service)
  const rows = asRead(service.tool, service.rows).map(keyOf)
  const last = service.tool === 'alembic' ? rows[which % Math.max(rows.length, 1)] : rows.at(-1)
  const at = input.migrations.findIndex((one) => one.version === last)
  if (last === undefined || at < 0) return undefined
  // golang-migrate goes to the file before, whether that ever ran or not.
  const before = input.migrations[at - 1]?.version
  const greatest = [...service.done]
    .filter((one) => one !== last)
    .toSorted((a, b) => input.compare(a, b))
    .at(-1)
  if (service.tool === 'golang-migrate' && before !== greatest) return undefined
  write(service, stateOf(service), last, 'down')
  return `${service.tool} down ${service.name}@${last}`
}

/** Alembic does nothing at all while its table has a revision that it does not find. */
export function isLost({ tool, rows, files }: ServiceWorld): boolean {
  const there = new Set(files.map((file) => versionOf[tool]?.(file.slot)))
  return tool === 'alembic' && rows.some((row) => !there.has(keyOf(row)))
}

/** The tool's table, read with today's files, says what is true: a head without a file and a late file below the mark keep it from that. */
export function knowsAll(service: ServiceWorld): boolean {
  const { applied } = historyOf(service.tool).applied({ exists: true, rows: asRead(service.tool, service.rows) }, migrations(service))
  return sameVersions(new Set(applied.keys()), service.done)
}

export function sameVersions(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one))
}
