import { checkPart, runPieces } from '../data/seed/insert.ts'
import { orderPieces, type Piece } from '../data/seed/order.ts'
import { rememberedSeeds } from '../data/seed/remembered.ts'
import { invalid, type Part, type SeedFile } from '../data/seed/seed-file.ts'
import { readTables, type Table } from '../data/seed/tables.ts'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { serviceOrder } from '../plan/service-order.ts'
import { connect } from '../postgres/connect.ts'
import { ident } from '../postgres/quote.ts'
import type { Session } from '../postgres/session.ts'
import { analyseSafely, loadParser } from '../sql/front.ts'
import { type Edit, editHistory } from './edit-history.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'
import { findSeeds } from './seed/find-seeds.ts'
import { allowedSeeds } from './seed/refuse-seeds.ts'
import { type Survey, tiersOf } from './survey.ts'

export interface SeedRequest extends RunRequest {
  /** A sub-folder of seeds that is taken after the base files and the environment's. */
  set?: string
  /** Unchanged files run again. */
  force?: boolean
}

/** What was, or would be, seeded of one service. */
export interface Seeding {
  service: string
  database: string
  environment: string | null
  files: {
    file: string
    /** Unchanged since it ran here: left out. */
    skipped: boolean
    /** Of a file of SQL nobody knows before. */
    tables: { table: string; rows: number }[]
  }[]
}

export interface SeedReport {
  dryRun: boolean
  services: Seeding[]
  exit: number
}

/**
 * Runs the seeds of the selected services: all of a service in one transaction, under its locks, with an entry in the audit chain. Files that ran here
 * as they are are left out. A dry run reads files and catalogue and writes nothing. Throws SEED-REFUSED, SEED-INVALID, SEED-FAILED, PENDING, USAGE.
 */
export async function seed(request: SeedRequest, ports: Ports): Promise<SeedReport> {
  await loadParser()
  let services: Seeding[] = []
  const report = await editHistory('seed', request, ports, async (found) => {
    services = []
    return edits(found, request, services)
  })
  return { dryRun: request.dryRun === true, services, exit: report.exit }
}

async function edits(found: Survey, request: SeedRequest, services: Seeding[]): Promise<Edit[]> {
  const { all, selected, workspace } = found.loaded
  const order = serviceOrder(
    all.map((one) => one.service),
    tiersOf(found.loaded),
  ).filter((name) => selected.has(name))
  const made: Edit[] = []
  for (const name of order) {
    const looked = found.looked.get(name) as Looked
    const { service } = looked.loaded
    const listed = allowedSeeds(service, workspace.root, looked.meta?.environment ?? undefined)
    const choice = { root: workspace.root, services: workspace.services, set: request.set, listed }
    const files = findSeeds(service, choice)
    if (files.length > 0) refusePending(found, name)
    for (const file of files) await refuseControl(file)
    const { seeding, pieces, due } = await prepare(looked, files, request.force === true)
    services.push(seeding)
    if (due.length > 0) made.push(editOf(looked, pieces, due))
  }
  return made
}

async function prepare(looked: Looked, files: readonly SeedFile[], force: boolean) {
  const { service } = looked.loaded
  const session = await connect({ ...looked.spec, searchPath: service.schema ?? looked.spec.searchPath }, { readOnly: true })
  try {
    const known = looked.ledger === undefined || force ? undefined : await rememberedSeeds(session, service.ledgerSchema, looked.key)
    const due = files.filter((one) => known?.get(one.name) !== one.hash)
    const tables = await readTables(session, [...new Set(due.flatMap((one) => one.parts.map((part) => part.table)))])
    for (const part of due.flatMap((one) => one.parts)) checkPart(part, tableOf(part, tables))
    const pieces = orderPieces(due, (part) => tableOf(part, tables))
    const seeding: Seeding = {
      service: service.name,
      database: looked.spec.label,
      environment: service.environment ?? null,
      files: files.map((one) => ({
        file: one.file,
        skipped: !due.includes(one),
        tables: one.parts.map((part) => ({ table: tables.get(part.table)?.identity ?? part.table, rows: part.rows.length })),
      })),
    }
    return { seeding, pieces, due }
  } finally {
    await session.end()
  }
}

function tableOf(part: Part, tables: ReadonlyMap<string, Table>): Table {
  const table = tables.get(part.table)
  if (table !== undefined) return table
  throw invalid(
    { file: part.file, line: part.line },
    `there is no table ${part.table}`,
    'write schema.table as the catalogue has it; nothing was run',
  )
}

function editOf(looked: Looked, pieces: readonly Piece[], due: readonly SeedFile[]): Edit {
  const { role, name } = looked.loaded.service
  const during = async (session: Session) => {
    if (role !== undefined) await session.simple(`set local role ${ident(role)}`)
    await runPieces(session, pieces)
    await session.simple('reset role')
    return {}
  }
  return {
    service: name,
    add: [],
    remove: [],
    tool: false,
    during,
    details: { seeded: Object.fromEntries(due.map((one) => [one.name, one.hash])) },
  }
}

/** Seeds are written for the newest tables. */
function refusePending(found: Survey, name: string): void {
  const pending = found.reconciled.get(name)?.counts.pending ?? 0
  if (pending === 0) return
  throw new SkeinError('PENDING', {
    message: `${name} has ${pending} pending ${pending === 1 ? 'migration' : 'migrations'}, and seeds are for what they make; nothing was run`,
    hint: `skein up ${name}`,
    service: name,
  })
}

/** All seeds of a service are one transaction, which no file may end. */
async function refuseControl({ file, sql }: SeedFile): Promise<void> {
  if (sql === undefined) return
  const facts = await analyseSafely(sql)
  if (facts.error !== undefined) throw invalid({ file, ...facts.error.place }, facts.error.message, facts.error.hint)
  const wrong = facts.statements.find((one) => (one.control !== undefined && one.control !== 'savepoint') || one.autocommit !== undefined)
  if (wrong === undefined) return
  throw invalid(
    { file, line: wrong.line, column: wrong.column },
    `${wrong.kind} cannot stand in a file of seeds: all seeds of a service are one transaction`,
    'take it away; nothing was run',
  )
}
