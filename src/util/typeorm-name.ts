/**
 * The timestamp in a TypeORM migration's name, in milliseconds: what `parseInt` makes of its last 13 characters, whatever stands before them.
 * Undefined where TypeORM refuses the name, which is for no number and for 0.
 * Source: TypeORM 0.3.31 and 1.1.1 migration/MigrationExecutor.js, getMigrations.
 */
export function typeormTimestamp(name: string): number | undefined {
  const timestamp = Number.parseInt(name.slice(-13), 10)
  return timestamp || undefined
}
