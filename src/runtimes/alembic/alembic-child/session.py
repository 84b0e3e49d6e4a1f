"""What is said to the server on the connection that env.py gave to Alembic, beside what env.py and the revisions say there."""

import itertools
import re

from .ends import Refused

count = itertools.count()

# Another one after each COMMIT, and unlike txid_current() it can be asked without making one.
TRANSACTION = (
    "(select virtualtransaction from pg_catalog.pg_locks where locktype = 'virtualxid' and granted and pid = pg_catalog.pg_backend_pid())"
)

OWN_KEYS = "from pg_catalog.pg_locks where locktype = 'advisory' and pid = pg_catalog.pg_backend_pid()"

# Settings that change what a statement means or how it ends. To look at all settings takes the server longer than most revisions do.
SETTINGS = (
    "role,search_path,session_replication_role,row_security,TimeZone,DateStyle,IntervalStyle,client_encoding,standard_conforming_strings,"
    "bytea_output,xmloption,transform_null_equals,check_function_bodies,default_tablespace,default_table_access_method,"
    "default_transaction_isolation,default_transaction_read_only,synchronous_commit,lock_timeout,statement_timeout,transaction_timeout,"
    "idle_in_transaction_session_timeout,client_min_messages,application_name"
)

# What one revision can leave in the session for the next, as one text: a new connection would not have it.
SESSION = (
    "pg_catalog.concat_ws('|', pg_catalog.pg_backend_pid(), session_user, pg_catalog.pg_my_temp_schema(),"
    " (select pg_catalog.string_agg(coalesce(pg_catalog.current_setting(name, true), '-'), '|')"
    " from pg_catalog.unnest('{" + SETTINGS + "}'::text[]) as name),"
    " (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', classid, objid, objsubid, mode), ',' order by classid, objid, objsubid, mode) "
    + OWN_KEYS
    + "), (select pg_catalog.count(*) from pg_catalog.pg_prepared_statement() where from_sql),"
    " (select pg_catalog.count(*) from pg_catalog.pg_cursor() where is_holdable),"
    " (select pg_catalog.count(*) from pg_catalog.pg_listening_channels()))"
)

# The same with every setting that the session made. Settings whose name has a dot are in no list.
WHOLE_SESSION = (
    SESSION + " || (select coalesce(pg_catalog.string_agg(name || '=' || setting, ',' order by name), '') from pg_catalog.pg_settings"
    " where source = 'session' and pg_catalog.left(name, 12) <> 'transaction_')"
)

# What may make other settings, and what makes those that are in no list.
SETS = re.compile(r"\b(?:set|reset|discard|set_config|do|load)\b", re.IGNORECASE)
HIDDEN = re.compile(r"\bset_config\b|\bset\s+(?:session\s+)?[\"\w]+\.", re.IGNORECASE)


def execute(connection, sql):
    """
    Each text is sent once only: drivers prepare what comes again and again, and a revision that says DEALLOCATE ALL or DISCARD ALL would take
    the prepared statement from under them.
    """
    from sqlalchemy import text

    return connection.execute(text("%s /* %d */" % (sql.replace(":", "\\:"), next(count))))


def statements(sql):
    """Our own SQL, split at the semicolons outside quotes: not every driver takes several statements at once."""
    parts = re.findall(r"""(?:[^;'"]|'(?:[^']|'')*'|"(?:[^"]|"")*")+""", sql)
    return [each.strip() for each in parts if each.strip()]


def shake_hands(connection, step, tell):
    """Sees the lock of the run on this connection, takes the key of a child that is at work and makes the settings."""
    pid, database, seen = execute(
        connection, "select pg_catalog.pg_backend_pid(), pg_catalog.current_database(), %s" % seen_lock(step["parent"])
    ).fetchone()
    if not seen:
        raise Refused("elsewhere", "env.py connects to the database %s, where the lock of this run is not held" % database)
    tell({"event": "connected", "params": {"pid": pid}})
    if not execute(connection, "select pg_catalog.pg_try_advisory_lock_shared(%d)" % int(step["orphanKey"])).scalar():
        raise Refused("orphan", "an earlier child process is still at work in the database %s" % database)
    return pid


def make_settings(connection, step):
    for statement in statements(step["session"]):
        execute(connection, statement)


def seen_lock(parent):
    return (
        "exists(select 1 from pg_catalog.pg_locks where locktype = 'advisory' and granted and objsubid = 1"
        " and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())"
        " and pid = %d and classid = %d and objid = %d)" % (parent["pid"], parent["classid"], parent["objid"])
    )


def transaction_of(connection):
    return execute(connection, "select " + TRANSACTION).scalar()


def session_of(connection):
    """The session, at a glance and wholly."""
    return tuple(execute(connection, "select %s, %s" % (SESSION, WHOLE_SESSION)).fetchone())


def count_keys(connection):
    """How many advisory locks the session holds."""
    return execute(connection, "select pg_catalog.count(*) " + OWN_KEYS).scalar()


def before_step(context, parent):
    """For a further revision on this connection: the transaction that it will be in, whether the lock of the run is held, the rows."""
    return execute(context.connection, "select %s, %s, %s" % (TRANSACTION, seen_lock(parent), rows_of(context))).fetchone()


def after_step(context):
    """Behind a revision and its row: the transaction, the session and the rows."""
    return execute(context.connection, "select %s, %s, %s" % (TRANSACTION, SESSION, rows_of(context))).fetchone()


def rows_of(context):
    table = context.connection.dialect.identifier_preparer.format_table(context._version)
    return "array(select version_num::text from %s)" % table
