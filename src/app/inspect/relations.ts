import type { Session } from '../../postgres/session.ts'

/** Something in a database that has rows, or shows some. */
export interface Relation {
  oid: string
  schema: string
  name: string
  kind: 'table' | 'partitioned table' | 'view' | 'materialized view' | 'foreign table'
  /** `schema.table` of which it is a partition. */
  partitionOf: string | null
  /** The server's estimate, of all partitions together; null where it never counted, and for views. */
  rows: number | null
  /** With indexes and TOAST, and all partitions; null where nothing is stored. */
  bytes: number | null
  comment: string | null
  /** It came with an extension. */
  extension: string | null
  /** The session's role may read it. */
  readable: boolean
  /** Row security hides some of its rows from the session's role. */
  hidesRows: boolean
  /** Of a materialized view: it was filled. */
  populated: boolean
}

/**
 * Every table and view of the database but PostgreSQL's own and temporary ones, by schema and name. Before version 14 a table that was never analysed
 * cannot be told from an empty one (PostgreSQL 14 release notes, pg_class.reltuples). Takes ACCESS SHARE on each table while its size is taken.
 */
export async function readRelations(session: Session): Promise<Relation[]> {
  const never = (name: string) => (session.version < 140_000 ? `${name}.reltuples = 0 and ${name}.relpages = 0` : `${name}.reltuples < 0`)
  const found = await session.query<Omit<Relation, 'rows' | 'bytes'> & { rows: string | null; bytes: string | null }>(
    `select c.oid::text as oid, n.nspname::text as schema, c.relname::text as name,
       case c.relkind when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end as kind,
       (select pn.nspname || '.' || p.relname from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
          where c.relispartition and i.inhrelid = c.oid) as "partitionOf",
       case when c.relkind = 'p' then (select case when not bool_or(${never('l')}) then sum(l.reltuples)::float8 end
              from pg_partition_tree(c.oid) t join pg_class l on l.oid = t.relid where t.isleaf and l.relkind <> 'p')
            when c.relkind <> 'v' and not (${never('c')}) then c.reltuples::float8 end as rows,
       case when c.relkind = 'p' then (select coalesce(sum(pg_total_relation_size(t.relid)), 0)::float8 from pg_partition_tree(c.oid) t)
            when c.relkind in ('r', 'm') then pg_total_relation_size(c.oid)::float8 end as bytes,
       obj_description(c.oid, 'pg_class') as comment,
       (select e.extname::text from pg_depend d join pg_extension e on e.oid = d.refobjid
          where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e') as extension,
       has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as readable,
       row_security_active(c.oid) as "hidesRows", c.relispopulated as populated
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by n.nspname, c.relname`,
  )
  return found.map((one) => ({ ...one, rows: numeric(one.rows), bytes: numeric(one.bytes) }))
}

/** What does not fit four bytes arrives as text. */
export function numeric(value: string | null): number | null {
  return value === null ? null : Number(value)
}
