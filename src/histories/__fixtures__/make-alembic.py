"""Makes alembic.json with the real Alembic, on a database that may be written to.

    .tools/alembic/bin/python make-alembic.py postgresql://postgres@127.0.0.1:5432/app
"""
import json
import sys
import tempfile
from pathlib import Path

import alembic
import sqlalchemy
from alembic import command
from alembic.config import Config

here = Path(__file__).parent
engine = sqlalchemy.create_engine("postgresql+psycopg://" + sys.argv[1].split("://", 1)[1])

# Two branches, one of which depends on the other.
revisions = {
    "aa01": {"down_revision": None, "branch_labels": ("core",)},
    "aa02": {"down_revision": "aa01"},
    "aa03": {"down_revision": "aa02"},
    "bb01": {"down_revision": None, "branch_labels": ("billing",)},
    "bb02": {"down_revision": "bb01", "depends_on": "aa02"},
}
commands = [
    ("upgrade", "core@head"),
    ("downgrade", "aa02"),
    ("upgrade", "bb02"),
    ("upgrade", "heads"),
    ("downgrade", "billing@base"),
    ("upgrade", "heads"),
    ("downgrade", "aa02"),
    ("downgrade", "base"),
    ("stamp", "aa02"),
    ("stamp --purge", "heads"),
    ("stamp", "base"),
    ("stamp --purge", "bb02"),
]

env = """
from alembic import context
config = context.config
context.configure(connection=config.attributes["connection"], on_version_apply=config.attributes["note"])
with context.begin_transaction():
    context.run_migrations()
"""


def rows(connection):
    return [row[0] for row in connection.execute(sqlalchemy.text('select version_num from alembic_version order by version_num collate "C"'))]


with tempfile.TemporaryDirectory() as folder, engine.connect() as connection:
    versions = Path(folder, "versions")
    versions.mkdir()
    Path(folder, "env.py").write_text(env)
    Path(folder, "script.py.mako").write_text("")
    for revision, fields in revisions.items():
        fields = {"branch_labels": None, "depends_on": None, "revision": revision, **fields}
        text = "".join(f"{name} = {value!r}\n" for name, value in fields.items())
        (versions / f"{revision}.py").write_text(f"{text}\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n")
    config = Config()
    config.set_main_option("script_location", folder)
    states = []
    for verb, target in commands:
        steps = []

        def note(ctx, step, heads, run_args):
            if not step.is_stamp:
                steps.append({"version": step.up_revision_id, "direction": "up" if step.is_upgrade else "down"})

        config.attributes.update(connection=connection, note=note)
        name, *flags = verb.split()
        getattr(command, name)(config, target, **{flag.strip("-"): True for flag in flags})
        connection.commit()
        states.append({"after": f"{verb} {target}", "steps": steps, "rows": rows(connection)})
    catalogue_sql = (here / "catalogue.sql").read_text().replace("$1", "'public'").replace("$2", "'{alembic_version}'")
    catalogue = [row[0] for row in connection.exec_driver_sql(catalogue_sql.replace("%", "%%"))]
    graph = [
        {"version": revision, "parents": [fields[name] for name in ("down_revision", "depends_on") if fields.get(name)]}
        for revision, fields in revisions.items()
    ]

answer = {"tool": f"alembic {alembic.__version__}", "catalogue": catalogue, "graph": graph, "states": states}
(here / "alembic.json").write_text(json.dumps(answer, indent=2) + "\n")
