"""Prints the order in which the real Alembic runs the revisions of each script folder that is named, as JSON."""
import json
import sys

from alembic.script import ScriptDirectory

print(json.dumps([[one.revision for one in reversed(list(ScriptDirectory(folder).walk_revisions()))] for folder in sys.argv[1:]]))
