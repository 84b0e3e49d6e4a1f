import { isServerError } from './server-error.ts'
import type { Session } from './session.ts'

/** What a target is, whatever it was called in a URL. */
export interface Identity {
  /** Null where the role may not ask for it: an administrator has taken `pg_control_system()` from PUBLIC. */
  systemIdentifier: string | null
  databaseOid: number
  database: string
  /** The schema that comes first in search_path and exists; null when none does. */
  schema: string | null
  version: number
  user: string
  standby: boolean
  /** Transactions are read-only unless they say otherwise. */
  readOnly: boolean
}

/**
 * One `select` of one row: system_identifier, database_oid, database, schema, version, session_user, standby, read_only. Changes nothing and works on a standby.
 * pg_control_system() may be called by anyone by default (13 to 18); where that was revoked the whole statement fails with 42501.
 */
export const identitySelect = identityText('(select system_identifier::text from pg_control_system())')

/** The same without the system identifier. */
export const identitySelectPlain = identityText('null::text')

/** Asks who the target is: one round trip, a second one where pg_control_system() was revoked. */
export async function readIdentity(session: Session): Promise<Identity> {
  try {
    return identityOf((await session.simple(identitySelect))[0]?.rows[0] ?? {})
  } catch (error) {
    if (!isServerError(error) || error.code !== '42501') throw error
    return identityOf((await session.simple(identitySelectPlain))[0]?.rows[0] ?? {})
  }
}

/** The row of {@link identitySelect}. */
export function identityOf(row: Readonly<Record<string, unknown>>): Identity {
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return {
    systemIdentifier: text(row.system_identifier),
    databaseOid: Number(row.database_oid),
    database: text(row.database) ?? '',
    schema: text(row.schema),
    version: Number(row.version),
    user: text(row.session_user) ?? '',
    standby: row.standby === true,
    readOnly: row.read_only === true,
  }
}

function identityText(systemIdentifier: string): string {
  return `select ${systemIdentifier} as system_identifier,
  (select oid from pg_database where datname = current_database()) as database_oid, current_database()::text as database,
  current_schema()::text as schema, current_setting('server_version_num')::int as version, session_user::text as session_user,
  pg_is_in_recovery() as standby, current_setting('default_transaction_read_only')::bool or pg_is_in_recovery() as read_only`
}
