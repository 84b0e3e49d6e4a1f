"""Makes the trees and the answers beside this file with the real Alembic; no database is needed.

    .tools/alembic/bin/python make.py
"""
import json
import shutil
from pathlib import Path

import alembic
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

here = Path(__file__).parent


def generated():
    """What `alembic init` and `alembic revision` write: two branches, one of which depends on the other, joined again."""
    tree = here / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    config = Config(tree / "alembic.ini")
    config.set_main_option("script_location", str(tree / "alembic"))
    tree.mkdir()
    command.init(config, str(tree / "alembic"))
    ini = tree / "alembic.ini"
    ini.write_text(ini.read_text().replace(str(tree), "%(here)s"))
    config = Config(ini)
    revision = lambda id, message, head, **more: command.revision(config, message, rev_id=id, head=head, **more)
    revision("aa01", "create accounts", "base", branch_label="core")
    revision("aa02", "Add an e-mail address to each account, for the letters", "aa01")
    revision("bb01", "create invoices", "base", branch_label="billing")
    revision("aa03", "drop fax", "aa02")
    revision("bb02", "invoice account", "bb01", depends_on="aa02")
    command.merge(config, ["aa03", "bb02"], "join core and billing", rev_id="cc01")
    for file in sorted((tree / "alembic" / "versions").glob("*.py")):
        text = file.read_text()
        # The day on which it was made says nothing.
        file.write_text("".join(line for line in text.splitlines(True) if not line.startswith("Create Date:")))
    (tree / "alembic" / "versions" / "notes.md").write_text("not a revision\n")
    (tree / "alembic" / "versions" / "__init__.py").write_text("")
    return tree / "alembic"


body = "\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    raise NotImplementedError\n"
odd_files = {
    "a0.py": b'"""legacy: the name is the id"""\ndown_revision = None' + body.encode(),
    "b_quotes.py": ("'''single\nquotes'''\nrevision = r'b1'\ndown_revision = ('a' '0')" + body).encode(),
    "c_crlf.py": ('"""crlf"""\nrevision: str = "c1"\ndown_revision: "str | None" = "a0"\nbranch_labels = ("left", "west")' + body).replace("\n", "\r\n").encode(),
    "d_bom.py": ("\ufeff# a comment\n\"\"\"bom\"\"\"\nrevision = down = 'd1'\ndown_revision = ['b1']\nbranch_labels = None\ndepends_on = 'left'" + body).encode(),
    "e_merge.py": ("revision = \"e\\x31\"\ndown_revision = 'd1', 'c1'\ndepends_on = ()" + body).encode(),
    "f_second.py": ("# -*- coding: utf-8 -*-\n\"\"\"zweite Straße\n\nmore\n\"\"\"\nrevision = 'f1'\nrevision = 'f2'\ndown_revision = None\ndepends_on = ('e1',)" + body).encode(),
    "g_head.py": ("revision = 'g1'\ndown_revision = 'c1'  # a second head" + body).encode(),
    ".#h.py": b"never read (",
    "__init__.py": b"",
}


def odd():
    """Spellings that people write."""
    tree = here / "odd"
    shutil.rmtree(tree, ignore_errors=True)
    (tree / "versions").mkdir(parents=True)
    for name, content in odd_files.items():
        (tree / "versions" / name).write_bytes(content)
    (tree / "env.py").write_text("from alembic import context\n\ncontext.configure(connection=None)\n")
    return tree


def told(folder):
    """What Alembic makes of it, in the order in which it runs."""
    script = ScriptDirectory(str(folder))
    return [
        {
            "revision": one.revision,
            "file": Path(one.path).name,
            "parents": list(one._normalized_down_revisions),
        }
        for one in reversed(list(script.walk_revisions()))
    ]


trees = {"tree/alembic": generated(), "odd": odd()}
answers = {"tool": f"alembic {alembic.__version__}", "trees": {name: told(folder) for name, folder in trees.items()}}
for folder in here.rglob("__pycache__"):
    shutil.rmtree(folder)
(here / "real-tool.json").write_text(json.dumps(answers, indent=2, ensure_ascii=False) + "\n")
