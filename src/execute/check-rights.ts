import { SkeinError } from '../model/errors.ts'
import { ident, qualified } from '../postgres/quote.ts'
import type { OpenService } from './service-run.ts'

interface Rights {
  login: string
  schema_there: boolean
  may_make_schema: boolean
  may_make: boolean
  table_there: boolean
  may_write: boolean
  may_become: boolean | null
}

/**
 * Refuses a service whose login role could not write the tool's table, make it, or become the service's `role`: before anything is written, with the
 * exact GRANTs. From the catalogue and by oid, which every role may read. One round trip. Throws PERMISSION-DENIED.
 */
export async function checkRights(service: OpenService): Promise<void> {
  const { session, table } = service
  const [row] = await session.query<Rights>(select(session.version), [table.schema, table.table, service.role ?? null])
  if (row === undefined) return
  const login = ident(row.login)
  const missing: string[] = []
  const schemaComes = service.history.makesSchema === true && row.may_make_schema
  if (!row.schema_there && !schemaComes) missing.push(`create schema ${ident(table.schema)} authorization ${login};`)
  else if (row.schema_there && !row.table_there && !row.may_make)
    missing.push(`grant usage, create on schema ${ident(table.schema)} to ${login};`)
  else if (row.table_there && !row.may_write)
    missing.push(
      `grant usage on schema ${ident(table.schema)} to ${login}; grant select, insert, update, delete on ${qualified(table.schema, table.table)} to ${login};`,
    )
  if (service.role !== undefined && row.may_become !== true)
    missing.push(row.may_become === null ? `create role ${ident(service.role)};` : `grant ${ident(service.role)} to ${login};`)
  if (missing.length === 0) return
  throw new SkeinError('PERMISSION-DENIED', {
    message: `${service.name}: ${row.login} lacks rights in ${service.spec.label}; nothing was run`,
    hint: `as an owner, run: ${missing.join(' ')}`,
    service: service.name,
    sqlstate: '42501',
  })
}

/** From 16 on a member may SET ROLE only where that was granted with it (PostgreSQL 16 release notes, GRANT … WITH SET). */
function select(serverVersion: number): string {
  const become = serverVersion >= 160_000 ? 'set' : 'member'
  return `select current_user::text as login, n.oid is not null as schema_there,
  has_database_privilege(current_database(), 'create') as may_make_schema,
  coalesce(has_schema_privilege(n.oid, 'usage') and has_schema_privilege(n.oid, 'create'), false) as may_make, c.oid is not null as table_there,
  coalesce(has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
    and has_table_privilege(c.oid, 'delete'), false) as may_write,
  (select pg_has_role(current_user, r.oid, '${become}') from pg_roles r where r.rolname = $3) as may_become
from (values ($1::text, $2::text)) as w(schema, tab) left join pg_namespace n on n.nspname = w.schema
  left join pg_class c on c.relnamespace = n.oid and c.relname = w.tab`
}
