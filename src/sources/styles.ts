/**
 * What tells layouts apart whose file names overlap. `001_users.up.sql` is a migration for golang-migrate and for a numbered runner alike,
 * and a stamped name is one for golang-migrate too, so each `recognise` follows one rule:
 *
 * - golang-migrate: 2 with a `.up.sql` or `.down.sql` whose number no other layout writes (14 digits, six digits with zeros, no padding); else 1,
 *   and 1 as soon as one name carries a stamp;
 * - numbered: 2 with a `NNN_name_up.sql` (golang-migrate ignores it); 1 with `NNN_name.up.sql`;
 * - stamped: 2 when every .up.sql and .down.sql carries a stamp; 1 when some do;
 * - diesel: 2 with a folder that starts with a digit and holds `up.sql`; 1 when its name starts otherwise.
 *
 * The caller takes the highest score; equal scores are an ambiguity that only `tool:` can settle. A folder of nothing but `001_x.up.sql` is one:
 * its names do not say which of two tables its history is in.
 */
export const stampedName = /^\d{14}_[0-9a-f]{8}_.+\.(?:up|down)\.sql$/

/** Digits as `%03d` writes them: three, or more once the count has outgrown three. */
export function isThreeDigitStyle(digits: string): boolean {
  return digits.length === 3 || (digits.length > 3 && digits.length < 8 && !digits.startsWith('0'))
}

/** The first few names, as evidence for people. */
export function evidenceOf(names: readonly string[]): string[] {
  return names.slice(0, 3)
}
