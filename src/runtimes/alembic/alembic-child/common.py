"""Small things that several files of this folder need."""

import os

LIBRARY = os.path.dirname(os.__file__).replace(os.sep, "/") + "/"
OURS = os.path.dirname(os.path.realpath(__file__))
ENTRY = os.path.join(os.path.dirname(OURS), "child.py")


def version():
    import alembic

    return alembic.__version__


def parents(revision):
    """down_revision and depends_on, resolved to ids."""
    return list(dict.fromkeys(revision._all_down_revisions))


def same(one, other):
    return os.path.realpath(one) == os.path.realpath(other)


def is_foreign(file):
    """A frame of Alembic, SQLAlchemy, a library or ourselves."""
    place = file.replace(os.sep, "/")
    library = place.startswith(LIBRARY) or "/site-packages/" in place or "/dist-packages/" in place
    return library or file.startswith("<") or os.path.dirname(os.path.realpath(file)) == OURS or same(file, ENTRY)


def clean(said):
    return {name: value for name, value in said.items() if value is not None}
