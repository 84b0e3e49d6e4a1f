import type { Kind } from '../kind.ts'
import { acl, notOfExtension, options, owner, routine, secretOptions } from '../parts.ts'

export const foreignDataWrapper: Kind = {
  kind: 'foreign data wrapper',
  select: () => `select quote_ident(w.fdwname) as identity, null::text as schema, null::text as "table", jsonb_build_object(
    'handler', ${routine('w.fdwhandler')}, 'validator', ${routine('w.fdwvalidator')},
    'options', ${secretOptions('w.fdwoptions')}, 'owner', ${owner('w.fdwowner')}, 'acl', ${acl('w.fdwacl', 'F', 'w.fdwowner')},
    'comment', obj_description(w.oid, 'pg_foreign_data_wrapper')) as facts
  from pg_foreign_data_wrapper w where ${notOfExtension('pg_foreign_data_wrapper', 'w.oid')}`,
}

export const foreignServer: Kind = {
  kind: 'foreign server',
  select: () => `select quote_ident(s.srvname) as identity, null::text as schema, null::text as "table", jsonb_build_object(
    'wrapper', w.fdwname, 'type', s.srvtype, 'version', s.srvversion, 'options', ${secretOptions('s.srvoptions')},
    'owner', ${owner('s.srvowner')}, 'acl', ${acl('s.srvacl', 'S', 's.srvowner')}, 'comment', obj_description(s.oid, 'pg_foreign_server')) as facts
  from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where ${notOfExtension('pg_foreign_server', 's.oid')}`,
}

/** What the view shows of them: options are hidden from those who may not see them. */
export const userMapping: Kind = {
  kind: 'user mapping',
  select: () => `select format('%I on %I', m.usename, m.srvname) as identity, null::text as schema, null::text as "table",
    jsonb_build_object('options', ${secretOptions('m.umoptions')}) as facts
  from pg_user_mappings m`,
}

export const publication: Kind = {
  kind: 'publication',
  select: (version) => `select quote_ident(p.pubname) as identity, null::text as schema, null::text as "table", jsonb_build_object(
    'allTables', p.puballtables, 'insert', p.pubinsert, 'update', p.pubupdate, 'delete', p.pubdelete, 'truncate', p.pubtruncate,
    'viaRoot', p.pubviaroot, 'generated', ${version.publishGenerated}, 'tables', ${version.publishedTables}, 'schemas', ${version.publishedSchemas},
    'owner', ${owner('p.pubowner')}, 'comment', obj_description(p.oid, 'pg_publication')) as facts
  from pg_publication p where ${notOfExtension('pg_publication', 'p.oid')}`,
}

/** The columns that every role may read; the connection string holds a password and is not among them. */
export const subscription: Kind = {
  kind: 'subscription',
  select: () => `select quote_ident(s.subname) as identity, null::text as schema, null::text as "table", jsonb_build_object(
    'enabled', s.subenabled, 'slot', s.subslotname, 'publications', ${options('s.subpublications')}, 'owner', ${owner('s.subowner')}) as facts
  from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database()`,
}
