import type { Ports } from '../model/ports.ts'
import { qualified } from '../postgres/quote.ts'
import type { Session } from '../postgres/session.ts'
import { inspectDatabases } from './inspect/databases.ts'
import { type Owned, ownedTables } from './inspect/owned.ts'
import { numeric, readRelations, type Relation } from './inspect/relations.ts'
import type { Request } from './request.ts'

export interface CountsRequest extends Request {
  /** What the server believes (pg_class.reltuples), instead of counting. */
  estimate?: boolean
  /** Also partitions one by one, the tools' tables, the ledger, and what extensions brought. */
  all?: boolean
  /** For each count, in milliseconds. */
  statementTimeoutMs?: number
}

export interface CountRow {
  database: string
  schema: string
  name: string
  kind: Relation['kind']
  service: string | null
  /** Null where it is not known, and `why` then says why. */
  rows: number | null
  /** `never analysed`, `not permitted`, `not filled`. */
  why: 'never analysed' | 'not permitted' | 'not filled' | null
  /** Row security hides rows from this role: there may be more. */
  hidesRows: boolean
}

export interface CountsResult {
  /** False for estimates. */
  exact: boolean
  tables: CountRow[]
}

/**
 * How many rows the tables of the selected services have; of a partitioned one all partitions together. Views and foreign tables are not counted. All
 * counts of a database are of one read-only snapshot. Reads every table once unless `estimate`; locks nothing but ACCESS SHARE. Throws TIMEOUT.
 */
export async function counts(request: CountsRequest, ports: Ports): Promise<CountsResult> {
  const { estimate = false, all = false, statementTimeoutMs } = request
  const answers = await inspectDatabases(request, ports, { statementTimeoutMs }, async (session, database) => {
    const rows: CountRow[] = []
    for (const one of ownedTables(await readRelations(session), database, all)) {
      const { relation } = one
      if (relation.kind === 'view' || relation.kind === 'foreign table' || (relation.partitionOf !== null && !all)) continue
      rows.push(row(one, database.label, estimate ? estimated(relation) : await counted(session, relation), !estimate))
    }
    return rows
  })
  return { exact: !estimate, tables: answers.flat() }
}

function row({ relation, service }: Owned, database: string, found: Pick<CountRow, 'rows' | 'why'>, exact: boolean): CountRow {
  const { schema, name, kind } = relation
  return { database, schema, name, kind, service, ...found, hidesRows: exact && relation.hidesRows }
}

function estimated({ rows }: Relation): Pick<CountRow, 'rows' | 'why'> {
  return { rows, why: rows === null ? 'never analysed' : null }
}

async function counted(session: Session, { schema, name, kind, readable, populated }: Relation): Promise<Pick<CountRow, 'rows' | 'why'>> {
  if (!readable) return { rows: null, why: 'not permitted' }
  if (!populated) return { rows: null, why: 'not filled' }
  // What inherits from a table is a table of its own; partitions are the table.
  const only = kind === 'table' ? 'only ' : ''
  const [answer] = await session.query<{ rows: string }>(`select count(*) as rows from ${only}${qualified(schema, name)}`)
  return { rows: numeric(answer?.rows ?? null), why: null }
}
