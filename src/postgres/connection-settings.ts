/** A connection string taken apart: libpq's keywords with their values as text. Contains a password: never print it. */
export interface ConnectionSettings {
  values: Record<string, string>
  /** The database part as golang-migrate's CLI hashes it: the decoded URL path with its leading slash. Undefined for a DSN and for a URL without a path. */
  urlPath?: string
  /** golang-migrate's own parameters (`x-migrations-table` …), which no server is told of. */
  extra: Record<string, string>
}
