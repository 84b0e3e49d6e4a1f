import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { serviceOrder, withDependants } from '../plan/service-order.ts'
import { connect } from '../postgres/connect.ts'
import { ident } from '../postgres/quote.ts'
import { loadParser } from '../sql/front.ts'
import type { MadeObject } from '../sql/made-objects.ts'
import { keyOf, readCatalogue, readDependencies, type Thing } from './drop/catalogue.ts'
import { dropStatements } from './drop/drop-sql.ts'
import { madeBy, thingsMade, thingsNamed } from './drop/made-things.ts'
import { type Edit, editHistory, type EditReport } from './edit-history.ts'
import { load, type LoadedService } from './load.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'
import { survey, tiersOf, type Survey } from './survey.ts'

export interface DropRequest extends RunRequest {
  because?: string
  /** What stands outside of the services and uses something of them goes too. */
  cascade?: boolean
  /** Exactly these tables, instead of what the migrations made. One service. */
  tables?: readonly string[]
  /** Everything in this schema. One service. */
  schema?: string
}

/** What goes of one service, and what stays. Names are quoted and schema-qualified. */
export interface Dropping {
  service: string
  database: string
  drops: { kind: string; name: string }[]
  /** In other hands, and using something of `drops`: they stop it, or go too with `cascade`. */
  users: string[]
  /** In the same schemas, and not made by this service's migrations as far as they tell. */
  left: { kind: string; name: string }[]
  /** Versions that are not applied any more afterwards. */
  versions: string[]
}

export interface DropReport extends EditReport {
  services: Dropping[]
}

/**
 * Drops what the applied migrations of the selected services made, as far as their texts tell and the catalogue has it: dependants first, each service in
 * one transaction with its tool's rows and the ledger. The tool's table itself stays. A dry run shows it and writes nothing. Takes the services' locks and
 * ACCESS EXCLUSIVE on the tables. Throws NEEDED-BY, USAGE (migrations that cannot be read, users outside).
 */
export async function drop(request: DropRequest, ports: Ports): Promise<DropReport> {
  await loadParser()
  const scope = await scopeOf(request, ports)
  let droppings: Dropping[] = []
  const report = await editHistory('drop', { ...request, services: scope.services }, ports, (found) => {
    droppings = []
    return edits(found, request, scope, droppings)
  })
  return { ...report, services: droppings }
}

/** Who goes, and what everybody else made: by database. */
interface Scope {
  services: string[]
  others: ReadonlyMap<string, readonly MadeObject[]>
}

/** Throws NEEDED-BY where something applied needs what goes and was not selected. */
async function scopeOf(request: DropRequest, ports: Ports): Promise<Scope> {
  const { selected, ...loaded } = await load(request, ports)
  const found = await survey(request, ports, {
    downs: false,
    content: false,
    loaded: { ...loaded, selected: new Set(loaded.all.map(nameOf)) },
  })
  const isApplied = (name: string) => (found.reconciled.get(name)?.counts.applied ?? 0) > 0
  const dependants = withDependants([...selected], loaded.all.map(serviceOf), tiersOf(found.loaded))
  const standing = dependants.filter((name) => !selected.has(name) && isApplied(name))
  if (standing.length > 0 && request.withDependants !== true) throw neededBy([...selected], standing)
  const services = [...selected, ...standing]
  const others = new Map<string, MadeObject[]>()
  for (const [name, looked] of found.looked) {
    if (services.includes(name) || !isApplied(name)) continue
    others.set(looked.target.id, [...(others.get(looked.target.id) ?? []), ...(await madeBy(looked)).objects])
  }
  return { services, others }
}

function neededBy(selected: readonly string[], standing: readonly string[]): SkeinError {
  const [it, need, have] = standing.length === 1 ? ['it', 'needs', 'has'] : ['them', 'need', 'have']
  return new SkeinError('NEEDED-BY', {
    message: `${selected.join(', ')} cannot be dropped: ${standing.join(', ')} ${need} it and ${have} applied migrations`,
    hint: `--with-dependants drops ${it} too`,
    service: selected[0],
    data: { dependants: standing },
  })
}

function serviceOf(one: LoadedService) {
  return one.service
}

function nameOf(one: LoadedService): string {
  return one.service.name
}

async function edits(found: Survey, request: DropRequest, scope: Scope, droppings: Dropping[]): Promise<Edit[]> {
  const { selected, all } = found.loaded
  if ((request.tables !== undefined || request.schema !== undefined) && selected.size !== 1)
    throw new SkeinError('USAGE', { message: `--tables and --schema are for one service, and ${selected.size} are meant` })
  const order = serviceOrder(all.map(serviceOf), tiersOf(found.loaded)).filter((name) => selected.has(name))
  const gone = new Map<string, Thing[]>()
  const made: Edit[] = []
  for (const name of order.reverse()) {
    const looked = found.looked.get(name) as Looked
    const before = gone.get(looked.target.id) ?? []
    const { dropping, things, sql } = await droppingOf(looked, request, before, scope.others.get(looked.target.id) ?? [])
    gone.set(looked.target.id, [...before, ...things])
    droppings.push(dropping)
    made.push({
      service: name,
      add: [],
      remove: dropping.versions,
      tool: looked.snapshot.exists,
      rows: looked.history.marksDirty ? [] : undefined,
      before: sql,
      details: { dropped: things.map((one) => `${one.kind} ${one.identity}`) },
    })
  }
  return made
}

async function droppingOf(looked: Looked, request: DropRequest, gone: readonly Thing[], others: readonly MadeObject[]) {
  const { service } = looked.loaded
  const session = await connect({ ...looked.spec, searchPath: service.schema ?? looked.spec.searchPath }, { readOnly: true })
  try {
    const goneBefore = new Set(gone.map(keyOf))
    const own = [looked.table.table, ...looked.history.furtherTables]
    const catalogue = (await readCatalogue(session, service.ledgerSchema)).filter(
      (one) => !goneBefore.has(keyOf(one)) && !(one.schema === looked.table.schema && own.includes(one.name)),
    )
    const { things, schemas } = await chosen(looked, request, catalogue, others)
    const all = await readDependencies(session, [...things, ...gone])
    const mine = (at: number) => at < things.length
    const users = all.outside.filter((one) => mine(one.on)).map((one) => one.what)
    if (users.length > 0 && request.cascade !== true && request.dryRun !== true) throw usedOutside(service.name, users)
    const touched = new Set([looked.table.schema, ...schemas, ...things.map((one) => one.schema)])
    const left = catalogue.filter((one) => touched.has(one.schema) && !one.owned && !all.parts.has(keyOf(one)))
    const empty = schemas.filter((name) => name !== looked.table.schema && !left.some((one) => one.schema === name))
    const statements = [
      ...dropStatements(things, { edges: all.edges.filter((one) => mine(one.on) && mine(one.from)) }, users.length > 0),
      ...empty.map((name) => `drop schema if exists ${ident(name)};`),
    ]
    const dropping: Dropping = {
      service: service.name,
      database: looked.spec.label,
      drops: [...things.map(named), ...empty.map((name) => ({ kind: 'schema', name: ident(name) }))],
      users,
      left: [...left.map(named), ...schemas.filter((name) => !empty.includes(name)).map((name) => ({ kind: 'schema', name: ident(name) }))],
      versions: recordedVersions(looked),
    }
    return { dropping, things, sql: asOwner(statements, service.role) }
  } finally {
    await session.end()
  }
}

/** What goes: as named, or all of a schema, or what the migrations made. Throws USAGE when those cannot be read. */
async function chosen(
  looked: Looked,
  request: DropRequest,
  catalogue: readonly Thing[],
  others: readonly MadeObject[],
): Promise<{ things: Thing[]; schemas: string[] }> {
  const { name } = looked.loaded.service
  if (request.tables !== undefined) return { things: thingsNamed(request.tables, catalogue, name), schemas: [] }
  if (request.schema !== undefined) return { things: catalogue.filter((one) => one.schema === request.schema && !one.owned), schemas: [] }
  const made = await madeBy(looked)
  if (made.unread.length > 0) {
    const tables = catalogue.filter((one) => one.kind === 'table' && one.schema === looked.table.schema).map((one) => one.name)
    throw new SkeinError('USAGE', {
      message: `${name}: what ${made.unread.slice(0, 5).join(', ')}${made.unread.length > 5 ? ' …' : ''} made cannot be told from ${made.unread.length === 1 ? 'it' : 'them'}`,
      hint: `say what goes: --tables a,b or --schema ${looked.table.schema}. The tables in ${looked.table.schema}: ${tables.join(', ') || 'none'}`,
      service: name,
      data: { unread: made.unread, tables },
    })
  }
  const schemas = made.objects.flatMap((one) => (one.kind === 'schema' ? [one.name] : []))
  // `create … if not exists` in two services: whoever goes last takes it.
  const shared = new Set(thingsMade(others, catalogue).map(keyOf))
  const things = thingsMade(made.objects, catalogue).filter((one) => !shared.has(keyOf(one)))
  return { things, schemas: schemas.filter((schema) => schema !== looked.loaded.service.ledgerSchema) }
}

function recordedVersions(looked: Looked): string[] {
  const { ledger, applied } = looked
  const recorded = [...(ledger?.applied ?? []), ...(ledger?.journal ?? [])].map((row) => row.version)
  return [...new Set([...applied.applied.keys(), ...applied.unknown, ...recorded])].sort((a, b) => looked.loaded.source.compare(a, b))
}

/** A minute for the locks: nobody will read these tables again. The service's role owns what its migrations made. */
function asOwner(statements: readonly string[], role: string | undefined): string {
  if (statements.length === 0) return ''
  const [as, back] = role === undefined ? ['', ''] : [`set local role ${ident(role)};\n`, 'reset role;\n']
  return `set local lock_timeout = '60s';\n${as}${statements.join('\n')}\n${back}`
}

function named(one: Thing): { kind: string; name: string } {
  return { kind: one.kind, name: one.identity }
}

function usedOutside(service: string, users: readonly string[]): SkeinError {
  return new SkeinError('USAGE', {
    message: `${service}: others use what would go: ${users.slice(0, 10).join('; ')}${users.length > 10 ? '; …' : ''}`,
    hint: '--cascade drops these too (a foreign key goes, its table stays); see it first with --dry-run',
    service,
    data: { users },
  })
}
