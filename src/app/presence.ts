import type { Service } from '../model/service.ts'
import { literal } from '../postgres/quote.ts'

/** What is there for one service, one row of {@link presenceQuery}. */
export interface Presence {
  system_identifier: string | null
  database_oid: string
  database: string
  standby: boolean
  read_only: boolean
  role: string
  /** Where the history table is, or would be made. */
  schema: string | null
  /** Columns of the history table in order; null: it is not there. */
  columns: string[] | null
  ledger: 'absent' | 'readable' | 'hidden'
}

/**
 * One `select` that tells, for every service in order, which database this is and whether its history table and ledger are there: from the
 * catalogue and by oid, which every role may read; to_regclass() and privilege functions by name fail on a schema that the role may not use.
 * pg_control_system() may be called by every role (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CONTROLDATA).
 */
export function presenceQuery(services: readonly Service[]): string {
  const values = services.map((service, at) => {
    const { history, schema } = service
    const first = history.schema ?? schema?.split(',')[0]?.trim().replace(/^"|"$/g, '')
    return `(${at}, ${literal(first ?? null)}::text, ${literal(history.table)}, ${literal(service.ledgerSchema)})`
  })
  return `select (select system_identifier::text from pg_control_system()) as system_identifier, d.oid::text as database_oid, d.datname::text as database,
  pg_is_in_recovery() as standby, current_setting('default_transaction_read_only') = 'on' and pg_is_in_recovery() as read_only, session_user::text as role,
  coalesce(w.schema, current_schema()::text) as schema,
  (select json_agg(a.attname order by a.attnum) from pg_namespace n join pg_class c on c.relnamespace = n.oid join pg_attribute a on a.attrelid = c.oid
     where n.nspname = coalesce(w.schema, current_schema()::text) and c.relname = w.tab and c.relkind in ('r', 'p', 'v', 'f') and a.attnum > 0 and not a.attisdropped) as columns,
  coalesce((select case when has_schema_privilege(n.oid, 'usage') and bool_and(has_table_privilege(c.oid, 'select')) then 'readable' else 'hidden' end
     from pg_namespace n join pg_class c on c.relnamespace = n.oid
     where n.nspname = w.ledger and c.relname in ('meta', 'history', 'applied', 'journal', 'run') and c.relkind = 'r' group by n.oid having bool_or(c.relname = 'meta')), 'absent') as ledger
from (values ${values.join(', ')}) as w(at, schema, tab, ledger), pg_database d where d.datname = current_database() order by w.at`
}
