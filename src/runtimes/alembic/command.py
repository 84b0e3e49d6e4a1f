"""
Alembic's own command line, but for upgrade, downgrade, stamp and revision --autogenerate: of these it says on descriptor 3, as JSON, what they would do, and
does nothing. Usage, errors, logging and every other command are Alembic's own; on a scratch database autogenerating is too. Needs Python 3.9, Alembic and
SQLAlchemy 1.4 or newer.
"""

import json
import logging
import os
import sys

TAKEN = ("upgrade", "downgrade", "stamp")


def main():
    # Our own folder is no place to import from.
    if sys.path and os.path.realpath(sys.path[0] or ".") == os.path.dirname(os.path.realpath(__file__)):
        del sys.path[0]
    from alembic import util
    from alembic.config import CommandLine

    class OwnCommandLine(CommandLine):
        def run_cmd(self, config, options):
            name = options.cmd[0].__name__
            if name == "revision" and options.autogenerate and not options.sql:
                if os.environ.get("SKEIN_SCRATCH") != "1":
                    os.write(3, json.dumps(place(config, options, name)).encode())
                    return None
                beside("scratch").lead_to_scratch()
            if name not in TAKEN or options.sql:
                return super().run_cmd(config, options)
            try:
                said = json.dumps(route(config, options, name))
            except util.CommandError as error:
                if options.raiseerr:
                    raise
                return util.err(str(error), **getattr(config, "messaging_opts", {}))
            os.write(3, said.encode())

    OwnCommandLine(prog="alembic").main(sys.argv[1:])


def route(config, options, name):
    """What the command does, by Alembic's own functions, from what the table says. Source: Alembic 1.16.5 command.py."""
    from alembic import util
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(config)
    told = place(config, options, name)
    target = tuple(options.revisions) if name == "stamp" else options.revision
    if name != "stamp" and ":" in target:
        raise util.CommandError("Range revision not allowed")

    def look(heads, context):
        told["url"] = libpq_url(context.connection.engine.url)
        if name == "stamp":
            steps = script._stamp_revs(target, () if options.purge else heads)
            told["heads"] = stamped(() if options.purge else heads, steps)
        else:
            steps = script._upgrade_revs(target, heads) if name == "upgrade" else script._downgrade_revs(target, heads)
            told["steps"] = [step.revision.revision for step in steps]
        return []

    more = {"starting_rev": None, "destination_rev": target, "tag": options.tag, "dont_mutate": True}
    with EnvironmentContext(config, script, fn=look, **more):
        script.run_env()
    return told


def beside(name):
    """A module of our own folder, which is no place to import from."""
    from importlib.util import module_from_spec, spec_from_file_location

    path = os.path.join(os.path.dirname(os.path.realpath(__file__)), name + ".py")
    spec = spec_from_file_location("skein_" + name, path)
    module = module_from_spec(spec)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module


def place(config, options, name):
    """Where the service is, and nothing else."""
    from alembic.script import ScriptDirectory

    return {
        "command": name,
        "folder": os.path.abspath(str(ScriptDirectory.from_config(config).dir)),
        "config": config_file(config),
        "section": config.config_ini_section,
        "x": list(options.x or []),
        "tag": getattr(options, "tag", None),
        "url": "",
        "steps": [],
        "heads": [],
    }


def stamped(heads, steps):
    """The rows behind the steps, and Alembic's words for each."""
    from alembic.runtime.migration import HeadMaintainer

    class Heads(HeadMaintainer):
        def _insert_version(self, version):
            self.heads.add(version)

        def _delete_version(self, version):
            self.heads.remove(version)

        def _update_version(self, from_, to_):
            self.heads.remove(from_)
            self.heads.add(to_)

    rows = Heads(None, heads)
    for step in steps:
        logging.getLogger("alembic.runtime.migration").info("Running %s", step)
        rows.update_to_step(step)
    return sorted(rows.heads)


def config_file(config):
    for name in (config.config_file_name, getattr(config, "toml_file_name", None)):
        if name and os.path.exists(name):
            return os.path.abspath(name)
    return None


def libpq_url(url):
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
