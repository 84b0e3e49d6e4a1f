import type { CatalogueRow } from './kind.ts'

/** Rows by kind and identity, bytewise: the same everywhere, whatever the collation of a database or a machine. */
export function sorted(rows: readonly CatalogueRow[]): CatalogueRow[] {
  const keyed = rows.map((row) => ({ row, key: Buffer.from(rowKey(row)) }))
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ row }) => row)
}

/** What a row is known by. NUL occurs in no name. */
export function rowKey({ kind, identity }: { kind: string; identity: string }): string {
  return `${kind}\0${identity}`
}
