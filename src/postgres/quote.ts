import { SkeinError } from '../model/errors.ts'

/**
 * An identifier, always in double quotes, so that no word is ever taken for a keyword or folded to lower case.
 * Locks nothing. Throws CONFIG-INVALID for an empty name or one with a NUL character, which PostgreSQL cannot hold.
 * Source: PostgreSQL manual, "Lexical Structure", identifiers and key words.
 */
export function ident(name: string): string {
  if (name === '')
    throw new SkeinError('CONFIG-INVALID', { message: 'a name of a table, column or schema is empty', hint: 'give it a name' })
  refuseNul(name)
  return `"${name.replaceAll('"', '""')}"`
}

/** `"schema"."name"`. Throws CONFIG-INVALID like {@link ident}. */
export function qualified(schema: string, name: string): string {
  return `${ident(schema)}.${ident(name)}`
}

/**
 * A value as SQL. Text becomes `'…'`, and `E'…'` only where a backslash occurs, so that it means the same whatever
 * `standard_conforming_strings` says. Throws CONFIG-INVALID for a NUL character and for a number that is not finite.
 * Source: PostgreSQL manual, "Lexical Structure", string constants.
 */
export function literal(value: string | number | boolean | bigint | null): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return numeric(value)
  refuseNul(value)
  const quoted = `'${value.replaceAll("'", "''")}'`
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

function numeric(value: number): string {
  if (Number.isFinite(value)) return String(value)
  throw new SkeinError('CONFIG-INVALID', { message: `${value} is not a number that PostgreSQL can hold as a literal` })
}

function refuseNul(text: string): void {
  if (!text.includes('\0')) return
  throw new SkeinError('CONFIG-INVALID', {
    message: `${JSON.stringify(text)} contains a NUL character, which PostgreSQL cannot hold`,
    hint: 'remove the character',
  })
}
