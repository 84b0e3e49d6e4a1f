import type { Need } from './service.ts'

export type Direction = 'up' | 'down'

/**
 * A file of SQL, or the part of one that is one direction (src/util/file-piece.ts), read when first asked and kept until `forget()`. Paths are
 * stable: `file` is relative to the workspace with forward slashes. Of a part, all but the paths is of the part alone. `raw` and `text` throw SOURCE-UNREADABLE, also when the content is no longer what `sha256` has told.
 */
export interface SqlFile {
  readonly kind: 'sql'
  readonly file: string
  /** Absolute path. */
  readonly path: string
  /** The bytes as they lie on disk; of a part, with an empty line for each line before it. */
  raw(): Buffer
  /** The bytes as UTF-8; what is sent to the server. */
  text(): string
  /** SHA-256 of the raw bytes, hex. */
  sha256(): string
  /** Lets the content go; hashes stay. */
  forget(): void
}

/** A migration in code (TypeORM class, Alembic revision), executed by its own runtime in a child process. */
export interface CodeFile {
  readonly kind: 'code'
  readonly file: string
  readonly path: string
  sha256(): string
  raw(): Buffer
  /** True where the source could not read it without running it: the runtime is asked. */
  readonly opaque: boolean
  /** The code of this direction does nothing (an empty body, `pass`), as far as it can be read. */
  readonly hollow?: boolean
  /**
   * TypeORM: the property `transaction` of the class, where it has one. Running up obeys it with `migrationsTransactionMode` each and none, and
   * refuses it with all; reverting does not look at it.
   */
  readonly transaction?: boolean
}

export type Risk = 'low' | 'medium' | 'high'

/** What a side file (dependencies.json) says of a migration. */
export interface MigrationMeta {
  description?: string
  /** Ids or versions of the same service that come before it, as written. */
  dependsOn?: readonly string[]
  affectsTables?: readonly string[]
  estimatedMs?: number
  risk?: Risk
  rollbackSafe?: boolean
  environment?: string
  /** Migrations of other services that come before it. */
  crossService?: readonly { service: string; version?: string }[]
}

/**
 * How a tool sends a file, before anything is known of its content:
 * - `split`: transaction where possible; statements that cannot run in one stand alone, the others between them form transactions;
 * - `implicit`: one simple query, in the transaction that the server puts around it (golang-migrate; Diesel with run_in_transaction = false);
 * - `always`: in a transaction, whatever it says (Diesel's default);
 * - `each`: statement by statement, each a transaction of its own (goose with NO TRANSACTION).
 */
export type Sending = 'split' | 'implicit' | 'always' | 'each'

/** One migration as its tool knows it. */
export interface Migration {
  /** The version as the tool writes it in its table, as text: golang-migrate '1', Diesel '20240102030405', stamped the whole base name. */
  version: string
  /** The title: `create_users`. */
  name: string
  /** How people and files call it: `000001_create_users`. Unique within a service. */
  id: string
  up: SqlFile | CodeFile | null
  down: SqlFile | CodeFile | null
  sending: Sending
  /** How the down is sent, where the tool says it for each direction (dbmate) and it is another way. */
  downSending?: Sending
  /** The environment folder it came from, or undefined for a base file. */
  environment?: string
  /** For sources whose order is a graph (Alembic): the versions it stands on. Undefined: after the one before it in the list. */
  parents?: string[]
  meta?: MigrationMeta
  /** What this one migration needs beyond what its service needs (from `meta`). */
  needs?: readonly Need[]
}
