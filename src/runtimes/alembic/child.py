"""
Runs Alembic revisions one by one, in the Python and the folder of the service, for a parent that speaks over file descriptor 3: one JSON
object a line, {id, method, params} in, {id, result | error} and {event, params} out. Needs Python 3.9, Alembic and SQLAlchemy 1.4 or newer.
"""

import json
import os
import signal
import sys
from importlib.util import module_from_spec, spec_from_file_location

HERE = os.path.dirname(os.path.realpath(__file__))


def load_package():
    """What we consist of, as the package skein_child: our own folder is no place to import from."""
    if sys.path and os.path.realpath(sys.path[0] or ".") == HERE:
        del sys.path[0]
    folder = os.path.join(HERE, "alembic-child")
    spec = spec_from_file_location("skein_child", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
    package = sys.modules["skein_child"] = module_from_spec(spec)
    spec.loader.exec_module(package)


def main():
    # Ctrl-C at the terminal is the parent's.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    load_package()
    from skein_child.draft import draft
    from skein_child.facts import facts
    from skein_child.failure import describe
    from skein_child.parent import Parent
    from skein_child.program import Program
    from skein_child.runner import Runner

    sys.dont_write_bytecode = kept
    parent, program = Parent(), Program(json.loads(sys.argv[1]))
    runner = Runner(program, parent)
    # Programs read their own arguments from here.
    sys.argv[1:] = []
    # finish: a run of env.py that waits for further revisions comes to its end before this is answered.
    methods = {"facts": lambda _: facts(program), "draft": lambda wanted: draft(program, wanted), "finish": lambda _: None}
    while True:
        message = parent.take()
        if message["method"] == "run":
            runner.run(message["params"])
            continue
        try:
            answer = {"result": methods[message["method"]](message.get("params"))}
        except BaseException as error:
            answer = {"error": describe(program, error)}
        parent.answer(answer)


if __name__ == "__main__":
    main()
