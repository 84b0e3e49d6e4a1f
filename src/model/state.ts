/** How a ledger row came to be (design: ledger). */
export type Kind = 'executed' | 'adopted' | 'observed' | 'assumed' | 'forced'

/** What one migration is, after files, tool's table and ledger were compared. */
export type MigrationState =
  | 'applied'
  | 'pending'
  /** Pending, but it sorts before an applied one. */
  | 'out-of-order'
  /** Applied, and its file is gone. */
  | 'missing'
  /** Applied, and its file says something else now. */
  | 'changed'
  /** In the database, unknown to these files, and newer than all of them. */
  | 'ahead'
  /** Stopped half-way; `up` goes on. */
  | 'partial'
  /** The tool's table says it broke off. */
  | 'dirty'
  /** Below a high-water mark: the tool takes it as applied, nobody has seen it run. */
  | 'assumed'

export type ServiceState = 'up-to-date' | 'pending' | 'ahead' | 'dirty' | 'partial' | 'changed' | 'unreachable'
