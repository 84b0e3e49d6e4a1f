import type { Session } from '../../postgres/session.ts'

/** Something in a database that a DROP can name. */
export interface Thing {
  /** Of the catalogue it stands in, and in it: what pg_depend knows it by. */
  classid: string
  objid: string
  kind: 'table' | 'foreign table' | 'view' | 'materialized view' | 'sequence' | 'type' | 'domain' | 'function' | 'procedure' | 'aggregate'
  schema: string
  name: string
  /** Quoted and schema-qualified, with the arguments of a function. */
  identity: string
  /** The search_path finds it by its plain name. */
  visible: boolean
  /** Of a function: how many arguments a call gives at most. */
  arguments: number
  /** A sequence that belongs to a column. */
  owned: boolean
}

/** Everything droppable of this database but what belongs to an extension, to PostgreSQL, or to the ledger. Takes ACCESS SHARE on catalogues. */
export async function readCatalogue(session: Session, ledgerSchema: string): Promise<Thing[]> {
  return session.query<Thing>(
    `select t.* from (
       select 'pg_class'::regclass::oid::text as classid, c.oid::text as objid, n.nspname as schema, c.relname as name, format('%I.%I', n.nspname, c.relname) as identity,
         case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end as kind,
         pg_table_is_visible(c.oid) as visible, 0 as arguments, c.relkind = 'S' and exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass
           and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')) as owned
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relpersistence <> 't'
       union all
       select 'pg_type'::regclass::oid::text, t.oid::text, n.nspname, t.typname, format('%I.%I', n.nspname, t.typname),
         case t.typtype when 'd' then 'domain' else 'type' end, pg_type_is_visible(t.oid), 0, false
       from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
       where t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c'
       union all
       select 'pg_proc'::regclass::oid::text, p.oid::text, n.nspname, p.proname, format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
         case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, pg_function_is_visible(p.oid), p.pronargs, false
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace) t
     where t.schema !~ '^pg_' and t.schema not in ('information_schema', $1)
       and not exists (select 1 from pg_depend d where d.classid = t.classid::oid and d.objid = t.objid::oid and d.deptype = 'e')
     order by t.schema, t.kind, t.name, t.identity`,
    [ledgerSchema],
  )
}

export interface Dependencies {
  /** `from` uses `on`: positions in the list that was asked for. */
  edges: { from: number; on: number }[]
  /** What uses something of the list without being in it. */
  outside: { on: number; what: string }[]
  /** Keys ({@link keyOf}) of all that goes with the list by itself: indexes, owned sequences, partitions. */
  parts: Set<string>
}

export function keyOf({ classid, objid }: Pick<Thing, 'classid' | 'objid'>): string {
  return `${classid}/${objid}`
}

/**
 * Who uses whom, by pg_depend: what depends on a thing "automatically" or "internally" goes with it whatever is said, what depends on it "normally"
 * stops a DROP without CASCADE (PostgreSQL manual, pg_depend). Takes ACCESS SHARE on catalogues.
 */
export async function readDependencies(session: Session, things: readonly Thing[]): Promise<Dependencies> {
  if (things.length === 0) return { edges: [], outside: [], parts: new Set() }
  const rows = await session.query<{ on: number; user: number | null; what: string | null; classid: string; objid: string; part: boolean }>(
    `with recursive parts(root, classid, objid) as (
       select (n - 1)::integer, c::oid, o::oid from unnest($1::text[], $2::text[]) with ordinality as t(c, o, n)
       union
       select p.root, d.classid, d.objid from parts p join pg_depend d on d.refclassid = p.classid and d.refobjid = p.objid and d.deptype in ('a', 'i', 'P', 'S')
     )
     select p.root as "on", null::integer as "user", null::text as what, p.classid::text, p.objid::text, true as part from parts p
     union all
     select distinct p.root, u.root, case when u.root is null then pg_describe_object(d.classid, d.objid, d.objsubid) end, d.classid::text, d.objid::text, false
     from parts p join pg_depend d on d.refclassid = p.classid and d.refobjid = p.objid and d.deptype = 'n'
     left join parts u on u.classid = d.classid and u.objid = d.objid
     where u.root is distinct from p.root`,
    [things.map((one) => one.classid), things.map((one) => one.objid)],
  )
  const uses = rows.filter((row) => !row.part)
  const outside = uses.flatMap(({ on, user, what }) => (user === null && what !== null ? [{ on, what }] : []))
  return {
    edges: uses.flatMap(({ on, user }) => (user === null ? [] : [{ from: user, on }])),
    outside: outside.filter((one, at) => outside.findIndex((other) => other.what === one.what) === at),
    parts: new Set(rows.filter((row) => row.part).map(keyOf)),
  }
}
