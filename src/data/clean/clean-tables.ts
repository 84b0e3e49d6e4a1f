import { ident } from '../../postgres/quote.ts'
import type { Session } from '../../postgres/session.ts'

/** A table by its oid, and quoted and schema-qualified. */
export interface CleanTable {
  objid: string
  identity: string
}

/** Foreign keys from tables outside of the list to tables in it, in words: TRUNCATE would refuse them. Takes ACCESS SHARE on catalogues. */
export async function outsideReferences(session: Session, tables: readonly CleanTable[]): Promise<string[]> {
  const rows = await session.query<{ what: string }>(
    `select format('%I.%I (%I) refers to %I.%I', n.nspname, c.relname, f.conname, m.nspname, t.relname) as what
     from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_class t on t.oid = f.confrelid join pg_namespace m on m.oid = t.relnamespace
     where f.contype = 'f' and f.conparentid = 0 and f.confrelid = any ($1::oid[]) and f.conrelid <> all ($1::oid[]) order by 1`,
    [tables.map((one) => one.objid)],
  )
  return rows.map((row) => row.what)
}

/** How many rows each table has, partitions counted with their table. Reads all of them. Takes ACCESS SHARE. */
export async function countRows(session: Session, tables: readonly CleanTable[]): Promise<number[]> {
  if (tables.length === 0) return []
  const [row] = await session.query<{ counts: string[] }>(
    `select json_build_array(${tables.map((one) => `(select count(*)::text from ${one.identity})`).join(', ')}) as counts`,
  )
  return row?.counts.map(Number) ?? []
}

/**
 * Empties the tables together, so that foreign keys among them do not matter, and restarts their sequences; nothing outside is touched. In the open
 * transaction, as `role`. Takes ACCESS EXCLUSIVE; waits a minute for it.
 */
export async function emptyTables(session: Session, tables: readonly CleanTable[], role: string | undefined): Promise<void> {
  if (tables.length === 0) return
  const as = role === undefined ? '' : `set local role ${ident(role)};`
  await session.simple(
    `set local lock_timeout = '60s';${as}truncate table ${tables.map((one) => one.identity).join(', ')} restart identity restrict;reset role`,
  )
}
