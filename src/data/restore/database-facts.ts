import { SkeinError } from '../../model/errors.ts'
import type { Session } from '../../postgres/session.ts'

/** What a database is besides its contents: pg_dump says none of it unless it is asked to create the database too. */
export interface DatabaseFacts {
  oid: string
  name: string
  owner: string
  encoding: string
  collate: string
  ctype: string
  /** libc, icu or builtin; undefined before PostgreSQL 15. */
  provider?: 'libc' | 'icu' | 'builtin'
  /** Of ICU or the builtin provider. */
  locale: string | null
  icuRules: string | null
  /** Null: template0's, which a new database has unasked; to name it needs a right on it. */
  tablespace: string | null
  connectionLimit: number
  comment: string | null
  /** Null: the rights of every new database. */
  grants: { grantee: string | null; right: string; grantable: boolean }[] | null
  /** ALTER DATABASE SET and ALTER ROLE IN DATABASE SET: `name=value`. */
  settings: { role: string | null; setting: string }[]
}

/**
 * Reads them from `pg_database` and its neighbours; locks nothing. Throws PERMISSION-DENIED where this role may not create a database, or not rename this one:
 * before anything is done. Sources: PostgreSQL 18 manual, "pg_database", "ALTER DATABASE", Description.
 */
export async function databaseFacts(session: Session, name: string): Promise<DatabaseFacts> {
  const [row] = await session.query<Row>(
    `select d.oid::text as oid, d.datname::text as name, pg_get_userbyid(d.datdba)::text as owner, pg_encoding_to_char(d.encoding)::text as encoding,
      d.datcollate::text as collate, d.datctype::text as ctype, to_jsonb(d) ->> 'datlocprovider' as provider,
      coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') as locale, to_jsonb(d) ->> 'daticurules' as "icuRules",
      case when d.dattablespace <> (select dattablespace from pg_database where datname = 'template0') then t.spcname::text end as tablespace, d.datconnlimit as "connectionLimit", shobj_description(d.oid, 'pg_database') as comment,
      case when d.datacl is null then null else (select coalesce(json_agg(json_build_object('grantee', case when a.grantee = 0 then null else pg_get_userbyid(a.grantee) end,
        'right', a.privilege_type, 'grantable', a.is_grantable)), '[]') from aclexplode(d.datacl) a) end as grants,
      (select coalesce(json_agg(json_build_object('role', case when s.setrole = 0 then null else pg_get_userbyid(s.setrole) end, 'setting', one)), '[]')
        from pg_db_role_setting s, unnest(s.setconfig) as one where s.setdatabase = d.oid) as settings,
      r.rolsuper or r.rolcreatedb as creates, pg_has_role(r.oid, d.datdba, 'USAGE') as owns, r.rolname::text as role
    from pg_database d join pg_tablespace t on t.oid = d.dattablespace join pg_roles r on r.rolname = current_user where d.datname = $1`,
    [name],
  )
  if (row === undefined) throw new SkeinError('DATABASE-UNKNOWN', { message: `${session.label}: there is no database ${name}` })
  const { creates, owns, role, provider, ...facts } = row
  if (!creates)
    throw new SkeinError('PERMISSION-DENIED', {
      message: `${role} may not create databases, and a restore fills a new one; nothing was done`,
      hint: `as a superuser: alter role "${role}" createdb`,
    })
  if (!owns)
    throw new SkeinError('PERMISSION-DENIED', {
      message: `${role} may not rename database ${name}, which belongs to ${facts.owner}; nothing was done`,
      hint: `restore as ${facts.owner}, or as a superuser: grant "${facts.owner}" to "${role}"`,
    })
  return { ...facts, provider: provider === null ? undefined : providers[provider] }
}

type Row = Omit<DatabaseFacts, 'provider'> & { provider: 'c' | 'i' | 'b' | null; creates: boolean; owns: boolean; role: string }

const providers = { c: 'libc', i: 'icu', b: 'builtin' } as const
