import type { Session } from '../../postgres/session.ts'

/** Bytes on disk of the database of a session, indexes and all. Locks nothing: the sizes of its tables would have to wait for whoever has one locked. */
export async function databaseSize(session: Session): Promise<number> {
  const [row] = await session.query<{ size: number }>('select pg_database_size(current_database())::float8 as size')
  return row?.size ?? 0
}
