import type { Direction } from '../model/migration.ts'
import type { Place } from '../model/errors.ts'

/** Where and with what migrations in code run. Everything is resolved; nothing here reads process.env. */
export interface RuntimeSpec {
  /** Name of the service, for messages. */
  service: string
  /** Absolute folders of the migrations (`path:`). */
  folders: readonly string[]
  /** Absolute root of the workspace: places are told relative to it. */
  root: string
  /** `runtime:` of the service: datasource, node, loader, cwd · python, config, section, cwd. */
  options: Readonly<Record<string, string>>
  /** The whole environment of the child, with the connection of the service in it (DATABASE_URL, PG*, DB_*). */
  env: Readonly<Record<string, string | undefined>>
  /** A line that the child printed, on either stream. Not masked yet. */
  onOutput(line: string, stream: 'stdout' | 'stderr'): void
}

/** What only running the program tells: asked once and cached by the caller. */
export interface RuntimeFacts {
  /** The tool's table as the program configures it; undefined: the tool's default. */
  table?: string
  schema?: string
  /** TypeORM: migrationsTransactionMode; Alembic: whether env.py says transaction_per_migration. */
  transaction?: 'all' | 'each' | 'none'
  /** Migrations in the tool's own order, by the names that its table has. */
  migrations: readonly RuntimeMigration[]
  /** Version of the tool: `0.3.31`. */
  toolVersion: string
}

export interface RuntimeMigration {
  version: string
  /** Absolute path. */
  file?: string
  parents?: readonly string[]
  /** TypeORM: what the class itself says of transactions. In mode `all` TypeORM refuses the whole run when a pending one says anything. */
  transaction?: boolean
}

/** One migration to run in one direction, on the child's own connection. */
export interface CodeStep {
  version: string
  direction: Direction
  /** The advisory lock of the parent that must be seen in pg_locks before anything runs: pid of its backend and the key's two halves as pg_locks shows them. The name of its database is for messages. */
  parent: { pid: number; classid: number; objid: number; database?: string }
  /** Taken shared (session level, pg_try_advisory_lock_shared) by the child's connection and held to its end: the next run must get it exclusively. */
  orphanKey: bigint
  /** SQL for the child's session before anything runs: timeouts, role, search_path. Statements ending in `;`. */
  session: string
  /** SQL that joins the migration's transaction behind the tool's own row; '' for none. Only used where the result says `recorded`. */
  ledger: string
}

export type CodeResult =
  | {
      ok: true
      ms: number
      /** It ran in one transaction, wholly. False: parts of it may have been committed by themselves (autocommit_block, get_bind().commit(), transaction = false). */
      atomic: boolean
      /** `ledger` was executed in that transaction. */
      recorded: boolean
    }
  | { ok: false; ms: number; failure: CodeFailure }

/** What went wrong in the child, as data. */
export interface CodeFailure {
  /** load: program or file cannot be loaded; connect; elsewhere: the handshake found no lock; orphan: an earlier child is still at work; migrate: the migration itself; ledger: our rows; commit; crash: the process ended; cancelled: by `cancel`. */
  stage: 'load' | 'connect' | 'elsewhere' | 'orphan' | 'migrate' | 'ledger' | 'commit' | 'crash' | 'cancelled'
  /** Class of the error: `QueryFailedError`, `SyntaxError`. */
  name: string
  message: string
  /** In the migration's own file where the stack leads there, else where it does lead. */
  place?: Place
  sqlstate?: string
  detail?: string
  hint?: string
  /** The SQL that failed. */
  statement?: string
  /** As the language prints it, frames of the tool itself left out. */
  stack?: string
}

/** A revision to be made. */
export interface NewRevision {
  message: string
  /** Bodies of the two functions, indented from their second line on; '' for none. */
  upgrades: string
  downgrades: string
  /** The revision it stands on; default: the only head. */
  head?: string
  /** It joins all heads. */
  merge?: boolean
}

/** The file (absolute path), or the heads where one has to be named, or where there is nothing to join. */
export type DraftedRevision = { revision: string; path: string; text: string } | { heads: readonly string[] }

/** A child process that runs migrations of one service, one after the other. */
export interface Runtime {
  readonly pid: number
  /** pid of the child's backend, once it is connected: whom to cancel. */
  readonly backendPid: number | undefined
  /** Loads the program, connects nowhere. Throws RUNTIME-MISSING, RUNTIME-INVALID, RUNTIME-FAILED. */
  facts(): Promise<RuntimeFacts>
  /** Runs one step. Rejects never: what goes wrong is in the result. */
  run(step: CodeStep): Promise<CodeResult>
  /** A new migration as the tool itself writes it, where only the tool can; writes nothing. Throws what `facts` throws. */
  draft?(wanted: NewRevision): Promise<DraftedRevision>
  /** Ends the process group at once; a step that runs ends with stage `cancelled`. The server rolls back what is open. */
  kill(): Promise<void>
  /** Closes the pipe: the child ends by itself; killed when it does not within 5 s. */
  end(): Promise<void>
}

/** Starts a child. One file for each tool makes one. Throws RUNTIME-MISSING with what to install. */
export type StartRuntime = (spec: RuntimeSpec) => Promise<Runtime>
