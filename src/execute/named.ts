import { ident } from '../postgres/quote.ts'

/** A name as it is written, quoted; null for none. */
export function named(schema: string | undefined, name: string): string
export function named(schema: string | undefined, name: string | undefined): string | null
export function named(schema: string | undefined, name: string | undefined): string | null {
  if (name === undefined) return null
  return schema === undefined ? ident(name) : `${ident(schema)}.${ident(name)}`
}
