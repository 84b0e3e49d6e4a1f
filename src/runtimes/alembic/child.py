"""
Runs Alembic revisions one by one, in the Python and the folder of the service, for a parent that speaks over file descriptor 3: one JSON
object a line, {id, method, params} in, {id, result | error} and {event, params} out. Needs Python 3.9, Alembic and SQLAlchemy 1.4 or newer.
"""

import errno
import fcntl
import functools
import inspect
import json
import os
import queue
import re
import signal
import socket
import sys
import threading
import time
import traceback
from importlib.util import module_from_spec, spec_from_file_location

PIPE = 3


def beside(name):
    """A module of our own folder, which is no place to import from."""
    path = os.path.join(os.path.dirname(os.path.realpath(__file__)), name + ".py")
    spec = spec_from_file_location("skein_" + name, path)
    module = module_from_spec(spec)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module


class Refused(BaseException):
    """Ends a run of env.py from within. Not an Exception: env.py may catch those."""

    def __init__(self, stage, message, hint=None):
        super().__init__(message)
        self.stage, self.message, self.hint = stage, message, hint


class Configured(BaseException):
    """Ends env.py where it calls context.configure(), with what it says there."""

    def __init__(self, options):
        super().__init__()
        self.options = options


class Drafted(BaseException):
    """Ends the making of a revision before its file is written."""

    def __init__(self, path, text):
        super().__init__()
        self.path, self.text = path, text


class Parent:
    """The other end of descriptor 3. When it closes, this process ends at once: the server takes back what is open."""

    def __init__(self):
        # Moved away, and nothing left in its place: what code writes to a low descriptor by accident reaches neither it nor a connection
        # that would get its number. None of these is inherited by programs.
        moved = fcntl.fcntl(PIPE, fcntl.F_DUPFD_CLOEXEC, 100)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, PIPE, inheritable=False)
        os.close(nothing)
        self.socket = socket.socket(fileno=moved)
        self.asked = queue.Queue()
        os.register_at_fork(after_in_child=lambda: os.close(moved))
        threading.Thread(target=self._listen, daemon=True).start()

    def tell(self, message):
        self.socket.sendall((json.dumps(message, default=str) + "\n").encode())

    def _listen(self):
        try:
            with self.socket.makefile("rb") as lines:
                for line in lines:
                    self.asked.put(json.loads(line))
        except (OSError, ValueError):
            pass
        os._exit(0)


class Program:
    """The service's Alembic: its configuration, its revisions, its env.py."""

    def __init__(self, settings, parent):
        self.settings, self.parent = settings, parent
        self.config = self.script = None
        # Parents by revision, and applied sets by their heads.
        self._graph, self._known = {}, {}

    # ---- loading

    def load(self):
        """The configuration and all revision files, which Alembic imports. Once."""
        if self.script is None:
            config, script = self._find_script()
            # What is imported at all is imported here: a file that cannot be says so now.
            list(script.walk_revisions())
            self._listen_to_engines()
            if os.environ.get("SKEIN_SCRATCH") == "1":
                beside("scratch").lead_to_scratch()
            self.config, self.script = config, script
        return self.script

    def _find_script(self):
        """The nearest configuration that is about our folder; one that was named is taken, and has to be."""
        from alembic.script import ScriptDirectory
        from alembic.util import CommandError

        given, folder = self.settings.get("config"), self.settings["folder"]
        for path in [given] if given else self.settings["configs"]:
            os.chdir(self.settings.get("cwd") or os.path.dirname(path))
            config, kept, script = self._read_config(path), sys.path[:], None
            try:
                # Puts prepend_sys_path into sys.path, which script_location = package:folder may need.
                script = ScriptDirectory.from_config(config)
            except (CommandError, ImportError) as error:
                if given and isinstance(error, ImportError):
                    raise
            if script is not None and same(script.dir, folder):
                return config, script
            sys.path[:] = kept
            if given:
                raise Refused("load", "%s: script_location is %s" % (self.relative(path), self._location(script)))
        if not os.path.exists(os.path.join(folder, "env.py")):
            raise Refused("load", "%s has no env.py" % self.relative(folder), "name the folder that has env.py and versions/")
        home = self.settings.get("cwd") or os.path.dirname(folder)
        os.chdir(home)
        # Without a file there is no prepend_sys_path: the program is its own root, as with `python -m program`.
        sys.path.insert(0, home)
        config = self._new_config(None, None)
        config.set_main_option("script_location", folder.replace("%", "%%"))
        return config, ScriptDirectory.from_config(config)

    def _location(self, script):
        wanted = self.relative(self.settings["folder"])
        return "not there; it should be %s" % wanted if script is None else "%s, not %s" % (self.relative(script.dir), wanted)

    def _read_config(self, path):
        toml = os.path.join(os.path.dirname(path), "pyproject.toml")
        if os.path.basename(path) == "pyproject.toml":
            return self._new_config(None, path)
        config = self._new_config(path, toml if os.path.exists(toml) else None)
        if not config.file_config.has_section(config.config_ini_section):
            if self.settings.get("config"):
                raise Refused("load", "%s has no section [%s]" % (self.relative(path), config.config_ini_section))
            return self._new_config(None, None)
        return config

    def _new_config(self, ini, toml):
        from alembic.config import Config

        # Alembic reads pyproject.toml since 1.16.
        known = "toml_file" in inspect.signature(Config.__init__).parameters
        if toml and not ini and not known:
            raise Refused("load", "Alembic %s does not read pyproject.toml: that came with 1.16" % version())
        more = {"toml_file": toml} if toml and known else {}
        return Config(ini, ini_section=self.settings.get("section") or "alembic", **more)

    def relative(self, path):
        """A path relative to the workspace with forward slashes; absolute where it is outside."""
        for root in (self.settings["root"], os.path.realpath(self.settings["root"])):
            for each in (os.path.abspath(path), os.path.realpath(path)):
                if each.startswith(os.path.join(root, "")):
                    return os.path.relpath(each, root).replace(os.sep, "/")
        return str(path).replace(os.sep, "/")

    # ---- facts

    def facts(self, _params):
        script = self.load()
        said = self._ask_env()
        order = reversed(list(script.walk_revisions()))
        revisions = [{"version": each.revision, "file": self.relative(each.path), "parents": parents(each)} for each in order]
        return {
            "table": said.get("version_table"),
            "schema": said.get("version_table_schema"),
            "transaction": "each" if said.get("transaction_per_migration") else "all",
            "migrations": revisions,
            "toolVersion": version(),
        }

    def _ask_env(self):
        """
        What env.py says to context.configure(). Offline mode is another branch of env.py that often says less, so it runs online, with
        engines that give a stand-in for a connection. Only where env.py needs to read from the database before that, it connects.
        """
        try:
            with engines_stand_in():
                said = self._run_until_configured()
            # Else it was made of an answer that the stand-in gave.
            if all(isinstance(said.get(name), (str, bool, type(None))) for name in ASKED):
                return said
        except ImportError:
            raise
        except Exception:
            pass
        return self._run_until_configured()

    def _run_until_configured(self):
        from alembic.runtime.environment import EnvironmentContext

        self._set_command(["upgrade", "heads"])
        environment = EnvironmentContext(self.config, self.script, fn=lambda heads, context: [], as_sql=False, destination_rev="heads")

        seen = []

        def configure(*args, **options):
            bound = inspect.signature(EnvironmentContext.configure).bind(environment, *args, **options).arguments
            seen.append({**bound, **bound.get("kw", {})})
            raise Configured(seen[0])

        environment.configure = configure
        try:
            with environment:
                self.script.run_env()
        except Configured as configured:
            return configured.options
        except Exception:
            if not seen:
                raise
        if not seen:
            raise Refused("load", "%s ends without context.configure()" % self.relative(self.script.env_py_location))
        return seen[0]

    def _set_command(self, words):
        """What env.py finds in config.cmd_opts when the command line runs it."""
        from alembic.config import CommandLine

        given = [word for value in self.settings.get("x", []) for word in ("-x", value)]
        self.config.cmd_opts = CommandLine("alembic").parser.parse_args(given + words)

    # ---- making

    def draft(self, wanted):
        """A revision file as `alembic revision` and `alembic merge` make it, kept from the disk: its path and its text."""
        import tempfile
        from alembic import util

        script = self.load()
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
        values = {"config": self.config, "imports": "", "upgrades": wanted["upgrades"], "downgrades": wanted["downgrades"]}
        try:
            script.generate_revision(revision, wanted["message"], head=head or "head", **values)
        except Drafted as drafted:
            return {"revision": revision, "path": drafted.path, "text": drafted.text}
        finally:
            del script._generate_template
        raise Refused("load", "Alembic %s made no file" % version())

    # ---- running

    def run(self, step):
        started, watch = time.monotonic(), Watch()
        failure = None
        try:
            self.load()
            self._run_step(step, watch)
        except BaseException as error:
            failure = self.describe(error, watch)
        if watch.engine is not None and not getattr(watch.engine.dialect, "is_async", False):
            try:
                watch.engine.dispose()
            except Exception:
                pass
        ms = round((time.monotonic() - started) * 1000)
        return {"ok": False, "ms": ms, "failure": failure} if failure else {"ok": True, "ms": ms, "atomic": watch.atomic, "recorded": False}

    def _run_step(self, step, watch):
        from alembic.runtime.environment import EnvironmentContext

        up, revision = step["direction"] == "up", self.script.get_revision(step["version"])
        if revision is None or revision.revision != step["version"]:
            raise Refused("load", "there is no revision %s in %s" % (step["version"], self.relative(self.settings["folder"])))
        watch.file = revision.path
        target = revision.revision if up else next(iter(revision._versioned_down_revisions), "base")
        self._set_command(["upgrade" if up else "downgrade", target])

        def work(heads, context):
            self._check_heads(revision, up, heads)
            return [self._watched(revision, up, heads, context, watch)]

        def run_migrations(**kw):
            context = environment.get_context()
            table = (context.version_table_schema, context.version_table)
            # env.py may try again, and may do the same for several schemas.
            watch.errors.pop(table, None)
            try:
                self._prepare(context.connection, step, watch)
                EnvironmentContext.run_migrations(environment, **kw)
            except BaseException as error:
                watch.errors[table] = (error, watch.phase)
                raise

        more = {"as_sql": False, "starting_rev": None, "destination_rev": target, "tag": self.settings.get("tag")}
        environment = EnvironmentContext(self.config, self.script, fn=work, **more)
        environment.run_migrations = run_migrations
        self.watch = watch
        try:
            with environment:
                self.script.run_env()
        finally:
            self.watch = None
        # env.py may have caught what went wrong.
        for error, watch.phase in watch.errors.values():
            raise error
        if watch.phase != "applied":
            raise Refused("load", "%s ended without running the revision" % self.relative(self.script.env_py_location))
        if watch.undone:
            raise Refused(
                "commit",
                "%s ended without committing: the revision ran and was rolled back" % self.relative(self.script.env_py_location),
                "a connection that is used before context.configure() is in a transaction that Alembic leaves to env.py: commit it there",
            )

    def _prepare(self, connection, step, watch):
        """
        The handshake, the key and the settings, on the connection that env.py gave to Alembic and before Alembic touches it. Whether it is
        in a transaction stays as it was: Alembic and env.py decide by that what they begin and commit.
        """
        if connection is None:
            raise Refused("load", "%s gives context.configure() no connection" % self.relative(self.script.env_py_location))
        watch.connection, watch.engine = connection, connection.engine
        if connection.dialect.name != "postgresql":
            raise Refused("elsewhere", "env.py connects to %s, not to PostgreSQL" % connection.dialect.name)
        was, parent = connection.in_transaction(), step["parent"]
        pid, database = execute(connection, "select pg_catalog.pg_backend_pid(), pg_catalog.current_database()").fetchone()
        seen = execute(
            connection,
            "select 1 from pg_catalog.pg_locks where locktype = 'advisory' and granted and objsubid = 1"
            " and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())"
            " and pid = %d and classid = %d and objid = %d" % (parent["pid"], parent["classid"], parent["objid"]),
        ).scalar()
        if not seen:
            raise Refused("elsewhere", "env.py connects to the database %s, where the lock of this run is not held" % database)
        self.parent.tell({"event": "connected", "params": {"pid": pid}})
        if not execute(connection, "select pg_catalog.pg_try_advisory_lock_shared(%d)" % int(step["orphanKey"])).scalar():
            raise Refused("orphan", "an earlier child process is still at work in the database %s" % database)
        watch.ready = True
        for statement in statements(step["session"]):
            execute(connection, statement)
        # Settings last only when their transaction is committed.
        if not was and connection.in_transaction():
            connection.commit()

    def _check_heads(self, revision, up, heads):
        """What the table holds must allow exactly this revision: Alembic would run the others that it needs as well."""
        applied = self._ancestors(heads)
        if up and revision.revision in applied:
            raise Refused("load", "revision %s is applied already" % revision.revision)
        if not up and revision.revision not in applied:
            raise Refused("load", "revision %s is not applied" % revision.revision)
        if up:
            unmet = [each for each in parents(revision) if each not in applied]
            if unmet:
                raise Refused("load", "revision %s needs %s, which is not applied" % (revision.revision, ", ".join(unmet)))
        else:
            over = [each for each in sorted(applied) if revision.revision in self._parents_of(each)]
            if over:
                raise Refused("load", "revision %s is needed by %s, which is applied" % (revision.revision, ", ".join(over)))

    def _ancestors(self, heads):
        """The revisions and all that they stand on. The last two answers are kept: the heads behind a step are those before the next."""
        key = frozenset(heads)
        if key not in self._known:
            found, left = set(), list(key)
            while left:
                each = left.pop()
                if each not in found:
                    found.add(each)
                    left.extend(self._parents_of(each))
            while len(self._known) > 1:
                del self._known[next(iter(self._known))]
            self._known[key] = frozenset(found)
        return self._known[key]

    def _parents_of(self, revision):
        """Alembic resolves an id anew each time; for a thousand steps of a thousand revisions that is most of a run."""
        if revision not in self._graph:
            self._graph[revision] = parents(self.script.get_revision(revision))
        return self._graph[revision]

    def _watched(self, revision, up, heads, context, watch):
        """The revision as Alembic's own step, with its begin and end observed: is it one transaction, is the table right."""
        from alembic.runtime.migration import MigrationStep

        make = MigrationStep.upgrade_from_script if up else MigrationStep.downgrade_from_script
        step = make(self.script.revision_map, revision)
        original, before = step.migration_fn, self._ancestors(heads)

        @functools.wraps(original)
        def migrate(**kw):
            begin = transaction_of(context.connection)
            # An env.py with several schemas runs it for each: one transaction for all of them, or not atomic.
            watch.atomic = watch.atomic and watch.transaction in (None, begin)
            watch.phase, watch.transaction, watch.committed = "revision", begin, False
            original(**kw)

        def check(**_):
            end = transaction_of(context.connection)
            watch.atomic = watch.atomic and not watch.others and end == watch.transaction
            watch.real = end == transaction_of(context.connection)
            want = before | {revision.revision} if up else before - {revision.revision}
            rows = context.get_current_heads()
            if self._ancestors(rows) != want:
                raise Refused("migrate", "after revision %s the table holds %s" % (revision.revision, ", ".join(sorted(rows)) or "nothing"))
            watch.phase, watch.connection = "applied", context.connection
            # op.get_bind().commit() ended Alembic's transaction, and nobody is left to commit the one that began behind it. The real tool
            # commits it with the next revision of the same run, or loses the row; here each revision is a run.
            if not watch.atomic and context._transaction is not None and not context._transaction.is_active:
                context.connection.commit()

        step.migration_fn = migrate
        context.on_version_apply_callbacks = (*context.on_version_apply_callbacks, check)
        return step

    watch = None

    def _listen_to_engines(self):
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        @event.listens_for(Engine, "commit")
        def committed(connection):
            watch = self.watch
            if watch and watch.phase == "revision" and connection is not watch.connection:
                watch.others = True
            elif watch and watch.phase == "applied" and connection is watch.connection:
                watch.committed = True

        @event.listens_for(Engine, "rollback")
        def rolled_back(connection):
            watch = self.watch
            if watch and watch.phase == "applied" and connection is watch.connection and watch.real and not watch.committed:
                watch.undone = True

    # ---- what went wrong

    def describe(self, error, watch=None):
        """An error as data: see CodeFailure."""
        phase = watch.phase if watch else "env"
        frames = traceback.extract_tb(error.__traceback__)
        said = {"name": type(error).__name__, "message": str(error) or type(error).__name__, "place": self._place(error, frames, watch)}
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
        self._add_database(error, phase, watch is not None and watch.ready, said)
        kept = [each for each in frames if not is_foreign(each.filename)]
        lines = traceback.format_list(kept)
        said["stack"] = "".join(["Traceback (most recent call last):\n", *lines, "%s: %s" % (said["name"], said["message"])])
        # Errors of others may have attributes of these names that are something else.
        return clean({name: value for name, value in said.items() if name == "place" or isinstance(value, str)})

    def _add_database(self, error, phase, ready, said):
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

    def _place(self, error, frames, watch):
        if isinstance(error, SyntaxError) and error.filename and not is_foreign(error.filename):
            return clean({"file": self.relative(error.filename), "line": error.lineno, "column": error.offset})
        env = self.script.env_py_location if self.script else os.path.join(self.settings["folder"], "env.py")
        folders = [str(each) for each in self._version_folders()]
        wanted = (
            lambda name: watch and watch.file and same(name, watch.file),
            lambda name: any(same(os.path.dirname(name), each) for each in folders),
            lambda name: same(name, env),
            lambda name: not is_foreign(name) and self.relative(name) != name.replace(os.sep, "/"),
        )
        for fits in wanted:
            for frame in reversed(frames):
                if os.path.isabs(frame.filename) and fits(frame.filename):
                    return {"file": self.relative(frame.filename), "line": frame.lineno}
        return None

    def _version_folders(self):
        if self.script is None:
            return [os.path.join(self.settings["folder"], "versions")]
        return self.script._version_locations


class Watch:
    """What is seen of one step. phase: env, revision, applied."""

    def __init__(self):
        self.phase = "env"
        self.file = self.connection = self.engine = self.transaction = None
        self.errors = {}
        # The handshake is done: what the server refuses now is no matter of loading.
        self.ready = False
        # atomic: one transaction from the begin to the row; real: the end was in a transaction at all; others: another connection
        # committed; committed, undone: what env.py did behind the revision.
        self.atomic, self.real, self.others, self.committed, self.undone = True, False, False, False, False


ASKED = ("version_table", "version_table_schema", "transaction_per_migration")
REFUSED = {errno.ECONNREFUSED, errno.ETIMEDOUT, errno.EHOSTUNREACH}


def is_connecting(error, original, state):
    """Whether a server was not reached, or did not let us in. Drivers say so without an SQLSTATE; asyncpg passes the system's error on."""
    if isinstance(error, OSError):
        return error.errno in REFUSED
    if original is not error and not state:
        return type(original).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout")
    return state[:2] in ("08", "28", "3D") or state in ("53300", "57P03")


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
    return file == __file__ or file.startswith("<") or "/site-packages/" in place or "/dist-packages/" in place or place.startswith(LIBRARY)


LIBRARY = os.path.dirname(os.__file__).replace(os.sep, "/") + "/"


def clean(said):
    return {name: value for name, value in said.items() if value is not None}


def execute(connection, sql):
    from sqlalchemy import text

    return connection.execute(text(sql.replace(":", "\\:")))


def statements(sql):
    """Our own SQL, split at the semicolons outside quotes: not every driver takes several statements at once."""
    parts = re.findall(r"""(?:[^;'"]|'(?:[^']|'')*'|"(?:[^"]|"")*")+""", sql)
    return [each.strip() for each in parts if each.strip()]


def transaction_of(connection):
    """The virtual transaction: another one after each COMMIT, and unlike txid_current() it can be asked without making one."""
    own = "locktype = 'virtualxid' and granted and pid = pg_catalog.pg_backend_pid()"
    return execute(connection, "select virtualtransaction from pg_catalog.pg_locks where " + own).scalar()


class StandIn:
    """Answers what is asked of a connection before context.configure(), and does nothing. Not for ever: env.py may wait for an answer."""

    patience = 100

    def __init__(self, engine):
        self.engine, self.dialect, self.info, self.closed = engine, engine.dialect, {}, False
        StandIn.patience -= 1
        if StandIn.patience < 0:
            raise RuntimeError("env.py asks its connection too much")

    def in_transaction(self):
        return False

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(self.engine)

    def __call__(self, *args, **kw):
        return StandIn(self.engine)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __iter__(self):
        return iter(())


class engines_stand_in:
    """While it lasts, engines connect nowhere."""

    def __enter__(self):
        from sqlalchemy.engine import Engine

        StandIn.patience = 100
        self.kept = {name: getattr(Engine, name) for name in ("connect", "raw_connection")}
        for name in self.kept:
            setattr(Engine, name, lambda engine, *args, **kw: StandIn(engine))

    def __exit__(self, *args):
        from sqlalchemy.engine import Engine

        for name, method in self.kept.items():
            setattr(Engine, name, method)
        return False


def main():
    # Ctrl-C at the terminal is the parent's.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Our own folder is no place to import from.
    if sys.path and same(sys.path[0] or ".", os.path.dirname(os.path.abspath(__file__))):
        del sys.path[0]
    parent = Parent()
    program = Program(json.loads(sys.argv[1]), parent)
    # Programs read their own arguments from here.
    sys.argv[1:] = []
    methods = {"facts": program.facts, "draft": program.draft, "run": program.run}
    while True:
        message = parent.asked.get()
        try:
            answer = {"result": methods[message["method"]](message.get("params"))}
        except BaseException as error:
            answer = {"error": program.describe(error)}
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        parent.tell({"id": message["id"], **answer})


if __name__ == "__main__":
    main()
