"""Walks as the real Alembic does its bookkeeping: one step at a time, in the order that is given.

Reads {"url", "cases": [{"revisions": [{"version", "downs", "depends"}], "walk": [[version, direction], …]}]} and prints for each case the rows
after each step. Each case leaves nothing behind.
"""
import json
import sys
import tempfile
from pathlib import Path

import sqlalchemy
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from alembic.script import ScriptDirectory

given = json.load(sys.stdin)
engine = sqlalchemy.create_engine("postgresql+psycopg://" + given["url"].split("://", 1)[1])


def walk(case, connection, folder):
    versions = Path(folder, "versions")
    versions.mkdir()
    for one in case["revisions"]:
        fields = {"revision": one["version"], "down_revision": tuple(one["downs"]) or None, "depends_on": tuple(one["depends"]) or None}
        text = "".join(f"{name} = {value!r}\n" for name, value in fields.items())
        (versions / f"{one['version']}.py").write_text(f"{text}\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n")
    config = Config()
    config.set_main_option("script_location", folder)
    script = ScriptDirectory.from_config(config)
    for version, direction in case["walk"]:
        make = MigrationStep.upgrade_from_script if direction == "up" else MigrationStep.downgrade_from_script
        step = make(script.revision_map, script.get_revision(version))
        with EnvironmentContext(config, script, fn=lambda heads, context: [step]) as environment:
            environment.configure(connection=connection)
            environment.run_migrations()
        yield [row[0] for row in connection.execute(sqlalchemy.text('select version_num from alembic_version order by version_num collate "C"'))]


answers = []
with engine.connect() as connection:
    for case in given["cases"]:
        with tempfile.TemporaryDirectory() as folder:
            answers.append(list(walk(case, connection, folder)))
        connection.rollback()
print(json.dumps(answers))
