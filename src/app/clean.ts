import { type CleanTable, countRows, emptyTables, outsideReferences } from '../data/clean/clean-tables.ts'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { connect } from '../postgres/connect.ts'
import type { Session } from '../postgres/session.ts'
import { loadParser } from '../sql/front.ts'
import { readCatalogue, type Thing } from './drop/catalogue.ts'
import { madeBy, thingsMade } from './drop/made-things.ts'
import { type Edit, editHistory } from './edit-history.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'
import type { Survey } from './survey.ts'

export interface CleanRequest extends RunRequest {
  because?: string
}

/** The tables of one service. `after` is null in a dry run. */
export interface Cleaning {
  service: string
  database: string
  tables: { table: string; before: number; after: number | null }[]
}

export interface CleanReport {
  dryRun: boolean
  services: Cleaning[]
  exit: number
}

/**
 * Deletes all rows of the tables that the applied migrations of the selected services made, in one transaction for each database; migrations stay
 * applied, and seeds are due again. Tools' tables and the ledger stay. Takes the services' locks and ACCESS EXCLUSIVE on the tables. A dry run counts
 * only. Throws DESTRUCTIVE-REFUSED, and USAGE where others refer to the tables or nobody can tell whose tables they are.
 */
export async function clean(request: CleanRequest, ports: Ports): Promise<CleanReport> {
  await loadParser()
  let services: Cleaning[] = []
  const report = await editHistory('clean', request, ports, async (found) => {
    services = []
    return edits(found, services)
  })
  return { dryRun: request.dryRun === true, services, exit: report.exit }
}

interface Group {
  services: Looked[]
  tables: { service: string; table: CleanTable }[]
}

async function edits(found: Survey, services: Cleaning[]): Promise<Edit[]> {
  const groups = new Map<string, Looked[]>()
  for (const name of found.loaded.selected) {
    const looked = found.looked.get(name) as Looked
    groups.set(looked.target.id, [...(groups.get(looked.target.id) ?? []), looked])
  }
  const made: Edit[] = []
  for (const members of groups.values()) made.push(...(await editsOf(found, members, services)))
  return made
}

/** The first service of a database empties the tables of all of them: tables that refer to each other can only be emptied together. */
async function editsOf(found: Survey, members: Looked[], services: Cleaning[]): Promise<Edit[]> {
  const group: Group = { services: members, tables: [] }
  for (const looked of members) {
    const { service } = looked.loaded
    const session = await connect({ ...looked.spec, searchPath: service.schema ?? looked.spec.searchPath }, { readOnly: true })
    try {
      const known = new Set(group.tables.map((one) => one.table.objid))
      const tables = (await tablesOf(found, looked, session)).filter((one) => !known.has(one.objid))
      group.tables.push(...tables.map((table) => ({ service: service.name, table })))
      const before = await countRows(session, tables)
      services.push({
        service: service.name,
        database: looked.spec.label,
        tables: tables.map((one, at) => ({ table: one.identity, before: before[at] ?? 0, after: null })),
      })
      if (looked === members.at(-1)) await refuseOutside(session, group)
    } finally {
      await session.end()
    }
  }
  const names = members.map((one) => one.loaded.service.name)
  const mine = services.filter((one) => names.includes(one.service))
  return members.map((looked, at) => ({
    service: looked.loaded.service.name,
    add: [],
    remove: [],
    tool: false,
    ...(at === 0 ? { during: (session: Session) => run(session, group, mine) } : {}),
    details: { histories: members.map((one) => one.key) },
  }))
}

async function run(session: Session, { services, tables }: Group, report: Cleaning[]): Promise<Readonly<Record<string, unknown>>> {
  const all = tables.map((one) => one.table)
  const before = await countRows(session, all)
  const roles = new Set(services.map((one) => one.loaded.service.role))
  await emptyTables(session, all, roles.size === 1 ? [...roles][0] : undefined)
  const after = await countRows(session, all)
  for (const [at, { service, table }] of tables.entries()) {
    const row = report.find((one) => one.service === service)?.tables.find((one) => one.table === table.identity)
    if (row !== undefined) Object.assign(row, { before: before[at], after: after[at] })
  }
  return { cleaned: Object.fromEntries(all.map((one, at) => [one.identity, before[at]])) }
}

async function tablesOf(found: Survey, looked: Looked, session: Session): Promise<Thing[]> {
  const { service } = looked.loaded
  const own = new Set(
    [...found.looked.values()]
      .filter((one) => one.target.id === looked.target.id)
      .flatMap((one) => [one.table.table, ...one.history.furtherTables].map((name) => `${one.table.schema}.${name}`)),
  )
  const tables = (await readCatalogue(session, service.ledgerSchema)).filter(
    (one) => one.kind === 'table' && !own.has(`${one.schema}.${one.name}`),
  )
  const made = await madeBy(looked)
  if (made.unread.length === 0) return thingsMade(made.objects, tables)
  const others = found.loaded.all.some(
    (one) => one.service.name !== service.name && (found.looked.get(one.service.name)?.target.id ?? looked.target.id) === looked.target.id,
  )
  if (!others) return tables.filter((one) => one.schema === looked.table.schema)
  throw new SkeinError('USAGE', {
    message: `${service.name}: which tables are its own cannot be told from ${made.unread.slice(0, 5).join(', ')}, and other services may use the same database`,
    hint: 'give the service a database of its own, or empty its tables by SQL; nothing was run',
    service: service.name,
    data: { unread: made.unread },
  })
}

async function refuseOutside(session: Session, { services, tables }: Group): Promise<void> {
  const users = await outsideReferences(
    session,
    tables.map((one) => one.table),
  )
  if (users.length === 0) return
  const names = services.map((one) => one.loaded.service.name).join(', ')
  throw new SkeinError('USAGE', {
    message: `${names}: tables of others refer to what would be emptied: ${users.slice(0, 10).join('; ')}${users.length > 10 ? '; …' : ''}`,
    hint: 'clean their service in the same command, or empty these tables first; nothing was run',
    data: { users },
  })
}
