import type { Version } from './version.ts'

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** One object of a database, by names only: two databases that were made alike give the same rows, whatever their OIDs are. */
export interface CatalogueRow {
  kind: string
  /** Unique among rows of its kind, quoted as SQL needs it: `public.users`, `public.users.email`, `public.f(integer)`. */
  identity: string
  /** What is true of it; facts that have their default value are left out. */
  facts: { readonly [name: string]: Json }
  /** The schema that it lies in, as the catalogue has it. */
  schema?: string
  /** The table, view or sequence that it is or belongs to. */
  table?: string
}

/** How rows of one kind are read: a select that gives identity, schema, "table" and facts (jsonb). Small, side by side with its neighbours in kinds/. */
export interface Kind {
  kind: string
  select: (version: Version) => string
}
