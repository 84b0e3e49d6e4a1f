import type { MadeObject } from '../../sql/made-objects.ts'

/** Something that files make, and whether the database has it. */
export interface Sighting {
  kind: MadeObject['kind']
  name: string
  there: boolean
}

/** What was read of one service before it is adopted, and what speaks for it and against it. Nothing here was written. */
export interface AdoptEvidence {
  service: string
  tool: string
  /** host:port/database, no password. */
  database: string
  /** The tool's table. `columns` as the catalogue has them, null when it is not there; `rows`: those of this service. */
  table: { schema: string; name: string; columns: string[] | null; rows: number }
  /** Ids of applied migrations that have a file here, in the tool's order. */
  matched: string[]
  /** How many of them no row says: they are below the version that one row names. */
  assumed: number
  /** Versions in the table without a file here. */
  unknown: string[]
  /** Ids of files that the table does not have. */
  pending: string[]
  /** What the applied files make, looked up in the catalogue. */
  made: Sighting[]
  /** Ids of applied migrations whose text could not be looked into. */
  unread: string[]
  /** What speaks against it, or has to be known first, each with what to do. */
  doubts: string[]
  /** Versions that the ledger learns of, and those that it takes back. */
  add: string[]
  remove: string[]
}
