/**
 * Functions whose effect outlasts the transaction: configuration, advisory locks of the session, connections of dblink, a session's replication origin.
 * PostgreSQL manual, "System Administration Functions".
 */
export const sessionFunctions =
  /\b(?:set_config|pg_(?:try_)?advisory_(?:lock|lock_shared)|pg_advisory_unlock(?:_shared|_all)?|dblink_connect(?:_u)?|pg_replication_origin_session_setup)\b/i
