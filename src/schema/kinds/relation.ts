import type { Kind } from '../kind.ts'
import { acl, exploded, nameBy, notOfExtension, ofUser, options, owner, secretOptions, statistics } from '../parts.ts'

/** The table that a sequence belongs to, of pg_class c: a sequence of a serial or identity column is excluded along with its table. */
const ownTable = `coalesce((select t.relname from pg_depend d join pg_class t on t.oid = d.refobjid
    where c.relkind = 'S' and d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
      and d.refobjsubid > 0 and d.deptype in ('a', 'i')), c.relname)::text`

/** Tables, partitioned tables, views, materialised views, foreign tables, sequences, composite types. */
export const relation: Kind = {
  kind: 'relation',
  select: (version) => `select c.oid::regclass::text as identity, n.nspname::text as schema, ${ownTable} as "table", jsonb_build_object(
    'kind', c.relkind::text, 'persistence', c.relpersistence::text, 'owner', ${owner('c.relowner')}, 'accessMethod', am.amname,
    'tablespace', ts.spcname, 'options', ${options('c.reloptions')}, 'toastOptions', ${options('toast.reloptions')},
    'rowSecurity', nullif(c.relrowsecurity, false), 'forceRowSecurity', nullif(c.relforcerowsecurity, false),
    'replicaIdentity', c.relreplident::text, 'partitionKey', pg_get_partkeydef(c.oid), 'partitionBound', pg_get_expr(c.relpartbound, c.oid),
    'parents', (select jsonb_agg(i.inhparent::regclass::text order by i.inhseqno) from pg_inherits i where i.inhrelid = c.oid),
    'detaching', (select ${version.detachPending} from pg_inherits i where i.inhrelid = c.oid limit 1),
    'ofType', nullif(c.reloftype, 0)::regtype::text,
    'definition', case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
    'populated', case when c.relkind = 'm' then c.relispopulated end,
    'server', s.srvname, 'foreignOptions', ${secretOptions('f.ftoptions')},
    'acl', case when c.relkind = 'S' then ${acl('c.relacl', 's', 'c.relowner')} else ${acl('c.relacl', 'r', 'c.relowner')} end,
    'comment', obj_description(c.oid, 'pg_class')) as facts
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_am am on am.oid = c.relam left join pg_tablespace ts on ts.oid = c.reltablespace
  left join pg_class toast on toast.oid = c.reltoastrelid
  left join pg_foreign_table f on f.ftrelid = c.oid left join pg_foreign_server s on s.oid = f.ftserver
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c') and ${ofUser('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}

/** `position` counts the columns that are there, so that dropped ones leave no gap. */
export const column: Kind = {
  kind: 'column',
  select: (
    version,
  ) => `select format('%s.%I', c.oid::regclass, a.attname) as identity, n.nspname::text as schema, c.relname::text as "table", jsonb_build_object(
    'position', row_number() over (partition by a.attrelid order by a.attnum), 'type', format_type(a.atttypid, a.atttypmod),
    'notNull', nullif(a.attnotnull, false), 'default', pg_get_expr(d.adbin, d.adrelid), 'identity', nullif(a.attidentity::text, ''),
    'generated', nullif(a.attgenerated::text, ''),
    'collation', case when a.attcollation <> t.typcollation then ${nameBy('pg_collation', 'coll', 'a.attcollation')} end,
    'storage', case when a.attstorage <> t.typstorage then a.attstorage::text end, 'compression', ${version.columnCompression},
    'statistics', ${statistics('a.attstattarget')}, 'options', ${options('a.attoptions')},
    'foreignOptions', ${secretOptions('a.attfdwoptions')}, 'inherited', nullif(a.attinhcount, 0), 'local', nullif(a.attislocal, true),
    'acl', ${exploded('a.attacl')}, 'comment', col_description(a.attrelid, a.attnum)) as facts
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c') and a.attnum > 0 and not a.attisdropped
    and ${ofUser('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}

/** Of tables and of domains. Constraint triggers are triggers. */
export const constraint: Kind = {
  kind: 'constraint',
  select: (
    version,
  ) => `select format('%s.%I', case when c.conrelid <> 0 then c.conrelid::regclass::text else c.contypid::regtype::text end, c.conname) as identity,
    n.nspname::text as schema, r.relname::text as "table", jsonb_build_object(
    'type', c.contype::text, 'definition', pg_get_constraintdef(c.oid), 'validated', c.convalidated, 'enforced', ${version.enforced},
    'deferrable', nullif(c.condeferrable, false), 'deferred', nullif(c.condeferred, false), 'noInherit', c.connoinherit,
    'local', c.conislocal, 'inherited', nullif(c.coninhcount, 0), 'comment', obj_description(c.oid, 'pg_constraint')) as facts
  from pg_constraint c join pg_namespace n on n.oid = c.connamespace left join pg_class r on r.oid = c.conrelid
  where c.contype <> 't' and ${ofUser('n')}
    and case when c.conrelid <> 0 then ${notOfExtension('pg_class', 'c.conrelid')} else ${notOfExtension('pg_type', 'c.contypid')} end`,
}

export const index: Kind = {
  kind: 'index',
  select: () => `select x.indexrelid::regclass::text as identity, n.nspname::text as schema, r.relname::text as "table", jsonb_build_object(
    'definition', pg_get_indexdef(x.indexrelid), 'valid', x.indisvalid, 'ready', x.indisready, 'live', x.indislive,
    'clustered', nullif(x.indisclustered, false), 'replicaIdentity', nullif(x.indisreplident, false), 'options', ${options('c.reloptions')},
    'tablespace', ts.spcname,
    'parent', (select i.inhparent::regclass::text from pg_inherits i where i.inhrelid = x.indexrelid),
    'statistics', (select jsonb_object_agg(a.attnum, a.attstattarget) from pg_attribute a
      where a.attrelid = x.indexrelid and ${statistics('a.attstattarget')} is not null),
    'comment', obj_description(x.indexrelid, 'pg_class')) as facts
  from pg_index x join pg_class c on c.oid = x.indexrelid join pg_class r on r.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_tablespace ts on ts.oid = c.reltablespace
  where ${ofUser('n')} and ${notOfExtension('pg_class', 'x.indrelid')}`,
}

/** Where it stands is data, and left out. Numbers are text: they may be larger than JavaScript's. */
export const sequence: Kind = {
  kind: 'sequence',
  select: () => `select c.oid::regclass::text as identity, n.nspname::text as schema, ${ownTable} as "table", jsonb_build_object(
    'type', format_type(s.seqtypid, null), 'start', s.seqstart::text, 'increment', s.seqincrement::text, 'minimum', s.seqmin::text,
    'maximum', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle,
    'ownedBy', (select format('%s.%I', a.attrelid::regclass, a.attname) from pg_depend d
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
        and d.deptype in ('a', 'i'))) as facts
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  where ${ofUser('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}

/** CREATE STATISTICS. */
export const statisticsObject: Kind = {
  kind: 'statistics',
  select:
    () => `select format('%I.%I', n.nspname, s.stxname) as identity, n.nspname::text as schema, c.relname::text as "table", jsonb_build_object(
    'definition', pg_get_statisticsobjdef(s.oid), 'owner', ${owner('s.stxowner')}, 'target', ${statistics('s.stxstattarget')},
    'comment', obj_description(s.oid, 'pg_statistic_ext')) as facts
  from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace join pg_class c on c.oid = s.stxrelid
  where ${ofUser('n')} and ${notOfExtension('pg_statistic_ext', 's.oid')}`,
}
