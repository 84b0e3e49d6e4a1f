"""An error in Python as data."""

import errno
import os
import sys
import traceback

from .common import clean, is_foreign, same
from .ends import Refused

REFUSED = {errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EHOSTUNREACH}


def describe(program, error, watch=None):
    """An error as data: see CodeFailure."""
    phase = watch.phase if watch else "env"
    frames = traceback.extract_tb(error.__traceback__)
    said = {"name": type(error).__name__, "message": str(error) or type(error).__name__, "place": place_of(program, error, frames, watch)}
    if isinstance(error, Refused):
        return clean({**said, "stage": error.stage, "name": "Error", "message": error.message, "hint": error.hint, "place": None})
    said["stage"] = {"env": "load", "revision": "migrate", "applied": "commit"}[phase]
    if isinstance(error, SystemExit):
        who, code = "the revision" if phase == "revision" else "env.py", "" if error.code is None else repr(error.code)
        said["message"] = "%s called sys.exit(%s)" % (who, code)
    if isinstance(error, ModuleNotFoundError) and error.name:
        said["module"] = error.name
        said["hint"] = "%s -m pip install %s, or the package that has this module" % (sys.executable, error.name.split(".")[0])
    if isinstance(error, SyntaxError):
        said["message"] = error.msg
    add_database(error, phase, watch is not None and watch.ready, said)
    kept = [each for each in frames if not is_foreign(each.filename)]
    lines = traceback.format_list(kept)
    said["stack"] = "".join(["Traceback (most recent call last):\n", *lines, "%s: %s" % (said["name"], said["message"])])
    # Errors of others may have attributes of these names that are something else.
    return clean({name: value for name, value in said.items() if name == "place" or isinstance(value, str)})


def add_database(error, phase, ready, said):
    """Adds what the server said. SQLAlchemy wraps the driver's error, and for asyncpg that one wraps another."""
    said["statement"] = getattr(error, "statement", None)
    original = getattr(error, "orig", None) or error
    inner = original.__cause__ if original.__cause__ is not None and hasattr(original.__cause__, "sqlstate") else original
    about = getattr(original, "diag", None)
    fields = original.args[0] if original.args and isinstance(original.args[0], dict) else {}
    said["sqlstate"] = getattr(inner, "sqlstate", None) or getattr(inner, "pgcode", None) or fields.get("C")
    said["detail"] = getattr(about, "message_detail", None) or getattr(inner, "detail", None) or fields.get("D")
    said["hint"] = getattr(about, "message_hint", None) or getattr(inner, "hint", None) or fields.get("H") or said.get("hint")
    if original is not error:
        primary = getattr(about, "message_primary", None) or getattr(inner, "message", None) or fields.get("M")
        said["name"], said["message"] = type(inner).__name__, primary or str(original).strip()
    state = said["sqlstate"] or ""
    if phase == "env" and not ready and is_connecting(error, original, state):
        said["stage"] = "connect"
    elif phase == "env" and state:
        said["stage"] = "migrate" if ready else "load"


def place_of(program, error, frames, watch):
    if isinstance(error, SyntaxError) and error.filename and not is_foreign(error.filename):
        return clean({"file": program.relative(error.filename), "line": error.lineno, "column": error.offset})
    env = program.script.env_py_location if program.script else os.path.join(program.settings["folder"], "env.py")
    folders = program.version_folders()
    wanted = (
        lambda name: watch and watch.file and same(name, watch.file),
        lambda name: any(same(os.path.dirname(name), each) for each in folders),
        lambda name: same(name, env),
        lambda name: not is_foreign(name) and program.relative(name) != name.replace(os.sep, "/"),
    )
    for fits in wanted:
        for frame in reversed(frames):
            if os.path.isabs(frame.filename) and fits(frame.filename):
                return {"file": program.relative(frame.filename), "line": frame.lineno}
    return None


def is_connecting(error, original, state):
    """Whether a server was not reached, or did not let us in. Drivers say so without an SQLSTATE; asyncpg passes the system's error on."""
    if isinstance(error, OSError):
        return error.errno in REFUSED
    if original is not error and not state:
        return type(original).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout")
    return state[:2] in ("08", "28", "3D") or state in ("53300", "57P03")
