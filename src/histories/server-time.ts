import { literal } from '../postgres/quote.ts'

/**
 * A timestamp column (with or without time zone, as an SQL expression) as UTC without offset, for JSON. A `timestamp` holds the wall clock of
 * the session's time zone, which is what the tools' defaults write, so the server turns it round, with the same rules in both directions.
 */
export function selectUtc(column: string): string {
  return `${column}::timestamptz at time zone 'UTC'`
}

/** The JSON text of {@link selectUtc} as ISO 8601 UTC, all digits kept; null stays null. `infinity` stays what it is. */
export function parseUtc(cell: unknown): string | null {
  if (typeof cell !== 'string') return null
  return /^\d.*\d$/.test(cell) ? `${cell}Z` : cell
}

/** A row's time as SQL for a VALUES list: null is the column's default, the server's clock. */
export function timeValue(time: string | number | boolean | null | undefined): string {
  return time === null || time === undefined ? 'default' : `${literal(String(time))}::timestamptz`
}
