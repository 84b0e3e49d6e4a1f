import type { Place } from './errors.ts'
import type { Hook } from './hook.ts'

/** What a history *is*: tool, schema-qualified table, and the service value where the table has a service column. A service's name is only what people call it. */
export interface HistoryId {
  tool: string
  schema: string
  table: string
  service?: string
}

/** `tool:schema.table[#service]`: the text under which the ledger and our lock key know a history. */
export function historyKey(id: HistoryId): string {
  return `${id.tool}:${id.schema}.${id.table}${id.service === undefined ? '' : `#${id.service}`}`
}

/** One edge of `needs`: all of a service, or the service up to a version. */
export interface Need {
  service: string
  version?: string
  /** Where it was written: `needs`, or the tier rule that implies it. */
  because: string
}

export interface Policies {
  /** A new file that sorts before an applied one. `ignore` leaves it out of the plan (status still shows it). */
  outOfOrder: 'error' | 'run' | 'ignore'
  /** An applied file whose meaning changed. */
  changed: 'error' | 'warn' | 'redo'
  /** The database has versions that the files do not have. */
  ahead: 'error' | 'ok'
}

/** Something that the environment in force does not allow, and the key that says so. */
export interface Restriction {
  /** As people would call it: `environments.production.allow.destructive`. */
  key: string
  place: Place
}

/** What may not be run in the environment in force. */
export interface Restrictions {
  /** Statements that destroy data. */
  destructive?: Restriction
  /** The verbs reset and drop. */
  reset?: Restriction
  /** Under `destructive`: what nobody can look into (migrations in code, dynamic SQL) may run all the same. */
  code: boolean
}

/** What the environment in force wants before migrations of a risk run, or of a higher one. */
export interface Demand extends Restriction {
  from: 'low' | 'medium' | 'high'
}

/** What must come before a migration may run in the environment in force. */
export interface Demands {
  /** Somebody has said yes to exactly these steps. */
  approve?: Demand
  /** A backup of the database. */
  backup?: Demand
}

/** Where the history of a service is kept, as configured. */
export interface HistorySpec {
  /** Name of a member of src/histories. */
  name: string
  /** Undefined: the schema that the session finds first (current_schema()). */
  schema?: string
  table: string
  /** The workspace file names the table: what a program in code says of it does not count. */
  given?: true
  /** Value of the service column, for tables that many services share. */
  service?: string
  /** Column names where they may differ from the tool's own. */
  columns?: Record<string, string>
  /** Further advisory keys to hold while writing (a tool's wrapper or a trigger may demand them). */
  lockKeys: bigint[]
}

/** One migration history: a source, a history, a target. Everything here comes from skein.yaml or detection; nothing from a database. */
export interface Service {
  name: string
  aliases: string[]
  tool: string
  source: string
  history: HistorySpec
  /** Absolute folders, merged into one history. */
  paths: string[]
  /** The connection as configured: a URL, `embedded`, `embedded:NAME`, or undefined (flags and environment decide). Contains secrets: never print it. */
  database?: string
  /** Key and place of `database` in the workspace file, for messages. */
  databaseAt?: { key: string; place: Place }
  role?: string
  /** search_path for this service's sessions. */
  schema?: string
  /** Schema of the ledger; default `skein`. */
  ledgerSchema: string
  needs: Need[]
  tier?: string
  policies: Policies
  /** Of the environment in force; undefined when it forbids nothing. */
  restrictions?: Restrictions
  /** Of the environment in force; undefined when it asks for nothing. */
  demands?: Demands
  /** Environment folders beside the base files, and the one in force. */
  environment?: string
  environments?: string[]
  /** Where the workspace file speaks of it; undefined for a service that was detected. */
  place?: Place
  /** Absolute root of the skein.yaml it came from. */
  root: string
  /** Options of a code runtime. */
  runtime?: Record<string, string>
  /** Of the files around it and its own, outermost first, each file's in the order they are written. */
  hooks?: readonly Hook[]
  /** Absolute folders of its seeds; undefined: where they usually are. */
  seeds?: readonly string[]
}
