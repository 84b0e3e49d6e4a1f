import type { Kind } from '../kind.ts'
import { acl, notOfExtension, ofUser, owner } from '../parts.ts'

/** Functions, procedures, window functions; aggregates are kind `aggregate`. */
export const routine: Kind = {
  kind: 'routine',
  select: () => `select p.oid::regprocedure::text as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'definition', pg_get_functiondef(p.oid), 'owner', ${owner('p.proowner')}, 'acl', ${acl('p.proacl', 'f', 'p.proowner')},
    'comment', obj_description(p.oid, 'pg_proc')) as facts
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.prokind <> 'a' and ${ofUser('n')} and ${notOfExtension('pg_proc', 'p.oid')}`,
}

export const aggregate: Kind = {
  kind: 'aggregate',
  select: () => `select p.oid::regprocedure::text as identity, n.nspname::text as schema, null::text as "table", jsonb_build_object(
    'arguments', pg_get_function_arguments(p.oid), 'result', pg_get_function_result(p.oid), 'parallel', p.proparallel::text,
    'kind', a.aggkind::text, 'direct', nullif(a.aggnumdirectargs, 0), 'state', format_type(a.aggtranstype, null),
    'stateSpace', nullif(a.aggtransspace, 0), 'initial', a.agginitval,
    'transition', a.aggtransfn::text, 'final', nullif(a.aggfinalfn, 0)::text, 'combine', nullif(a.aggcombinefn, 0)::text,
    'serial', nullif(a.aggserialfn, 0)::text, 'deserial', nullif(a.aggdeserialfn, 0)::text,
    'finalExtra', nullif(a.aggfinalextra, false), 'finalModify', a.aggfinalmodify::text, 'sort', nullif(a.aggsortop, 0)::regoperator::text,
    'moving', case when a.aggmtransfn <> 0 then jsonb_build_object('transition', a.aggmtransfn::text, 'inverse', a.aggminvtransfn::text,
      'final', nullif(a.aggmfinalfn, 0)::text, 'state', format_type(a.aggmtranstype, null), 'initial', a.aggminitval,
      'stateSpace', nullif(a.aggmtransspace, 0), 'finalExtra', a.aggmfinalextra, 'finalModify', a.aggmfinalmodify::text) end,
    'owner', ${owner('p.proowner')}, 'acl', ${acl('p.proacl', 'f', 'p.proowner')}, 'comment', obj_description(p.oid, 'pg_proc')) as facts
  from pg_aggregate a join pg_proc p on p.oid = a.aggfnoid join pg_namespace n on n.oid = p.pronamespace
  where ${ofUser('n')} and ${notOfExtension('pg_proc', 'p.oid')}`,
}

export const trigger: Kind = {
  kind: 'trigger',
  select:
    () => `select format('%s.%I', t.tgrelid::regclass, t.tgname) as identity, n.nspname::text as schema, c.relname::text as "table", jsonb_build_object(
    'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled::text, 'comment', obj_description(t.oid, 'pg_trigger')) as facts
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where not t.tgisinternal and ${ofUser('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}

/** Rules apart from the one that makes a view a view. */
export const rule: Kind = {
  kind: 'rule',
  select:
    () => `select format('%s.%I', r.ev_class::regclass, r.rulename) as identity, n.nspname::text as schema, c.relname::text as "table", jsonb_build_object(
    'definition', pg_get_ruledef(r.oid), 'enabled', r.ev_enabled::text, 'comment', obj_description(r.oid, 'pg_rewrite')) as facts
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
  where r.rulename <> '_RETURN' and ${ofUser('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}

export const policy: Kind = {
  kind: 'policy',
  select:
    () => `select format('%s.%I', p.polrelid::regclass, p.polname) as identity, n.nspname::text as schema, c.relname::text as "table", jsonb_build_object(
    'command', p.polcmd::text, 'permissive', p.polpermissive,
    'roles', (select jsonb_agg(r.name order by r.name collate "C") from
      (select case when o = 0 then 'PUBLIC' else pg_get_userbyid(o)::text end as name from unnest(p.polroles) o) r),
    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
    'comment', obj_description(p.oid, 'pg_policy')) as facts
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
  where ${ofUser('n')} and ${notOfExtension('pg_class', 'c.oid')}`,
}
