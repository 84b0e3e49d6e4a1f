"""
For child.py and command.py: on a scratch database every engine of PostgreSQL connects there, whatever env.py says, so that no other database is touched.
Source: SQLAlchemy 2.0, DialectEvents.do_connect. Needs SQLAlchemy 1.4 or newer.
"""

import os

# Of what env.py says of its connection these are the session's own.
KEPT = ("options", "server_settings")


def lead_to_scratch():
    """From now on, in this process: Skein has made DATABASE_URL the URL of a scratch database."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine, make_url

    url = make_url(os.environ["DATABASE_URL"])

    @event.listens_for(Engine, "do_connect")
    def connect(dialect, _record, _args, said):
        if dialect.name != "postgresql":
            return None
        # asyncpg and pg8000 do not know the parameters of libpq.
        here = url if dialect.driver.startswith("psycopg") else url.set(query={})
        args, options = dialect.create_connect_args(here.set(drivername="postgresql+%s" % dialect.driver))
        kept = {name: said[name] for name in KEPT if name in said}
        return dialect.connect(*args, **{**options, **kept})
