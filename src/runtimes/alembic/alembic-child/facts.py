"""What the program says of itself: its revisions, and what env.py tells context.configure()."""

import inspect

from .common import parents, version
from .ends import Configured, Refused
from .stand_in import engines_stand_in

ASKED = ("version_table", "version_table_schema", "transaction_per_migration")


def facts(program):
    """What only running the program tells: see RuntimeFacts."""
    script = program.load()
    said = ask_env(program)
    order = reversed(list(script.walk_revisions()))
    revisions = [{"version": each.revision, "file": program.relative(each.path), "parents": parents(each)} for each in order]
    return {
        "table": said.get("version_table"),
        "schema": said.get("version_table_schema"),
        "transaction": "each" if said.get("transaction_per_migration") else "all",
        "migrations": revisions,
        "toolVersion": version(),
    }


def ask_env(program):
    """
    What env.py says to context.configure(). Offline mode is another branch of env.py that often says less, so it runs online, with
    engines that give a stand-in for a connection. Only where env.py needs to read from the database before that, it connects.
    """
    try:
        with engines_stand_in():
            said = run_until_configured(program)
        # Else it was made of an answer that the stand-in gave.
        if all(isinstance(said.get(name), (str, bool, type(None))) for name in ASKED):
            return said
    except ImportError:
        raise
    except Exception:
        pass
    return run_until_configured(program)


def run_until_configured(program):
    from alembic.runtime.environment import EnvironmentContext

    program.set_command(["upgrade", "heads"])
    environment = EnvironmentContext(program.config, program.script, fn=lambda heads, context: [], as_sql=False, destination_rev="heads")

    seen = []

    def configure(*args, **options):
        bound = inspect.signature(EnvironmentContext.configure).bind(environment, *args, **options).arguments
        seen.append({**bound, **bound.get("kw", {})})
        raise Configured(seen[0])

    environment.configure = configure
    try:
        with environment:
            program.script.run_env()
    except Configured as configured:
        return configured.options
    except Exception:
        if not seen:
            raise
    if not seen:
        raise Refused("load", "%s ends without context.configure()" % program.env_file())
    return seen[0]
