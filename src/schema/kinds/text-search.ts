import type { Kind } from '../kind.ts'
import { nameBy, notOfExtension, ofUser, owner } from '../parts.ts'

/** With its dictionaries per kind of word, in their order. */
export const configuration: Kind = {
  kind: 'text search configuration',
  select: () => `select c.oid::regconfig::text as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'parser', ${nameBy('pg_ts_parser', 'prs', 'c.cfgparser')},
    'dictionaries', (select jsonb_agg(jsonb_build_array(m.maptokentype, m.mapdict::regdictionary::text) order by m.maptokentype, m.mapseqno)
      from pg_ts_config_map m where m.mapcfg = c.oid),
    'owner', ${owner('c.cfgowner')}, 'comment', obj_description(c.oid, 'pg_ts_config')) as facts
  from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace where ${ofUser('n')} and ${notOfExtension('pg_ts_config', 'c.oid')}`,
}

export const dictionary: Kind = {
  kind: 'text search dictionary',
  select: () => `select d.oid::regdictionary::text as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'template', ${nameBy('pg_ts_template', 'tmpl', 'd.dicttemplate')}, 'options', d.dictinitoption, 'owner', ${owner('d.dictowner')},
    'comment', obj_description(d.oid, 'pg_ts_dict')) as facts
  from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace where ${ofUser('n')} and ${notOfExtension('pg_ts_dict', 'd.oid')}`,
}
