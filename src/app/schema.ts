import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { nearest } from '../util/nearest.ts'
import { matchServices } from '../workspace/select.ts'
import { inspectDatabases } from './inspect/databases.ts'
import { type Owned, ownedTables } from './inspect/owned.ts'
import { readRelations, type Relation } from './inspect/relations.ts'
import { type ConstraintType, type TablePart, whoMade } from '../sql/table-parts.ts'
import { type Column, type Constraint, type ForeignKey, readStructures, type Structure } from './inspect/structure.ts'
import { load, type Loaded } from './load.ts'
import type { Request } from './request.ts'
import { unreadOf, type Unread } from './tables.ts'

export interface SchemaRequest extends Request {
  /** Services and tables, mixed: a word that is a service's name, alias or glob is that, any other one is a table's. */
  words: readonly string[]
  /** Also partitions, the tools' tables, the ledger, and what extensions brought. */
  all?: boolean
}

export interface SchemaColumn extends Column {
  /** Ids of the migration that made it and of those that changed it; null where that is not known. */
  madeBy: string | null
  changedBy: string[]
}

/** A constraint, index or trigger, with the id of the migration that made it; null where that is not known. */
export type Made<Part> = Part & { madeBy: string | null }

export interface SchemaTable {
  database: string
  schema: string
  name: string
  kind: Relation['kind']
  partitionOf: string | null
  comment: string | null
  holds: Owned['holds']
  /** Whose migration made it, and which; null where no migration that can be read did. */
  service: string | null
  migration: string | null
  /** Ids of later migrations that changed it or something of it. */
  changedBy: string[]
  /** Where it is not known: services whose applied migrations cannot be read may have made it. */
  perhaps: string[]
  columns: SchemaColumn[]
  primaryKey: Made<Constraint> | null
  unique: Made<Constraint>[]
  foreignKeys: Made<ForeignKey>[]
  checks: Made<Constraint>[]
  exclusions: Made<Constraint>[]
  indexes: Made<Structure['indexes'][number]>[]
  triggers: Made<Structure['triggers'][number]>[]
}

export interface SchemaResult {
  tables: SchemaTable[]
  unread: Unread[]
}

/**
 * What the tables of the selected services are made of, and which migration made and changed what. One connection for each database; locks nothing but
 * ACCESS SHARE. Throws USAGE for a table that is not there, SERVICE-AMBIGUOUS.
 */
export async function schema(request: SchemaRequest, ports: Ports): Promise<SchemaResult> {
  const read = await load({ ...request, services: [] }, ports)
  const { services, names } = wordsOf(request, read)
  const loaded = { ...read, selected: services }
  const named = new Set<string>()
  const seen = new Set<string>()
  const answers = await inspectDatabases(request, ports, { loaded }, async (session, database) => {
    const owned = ownedTables(await readRelations(session), database, request.all === true || names.length > 0)
    const homes = new Set(database.services.filter((one) => one.selected).map((one) => one.home))
    for (const { relation, holds } of owned) if (holds === 'data') seen.add(`${relation.schema}.${relation.name}`)
    const wanted = owned.filter(({ relation }) => {
      if (names.length === 0) return relation.partitionOf === null || request.all === true
      const mine = names.filter((name) => isCalled(relation, name, owned, homes))
      for (const name of mine) named.add(name)
      return mine.length > 0
    })
    const structures = await readStructures(
      session,
      wanted.map(({ relation }) => relation.oid),
    )
    return {
      tables: wanted.flatMap((one) => {
        const found = structures.get(one.relation.oid)
        return found === undefined ? [] : [schemaTable(one, found, database.label)]
      }),
      unread: unreadOf(database),
    }
  })
  const missing = names.find((name) => !named.has(name))
  if (missing !== undefined) throw unknownWord(missing, loaded, seen)
  return { tables: answers.flatMap((one) => one.tables), unread: answers.flatMap((one) => one.unread) }
}

/** Without a service among the words, all of them. */
function wordsOf({ words, services }: SchemaRequest, { workspace }: Loaded): { services: Set<string>; names: string[] } {
  const chosen = new Set<string>()
  const names: string[] = []
  for (const word of [...services, ...words]) {
    const found = matchServices(workspace.services, word)
    for (const service of found) chosen.add(service.name)
    if (found.length === 0) names.push(word)
  }
  return { services: chosen.size > 0 ? chosen : new Set(workspace.services.map((service) => service.name)), names }
}

/** `table` or `schema.table`; a bare name means the one at home where there is one, else every one of that name. */
function isCalled(relation: Relation, name: string, all: readonly Owned[], homes: ReadonlySet<string>): boolean {
  if (`${relation.schema}.${relation.name}` === name) return true
  if (relation.name !== name) return false
  return homes.has(relation.schema) || !all.some((one) => one.relation.name === name && homes.has(one.relation.schema))
}

function unknownWord(word: string, { workspace }: Loaded, seen: ReadonlySet<string>): SkeinError {
  const services = workspace.services.flatMap((one) => [one.name, ...one.aliases])
  const tables = [...seen].flatMap((full) => [full, full.slice(full.indexOf('.') + 1)])
  const guess = nearest(word, [...services, ...tables])
  const listed = [...seen].slice(0, 12)
  return new SkeinError('USAGE', {
    message: `there is no service and no table ${word}`,
    hint:
      guess === undefined
        ? `tables here: ${listed.join(', ') || 'none'}${seen.size > listed.length ? ` and ${seen.size - listed.length} more (skein tables)` : ''}`
        : `did you mean ${guess}?`,
    data: { tables: [...seen] },
  })
}

function schemaTable({ relation, holds, service, migration, story, perhaps }: Owned, found: Structure, database: string): SchemaTable {
  const { oid: _, columns, ...parts } = found
  const { schema: inSchema, name, kind, partitionOf, comment } = relation
  const made = <Part extends { name: string; columns?: readonly string[] }>(
    part: Part,
    what: TablePart['kind'],
    type?: ConstraintType,
  ) => ({
    ...part,
    madeBy: story === undefined ? null : whoMade(story.parts, { kind: what, name: part.name, type, columns: part.columns }),
  })
  return {
    database,
    schema: inSchema,
    name,
    kind,
    partitionOf,
    comment,
    holds,
    service,
    migration,
    changedBy: story?.changedBy ?? [],
    perhaps,
    columns: columns.map((column) => {
      const told = story?.columns.get(column.name)
      return { ...column, madeBy: told?.madeBy ?? null, changedBy: told?.changedBy ?? [] }
    }),
    primaryKey: parts.primaryKey === null ? null : made(parts.primaryKey, 'constraint', 'p'),
    unique: parts.unique.map((one) => made(one, 'constraint', 'u')),
    foreignKeys: parts.foreignKeys.map((one) => made(one, 'constraint', 'f')),
    checks: parts.checks.map((one) => made(one, 'constraint', 'c')),
    exclusions: parts.exclusions.map((one) => made(one, 'constraint', 'x')),
    indexes: parts.indexes.map((one) => made(one, 'index')),
    triggers: parts.triggers.map((one) => made(one, 'trigger')),
  }
}
