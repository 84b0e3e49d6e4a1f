import type { Kind } from '../kind.ts'
import { acl, exploded, madeLater, notOfExtension, ofUser, options, owner, routine } from '../parts.ts'

/** The major version: facts of different majors cannot be compared, and this row says so. */
export const server: Kind = {
  kind: 'server',
  select: () => `select 'server' as identity, null::text as schema, null::text as "table",
  jsonb_build_object('major', current_setting('server_version_num')::int / 10000) as facts`,
}

/** The database itself, without its name: databases of one content are the same. */
export const database: Kind = {
  kind: 'database',
  select: () => `select 'database' as identity, null::text as schema, null::text as "table", jsonb_build_object(
    'owner', ${owner('d.datdba')}, 'acl', ${acl('d.datacl', 'd', 'd.datdba')}, 'comment', shobj_description(d.oid, 'pg_database')) as facts
  from pg_database d where d.datname = current_database()`,
}

/** ALTER ROLE … IN DATABASE … SET, ALTER DATABASE … SET. */
export const setting: Kind = {
  kind: 'setting',
  select:
    () => `select coalesce(quote_ident(pg_get_userbyid(nullif(s.setrole, 0))), 'all roles') as identity, null::text as schema, null::text as "table",
    jsonb_build_object('settings', ${options('s.setconfig')}) as facts
  from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase where d.datname = current_database()`,
}

export const schema: Kind = {
  kind: 'schema',
  select: () => `select quote_ident(n.nspname) as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'owner', ${owner('n.nspowner')}, 'acl', ${acl('n.nspacl', 'n', 'n.nspowner')}, 'comment', obj_description(n.oid, 'pg_namespace')) as facts
  from pg_namespace n where ${ofUser('n')} and ${notOfExtension('pg_namespace', 'n.oid')}`,
}

export const extension: Kind = {
  kind: 'extension',
  select: () => `select quote_ident(x.extname) as identity, null::text as schema, null::text as "table", jsonb_build_object(
    'version', x.extversion, 'schema', n.nspname, 'owner', ${owner('x.extowner')}, 'comment', obj_description(x.oid, 'pg_extension')) as facts
  from pg_extension x join pg_namespace n on n.oid = x.extnamespace`,
}

/** ALTER DEFAULT PRIVILEGES. */
export const defaultAcl: Kind = {
  kind: 'default acl',
  select:
    () => `select format('%I %s %s', pg_get_userbyid(d.defaclrole), d.defaclobjtype::text, coalesce(quote_ident(n.nspname), 'everywhere')) as identity,
    n.nspname::text as schema, null::text as "table", jsonb_build_object('acl', ${exploded('d.defaclacl')}) as facts
  from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace`,
}

export const securityLabel: Kind = {
  kind: 'security label',
  select: () => `select format('%s %s %s', l.provider, l.objtype, l.objname) as identity, n.nspname::text as schema, null::text as "table",
    jsonb_build_object('label', l.label) as facts
  from pg_seclabels l left join pg_namespace n on n.oid = l.objnamespace
  where l.objtype not in ('database', 'role', 'tablespace')`,
}

export const language: Kind = {
  kind: 'language',
  select: () => `select quote_ident(l.lanname) as identity, null::text as schema, null::text as "table", jsonb_build_object(
    'owner', ${owner('l.lanowner')}, 'trusted', l.lanpltrusted, 'handler', ${routine('l.lanplcallfoid')},
    'acl', ${acl('l.lanacl', 'l', 'l.lanowner')}, 'comment', obj_description(l.oid, 'pg_language')) as facts
  from pg_language l where ${madeLater('l.oid')} and ${notOfExtension('pg_language', 'l.oid')}`,
}

export const eventTrigger: Kind = {
  kind: 'event trigger',
  select: () => `select quote_ident(t.evtname) as identity, null::text as schema, null::text as "table", jsonb_build_object(
    'event', t.evtevent, 'function', t.evtfoid::regprocedure::text, 'enabled', t.evtenabled::text, 'tags', ${options('t.evttags')},
    'owner', ${owner('t.evtowner')}, 'comment', obj_description(t.oid, 'pg_event_trigger')) as facts
  from pg_event_trigger t where ${notOfExtension('pg_event_trigger', 't.oid')}`,
}
