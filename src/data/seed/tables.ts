import type { Session } from '../../postgres/session.ts'

/** A table as far as rows for it have to know. */
export interface Table {
  oid: string
  /** Quoted and schema-qualified. */
  identity: string
  columns: ReadonlyMap<string, { type: string; array: boolean; json: boolean; always: boolean; sequence: string | null }>
  /** Columns of each unique index that ON CONFLICT can name; the primary key first. */
  keys: readonly (readonly string[])[]
  /** Tables (oid) that a foreign key that is checked at once points to. */
  refersTo: ReadonlySet<string>
}

interface Found {
  asked: string
  oid: string
  identity: string
  columns: { name: string; type: string; array: boolean; json: boolean; always: boolean; sequence: string | null }[] | null
  keys: string[][] | null
  refers: string[] | null
}

/** The tables of these names as the search_path finds them; one that is not there is left out. Names are taken as written. Takes ACCESS SHARE on catalogues. */
export async function readTables(session: Session, names: readonly string[]): Promise<Map<string, Table>> {
  const rows = await session.query<Found>(sql, [names])
  return new Map(
    rows.map((row) => [
      row.asked,
      {
        oid: row.oid,
        identity: row.identity,
        columns: new Map((row.columns ?? []).map(({ name, ...one }) => [name, one])),
        keys: row.keys ?? [],
        refersTo: new Set(row.refers),
      },
    ]),
  )
}

const sql = `select a.asked, c.oid::text as oid, format('%I.%I', n.nspname, c.relname) as identity,
  (select json_agg(json_build_object('name', t.attname, 'type', format_type(t.atttypid, t.atttypmod), 'array', y.typcategory = 'A',
     'json', y.typname in ('json', 'jsonb'), 'always', t.attidentity = 'a', 'sequence', pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), t.attname)) order by t.attnum)
   from pg_attribute t join pg_type y on y.oid = t.atttypid where t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped) as columns,
  (select json_agg(k.names order by k.first desc, k.oid) from (
     select i.indexrelid as oid, i.indisprimary as first,
       (select json_agg(t.attname order by u.at) from unnest(i.indkey::int2[]) with ordinality u(num, at) join pg_attribute t on t.attrelid = c.oid and t.attnum = u.num where u.at <= i.indnkeyatts) as names
     from pg_index i where i.indrelid = c.oid and i.indisunique and i.indimmediate and i.indisvalid and i.indpred is null and i.indexprs is null) k) as keys,
  (select json_agg(distinct f.confrelid::text) from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and not f.condeferrable and f.confrelid <> c.oid) as refers
from unnest($1::text[]) a(asked)
join pg_class c on c.relkind in ('r', 'p') and c.oid = (select o.oid from pg_class o join pg_namespace s on s.oid = o.relnamespace
  where o.relkind in ('r', 'p') and (s.nspname || '.' || o.relname = a.asked or o.relname = a.asked and pg_table_is_visible(o.oid)) order by s.nspname || '.' || o.relname = a.asked desc limit 1)
join pg_namespace n on n.oid = c.relnamespace`
