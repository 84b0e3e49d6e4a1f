/** One result of one statement in a simple query. */
export interface StatementResult {
  command: string
  rowCount: number | null
  rows: Record<string, unknown>[]
}

/** What PostgreSQL said, kept whole. `position` is 1-based in characters of the text that was sent. */
export interface ServerError extends Error {
  code: string
  detail?: string
  hint?: string
  position?: string
  internalPosition?: string
  where?: string
  schema?: string
  table?: string
  column?: string
  constraint?: string
  severity?: string
  /** How many statements of the message had been completed before the one that failed; set by sessions of connect.ts. A syntax error anywhere in a message makes it 0. */
  completed?: number
}

export interface Notice {
  severity: string
  code: string
  message: string
}

/**
 * One connection. Sends are queued and answered in order; a simple query is on the wire at once, without waiting for the answer before it
 * (pipelining), so callers may start several and await them in order.
 */
export interface Session {
  readonly pid: number
  /** server_version_num, e.g. 170010. */
  readonly version: number
  /** `host:port/database` or `socket/database`, as `user`: never a password. For messages. */
  readonly label: string
  /** Simple query protocol: several statements in one message are one implicit transaction. Rejects with a ServerError, or SERVER-LOST. */
  simple(text: string): Promise<StatementResult[]>
  /** Extended protocol with parameters. */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Which host of several it reached, and whether TLS was agreed on. */
  readonly reached: { host: Host; encrypted: boolean }
  onNotice(listener: (notice: Notice) => void): () => void
  /** True once the connection is gone. */
  readonly closed: boolean
  end(): Promise<void>
}

/** How to reach a server, resolved from URL, DSN, environment and files. Contains a password: never print it; print `label`. */
export interface ConnectionSpec {
  readonly label: string
  /** Hosts to try in order (multi-host URLs). */
  readonly hosts: readonly Host[]
  readonly user: string
  readonly database: string
  readonly password?: string
  readonly sslmode: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
  readonly ssl: {
    rootcert?: string
    cert?: string
    key?: string
    negotiation?: 'postgres' | 'direct'
    crl?: string
    /** Of the key file. A secret. */
    keyPassword?: string
    channelBinding?: 'disable' | 'prefer' | 'require'
    minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
    maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  }
  readonly targetSessionAttrs: 'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby'
  readonly connectTimeoutMs: number
  readonly applicationName: string
  readonly options?: string
  readonly searchPath?: string
  /** The database part as golang-migrate's CLI hashes it: the decoded URL path with its leading slash; undefined when the URL had none. */
  readonly urlPath?: string
  /** Parameters that start with `x-` (golang-migrate's), which no server is told of. */
  readonly extra?: Readonly<Record<string, string>>
  /** What a person should know: a password file that was ignored. */
  readonly warnings?: readonly string[]
}

/** A host name, an address, or (starting with `/`) the folder of a socket. */
export interface Host {
  readonly host: string
  readonly port: number
  /** The address to connect to, where `host` is only the name that the certificate must have. */
  readonly hostaddr?: string
  /** From a password file, where the connection string has none. */
  readonly password?: string
}
