import type { Ports } from '../model/ports.ts'
import { inspectDatabases, type InspectedDatabase } from './inspect/databases.ts'
import { type Owned, ownedTables } from './inspect/owned.ts'
import { readRelations, type Relation } from './inspect/relations.ts'
import type { Request } from './request.ts'

export interface TablesRequest extends Request {
  /** Also the tools' tables, the ledger, and what extensions brought. */
  all?: boolean
}

export interface TableRow {
  /** host:port/database as user; no password. */
  database: string
  schema: string
  name: string
  kind: Relation['kind']
  /** `schema.table` */
  partitionOf: string | null
  /** The server's estimate; null where it never counted, and for views. */
  rows: number | null
  /** Bytes with indexes and TOAST; null for views. */
  size: number | null
  holds: Owned['holds']
  /** Whose migration made it; null where no migration that can be read did. */
  service: string | null
  /** Id of that migration. */
  migration: string | null
  /** Where it is not known: services whose applied migrations cannot be read may have made it. */
  perhaps: string[]
  comment: string | null
}

/** Applied migrations in code, or that do not parse: what they made is not known. */
export interface Unread {
  service: string
  migrations: string[]
}

export interface TablesResult {
  tables: TableRow[]
  unread: Unread[]
}

/** The tables and views of the selected services, with who made them. One connection for each database; locks nothing but ACCESS SHARE. */
export async function tables(request: TablesRequest, ports: Ports): Promise<TablesResult> {
  const answers = await inspectDatabases(request, ports, {}, async (session, database) => {
    const found = ownedTables(await readRelations(session), database, request.all === true)
    return { tables: found.map((one) => tableRow(one, database)), unread: unreadOf(database) }
  })
  return { tables: answers.flatMap((one) => one.tables), unread: answers.flatMap((one) => one.unread) }
}

function tableRow({ relation, holds, service, migration, perhaps }: Owned, { label }: InspectedDatabase): TableRow {
  const { schema, name, kind, partitionOf, rows, bytes, comment } = relation
  return { database: label, schema, name, kind, partitionOf, rows, size: bytes, holds, service, migration, perhaps, comment }
}

/** What cannot be read of the selected services. */
export function unreadOf({ services }: InspectedDatabase): Unread[] {
  return services.flatMap((one) => (one.selected && one.unread.length > 0 ? [{ service: one.name, migrations: one.unread }] : []))
}
