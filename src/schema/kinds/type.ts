import type { Kind } from '../kind.ts'
import { acl, madeLater, nameBy, notOfExtension, ofUser, owner, routine } from '../parts.ts'

/** Enums, domains, ranges, composite and base types; neither arrays nor the row types of tables, which come by themselves. */
export const type: Kind = {
  kind: 'type',
  select: (version) => `select t.oid::regtype::text as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'kind', t.typtype::text, 'owner', ${owner('t.typowner')}, 'acl', ${acl('t.typacl', 'T', 't.typowner')},
    'labels', (select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
    'domain', case when t.typtype = 'd' then jsonb_build_object('base', format_type(t.typbasetype, t.typtypmod), 'default', t.typdefault,
      'notNull', t.typnotnull, 'collation', ${nameBy('pg_collation', 'coll', 't.typcollation')}) end,
    'range', (select jsonb_build_object('subtype', format_type(r.rngsubtype, null), 'collation', ${nameBy('pg_collation', 'coll', 'r.rngcollation')},
      'class', ${nameBy('pg_opclass', 'opc', 'r.rngsubopc')}, 'canonical', nullif(r.rngcanonical, 0)::text, 'difference', nullif(r.rngsubdiff, 0)::text,
      'multirange', ${version.multirange}) from pg_range r where r.rngtypid = t.oid),
    'base', case when t.typtype = 'b' then jsonb_build_object('length', t.typlen, 'byValue', t.typbyval, 'category', t.typcategory::text,
      'preferred', t.typispreferred, 'delimiter', t.typdelim::text, 'alignment', t.typalign::text, 'storage', t.typstorage::text,
      'element', nullif(t.typelem, 0)::regtype::text, 'default', t.typdefault, 'input', t.typinput::text, 'output', t.typoutput::text,
      'receive', nullif(t.typreceive, 0)::text, 'send', nullif(t.typsend, 0)::text, 'modifierIn', nullif(t.typmodin, 0)::text,
      'modifierOut', nullif(t.typmodout, 0)::text, 'analyze', nullif(t.typanalyze, 0)::text) end,
    'comment', obj_description(t.oid, 'pg_type')) as facts
  from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
  where ${ofUser('n')} and ${notOfExtension('pg_type', 't.oid')} and t.typtype <> 'm' and (c.oid is null or c.relkind = 'c')
    and not exists (select from pg_type e where e.typarray = t.oid)`,
}

export const cast: Kind = {
  kind: 'cast',
  select:
    () => `select format('%s as %s', format_type(c.castsource, null), format_type(c.casttarget, null)) as identity, null::text as schema, null::text as "table",
    jsonb_build_object('function', ${routine('c.castfunc')}, 'context', c.castcontext::text, 'method', c.castmethod::text,
    'comment', obj_description(c.oid, 'pg_cast')) as facts
  from pg_cast c where ${madeLater('c.oid')} and ${notOfExtension('pg_cast', 'c.oid')}`,
}

export const collation: Kind = {
  kind: 'collation',
  select: (
    version,
  ) => `select format('%I.%I', n.nspname, c.collname) as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'provider', c.collprovider::text, 'deterministic', c.collisdeterministic, 'encoding', c.collencoding, 'collate', c.collcollate,
    'ctype', c.collctype, 'locale', ${version.collationLocale}, 'rules', ${version.collationRules}, 'owner', ${owner('c.collowner')},
    'comment', obj_description(c.oid, 'pg_collation')) as facts
  from pg_collation c join pg_namespace n on n.oid = c.collnamespace where ${ofUser('n')} and ${notOfExtension('pg_collation', 'c.oid')}`,
}

export const conversion: Kind = {
  kind: 'conversion',
  select:
    () => `select format('%I.%I', n.nspname, c.conname) as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'from', pg_encoding_to_char(c.conforencoding), 'to', pg_encoding_to_char(c.contoencoding), 'function', c.conproc::text,
    'default', c.condefault, 'owner', ${owner('c.conowner')}, 'comment', obj_description(c.oid, 'pg_conversion')) as facts
  from pg_conversion c join pg_namespace n on n.oid = c.connamespace where ${ofUser('n')} and ${notOfExtension('pg_conversion', 'c.oid')}`,
}
