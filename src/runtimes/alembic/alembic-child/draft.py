"""The making of a revision, by Alembic and without its file."""

import os
import tempfile

from .common import version
from .ends import Drafted, Refused


def draft(program, wanted):
    """A revision file as `alembic revision` and `alembic merge` make it, kept from the disk: its path and its text."""
    from alembic import util

    script = program.load()
    heads, head = list(script.get_heads()), wanted.get("head")
    if wanted.get("merge"):
        if len(heads) < 2:
            return {"heads": heads}
        head = tuple(heads)
    elif head is None and len(heads) > 1:
        return {"heads": heads}
    make = script._generate_template

    def keep(template, path, **values):
        with tempfile.TemporaryDirectory() as folder:
            copy = os.path.join(folder, "revision.py")
            # Alembic 1.16 has paths where it had texts before.
            make(template, type(path)(copy), **values)
            with open(copy, encoding=script.output_encoding or "utf-8", newline="") as file:
                raise Drafted(os.path.abspath(path), file.read())

    script._generate_template = keep
    revision = util.rev_id()
    # What script.py.mako is given by the command (1.16.5 command.py, autogenerate/api.py); templates for several databases ask config.
    values = {"config": program.config, "imports": "", "upgrades": wanted["upgrades"], "downgrades": wanted["downgrades"]}
    try:
        script.generate_revision(revision, wanted["message"], head=head or "head", **values)
    except Drafted as drafted:
        return {"revision": revision, "path": drafted.path, "text": drafted.text}
    finally:
        del script._generate_template
    raise Refused("load", "Alembic %s made no file" % version())
