import { recogniseTable } from '../../histories/recognise-table.ts'
import type { Session } from '../../postgres/session.ts'
import type { MadeObject } from '../../sql/made-objects.ts'
import { nameOfObject } from '../repair/evidence.ts'
import type { Sighting } from './evidence.ts'

/**
 * Which of these the database has. Where the text names no schema, one of that name in any schema counts: which search_path its tool had is not known.
 * One query, whatever their number. Takes ACCESS SHARE on catalogues.
 */
export async function sightings(session: Session, objects: readonly MadeObject[]): Promise<Sighting[]> {
  if (objects.length === 0) return []
  const asked = [
    objects.map((one) => one.kind),
    objects.map((one) => one.name),
    objects.map((one) => one.schema ?? ''),
    objects.map((one) => one.table ?? ''),
  ]
  const rows = await session.query<{ there: boolean }>(
    `select case
       when o.kind = 'schema' then exists (select 1 from pg_namespace n where n.nspname = o.name)
       when o.kind = 'function' then exists (select 1 from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where p.proname = o.name and (o.schema = n.nspname or o.schema = '' and n.nspname !~ '^pg_'))
       when o.kind = 'type' then exists (select 1 from pg_type t join pg_namespace n on n.oid = t.typnamespace
         where t.typname = o.name and (o.schema = n.nspname or o.schema = '' and n.nspname !~ '^pg_'))
       when o.kind = 'column' then exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attname = o.name and not a.attisdropped
         where c.relname = o.tab and (o.schema = n.nspname or o.schema = '' and n.nspname !~ '^pg_'))
       else exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relname = o.name and (o.schema = n.nspname or o.schema = '' and n.nspname !~ '^pg_')
         and c.relkind = any (case o.kind when 'index' then '{i,I}' when 'view' then '{v}' when 'materialized view' then '{m}'
           when 'sequence' then '{S}' else '{r,p,f}' end::"char"[]))
       end as there
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality o(kind, name, schema, tab, n) order by o.n`,
    asked,
  )
  return objects.map((one, at) => ({ kind: one.kind, name: nameOfObject(one).slice(one.kind.length + 1), there: rows[at]?.there === true }))
}

/** The columns of a table in order; null when it is not there. */
export async function columnsOf(session: Session, schema: string, table: string): Promise<string[] | null> {
  const [row] = await session.query<{ columns: string[] | null }>(
    `select (select json_agg(a.attname order by a.attnum) from pg_namespace n join pg_class c on c.relnamespace = n.oid join pg_attribute a on a.attrelid = c.oid
       where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'f') and a.attnum > 0 and not a.attisdropped) as columns`,
    [schema, table],
  )
  return row?.columns ?? null
}

/** Tables that are a history of this tool by their columns, as `schema.table`: where one may be kept that is not where it was looked for. */
export async function tablesOf(session: Session, history: string): Promise<string[]> {
  const rows = await session.query<{ name: string; columns: string[] }>(
    `select n.nspname || '.' || c.relname as name, json_agg(a.attname order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'skein')
     group by c.oid, n.nspname, c.relname having count(*) <= 12 order by 1`,
  )
  return rows.filter(({ columns }) => recogniseTable(columns)[0] === history).map(({ name }) => name)
}
