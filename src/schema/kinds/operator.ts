import type { Kind } from '../kind.ts'
import { madeLater, named, nameBy, notOfExtension, ofUser, owner } from '../parts.ts'

export const operator: Kind = {
  kind: 'operator',
  select: () => `select o.oid::regoperator::text as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'result', format_type(o.oprresult, null), 'function', o.oprcode::text, 'commutator', nullif(o.oprcom, 0)::regoperator::text,
    'negator', nullif(o.oprnegate, 0)::regoperator::text, 'restrict', nullif(o.oprrest, 0)::text, 'join', nullif(o.oprjoin, 0)::text,
    'hashes', o.oprcanhash, 'merges', o.oprcanmerge, 'owner', ${owner('o.oprowner')}, 'comment', obj_description(o.oid, 'pg_operator')) as facts
  from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where ${ofUser('n')} and ${notOfExtension('pg_operator', 'o.oid')}`,
}

/** With the operators and functions in it. */
export const operatorFamily: Kind = {
  kind: 'operator family',
  select:
    () => `select format('%s using %I', ${named('n', 'f.opfname')}, m.amname) as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'operators', (select jsonb_agg(jsonb_build_array(o.amopstrategy, o.amopopr::regoperator::text, o.amoppurpose::text,
        ${nameBy('pg_opfamily', 'opf', 'o.amopsortfamily')}) order by o.amopstrategy, o.amopopr::regoperator::text collate "C")
      from pg_amop o where o.amopfamily = f.oid),
    'functions', (select jsonb_agg(jsonb_build_array(p.amprocnum, format_type(p.amproclefttype, null), format_type(p.amprocrighttype, null),
        p.amproc::regprocedure::text) order by p.amprocnum, format_type(p.amproclefttype, null) collate "C", format_type(p.amprocrighttype, null) collate "C")
      from pg_amproc p where p.amprocfamily = f.oid),
    'owner', ${owner('f.opfowner')}, 'comment', obj_description(f.oid, 'pg_opfamily')) as facts
  from pg_opfamily f join pg_namespace n on n.oid = f.opfnamespace join pg_am m on m.oid = f.opfmethod
  where ${ofUser('n')} and ${notOfExtension('pg_opfamily', 'f.oid')}`,
}

export const operatorClass: Kind = {
  kind: 'operator class',
  select:
    () => `select format('%s using %I', ${named('n', 'c.opcname')}, m.amname) as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'family', ${nameBy('pg_opfamily', 'opf', 'c.opcfamily')}, 'type', format_type(c.opcintype, null), 'default', c.opcdefault,
    'storage', nullif(c.opckeytype, 0)::regtype::text, 'owner', ${owner('c.opcowner')}, 'comment', obj_description(c.oid, 'pg_opclass')) as facts
  from pg_opclass c join pg_namespace n on n.oid = c.opcnamespace join pg_am m on m.oid = c.opcmethod
  where ${ofUser('n')} and ${notOfExtension('pg_opclass', 'c.oid')}`,
}

export const accessMethod: Kind = {
  kind: 'access method',
  select: () => `select quote_ident(m.amname) as identity, null::text as schema, null::text as "table", jsonb_build_object(
    'handler', m.amhandler::text, 'type', m.amtype::text, 'comment', obj_description(m.oid, 'pg_am')) as facts
  from pg_am m where ${madeLater('m.oid')} and ${notOfExtension('pg_am', 'm.oid')}`,
}
