/** Pieces of SQL that several kinds share. */

/** Where a row of pg_namespace is nobody's but the user's: no schema of the system, of temporary tables, of TOAST. */
export function ofUser(namespace: string): string {
  return `${namespace}.nspname !~ '^pg_' and ${namespace}.nspname <> 'information_schema'`
}

/** Members of an extension come and go with it: its version says what they are. */
export function notOfExtension(catalogue: string, oid: string): string {
  return `not exists (select from pg_depend e where e.classid = '${catalogue}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
}

/** Objects in no schema that initdb made have an OID below 16384 (FirstNormalObjectId, src/include/access/transam.h). */
export function madeLater(oid: string): string {
  return `${oid} >= 16384`
}

/**
 * Privileges as sorted [role, privilege, may grant]. No ACL means the default one, so that GRANT and REVOKE leave no trace.
 * `kind` is acldefault()'s: r table, s sequence, f function, n schema, T type, d database, l language, F wrapper, S server.
 */
export function acl(column: string, kind: string, owner: string): string {
  return exploded(`coalesce(${column}, acldefault('${kind}', ${owner}))`)
}

/** The same for what has no default privileges: columns, and default privileges themselves. */
export function exploded(acl: string): string {
  return `(select jsonb_agg(distinct jsonb_build_array(case when x.grantee = 0 then 'PUBLIC' else pg_get_userbyid(x.grantee)::text end,
    x.privilege_type, x.is_grantable)) from aclexplode(${acl}) x)`
}

/** `name=value` entries, sorted; none and an empty list are the same. */
export function options(column: string): string {
  return `(select jsonb_agg(o order by o collate "C") from unnest(${column}) o)`
}

/** Options of foreign servers and such, which may hold passwords: of those only the name is taken. */
export function secretOptions(column: string): string {
  return `(select jsonb_agg(case when o ~* '^[^=]*(pass|pwd|secret|token|key|credential)' then split_part(o, '=', 1) || '=…' else o end
    order by o collate "C") from unnest(${column}) o)`
}

export function owner(column: string): string {
  return `pg_get_userbyid(${column})`
}

/** -1 until 16, null from 17 on: the default target. */
export function statistics(column: string): string {
  return `nullif(${column}, -1)`
}

/** A schema-qualified name, for what has no reg… type. */
export function named(namespace: string, name: string): string {
  return `format('%I.%I', ${namespace}.nspname, ${name})`
}

/** The name of an object that is found by its OID, where no reg… type writes it. */
export function nameBy(catalogue: string, prefix: string, oid: string): string {
  return `(select format('%I.%I', xn.nspname, x.${prefix}name) from ${catalogue} x join pg_namespace xn on xn.oid = x.${prefix}namespace where x.oid = ${oid})`
}

/** A function by its OID, 0 for none. */
export function routine(oid: string): string {
  return `nullif(${oid}, 0)::regprocedure::text`
}
