/** A time for people, to the second and in UTC, which the Z says: `2026-01-31 08:15:00Z`. */
export function utc(time: string): string {
  return new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
}
