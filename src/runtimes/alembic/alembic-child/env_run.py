"""
One run of env.py: for one revision, or for several that follow each other. Alembic asks for the revisions one by one, from a generator here.
When it asks for the next, the one before has run and its row is written; the generator commits, answers, and waits for the next question.

The second revision and those behind it share one run, where the first was seen to leave that to Alembic: env.py configured once, said
nothing to a server from there to the revision, nor behind it, and the transaction was Alembic's. So an env.py that does more than that has
a run for each revision. So has a revision behind one that is not one transaction, or that left something in the session.
"""

import functools

from . import session
from .ends import Refused

# Nobody needs a connection that waits longer than so many seconds for the next question.
PATIENCE = 2


class EnvRun:
    def __init__(self, runner, step):
        self.runner, self.program, self.parent, self.first = runner, runner.program, runner.parent, step
        self.up = step["direction"] == "up"
        # quiet: env.py has no reason to say anything to a server; strange: it did.
        self.configured, self.runs, self.quiet, self.strange = 0, 0, False, False
        # mode: who commits, see _mode. shared: further revisions may follow. fresh: the session before the first.
        self.mode, self.shared, self.fresh, self.options = None, False, None, None
        # The rows as Alembic has them in mind, and those before the revision.
        self.heads, self.before = set(), ()
        self.pid, self.observed = None, []

    def run(self):
        """Runs env.py. What goes wrong is raised; the revisions that were answered already are not its matter any more."""
        from alembic.runtime.environment import EnvironmentContext

        revision = self.runner.begin(self.first)
        target = self._set_target(revision)
        more = {"as_sql": False, "starting_rev": None, "destination_rev": target, "tag": self.program.settings.get("tag")}
        self.environment = EnvironmentContext(self.program.config, self.program.script, fn=self._work, **more)
        self.environment.run_migrations = self._run_migrations
        self.environment.configure = self._configure
        with self.environment:
            self.program.script.run_env()

    def was_plain(self):
        """Whether the revisions behind this one may share a run of env.py, which has ended."""
        watch = self.runner.watch
        alembic_alone = self.configured == 1 and self.runs == 1 and not self.strange and self.mode is not None
        return alembic_alone and watch.atomic and watch.committed and not watch.undone

    # ---- what is seen

    def on_commit(self, connection):
        self.runner.watch.on_commit(connection)

    def on_rollback(self, connection):
        self.runner.watch.on_rollback(connection)

    def on_statement(self, statement):
        self.strange = self.strange or self.quiet
        watch = self.runner.watch
        if watch.phase == "revision" and session.SETS.search(statement):
            watch.sets = True
            watch.hidden = watch.hidden or session.HIDDEN.search(statement) is not None

    # ---- what env.py calls

    def _configure(self, *args, **options):
        from alembic.runtime.environment import EnvironmentContext

        EnvironmentContext.configure(self.environment, *args, **options)
        self.configured += 1
        self.quiet = True

    def _run_migrations(self, **kw):
        from alembic.runtime.environment import EnvironmentContext

        self.runs += 1
        self.quiet = False
        context = self.environment.get_context()
        table = (context.version_table_schema, context.version_table)
        # env.py may try again, and may do the same for several schemas.
        self.runner.watch.errors.pop(table, None)
        try:
            self._prepare(context)
            EnvironmentContext.run_migrations(self.environment, **kw)
        except BaseException as error:
            watch = self.runner.watch
            watch.errors[table] = (error, watch.phase)
            raise

    def _prepare(self, context):
        """
        The handshake, the key and the settings, on the connection that env.py gave to Alembic and before Alembic touches it. Whether it is
        in a transaction stays as it was: Alembic and env.py decide by that what they begin and commit.
        """
        connection, watch, step = context.connection, self.runner.watch, self.runner.step
        if connection is None:
            raise Refused("load", "%s gives context.configure() no connection" % self.program.env_file())
        watch.connection, watch.engine = connection, connection.engine
        if connection.dialect.name != "postgresql":
            raise Refused("elsewhere", "env.py connects to %s, not to PostgreSQL" % connection.dialect.name)
        was, self.mode = connection.in_transaction(), mode_of(context)
        self.pid = session.shake_hands(connection, step, self.parent.tell)
        watch.ready = True
        session.make_settings(connection, step)
        self.shared = self._may_share(connection)
        # Settings last only when their transaction is committed.
        if not was and connection.in_transaction():
            connection.commit()

    def _may_share(self, connection):
        alone = self.configured == 1 and self.runs == 1 and not self.strange and len(self.runner.engines.lent) == 1
        if not (self.runner.plain and self.mode and alone):
            return False
        # A key that env.py holds may be one that the parent takes between two steps. Ours is the only one.
        self.fresh, self.options = session.session_of(connection), options_of(connection)
        return session.count_keys(connection) == 1

    # ---- what Alembic asks

    def _work(self, heads, context):
        """The revisions, for Alembic. None where all are answered and env.py tries again."""
        if self.parent.waits is not None:
            revision = self.runner.revision
            self.runner.revisions.check_heads(revision, self.up, heads)
            self._observe(context)
            while revision is not None:
                yield self._step(revision, heads, context)
                self.quiet, revision = False, None
                if self.shared and self._settle(context):
                    self.parent.answer(self.runner.result())
                    revision, heads = self._next(context)
                if self.shared and self.mode == "all" and context._transaction is None:
                    # env.py's own begin_transaction() commits what is there at its end.
                    context._transaction = context.connection.begin()
        self.quiet = True

    def _settle(self, context):
        """Whether the revision is committed, and the session as it was: the next may follow. Else env.py ends before it is answered."""
        watch, connection = self.runner.watch, context.connection
        if not watch.atomic:
            return False
        if self.mode == "all":
            transaction = context._transaction
            if transaction is None or connection.get_transaction() is not transaction:
                return False
            # As Alembic does it before an autocommit_block (1.16.5 runtime/migration.py).
            transaction.commit()
            context._transaction = None
        if not watch.committed or watch.hidden or connection.in_transaction() or options_of(connection) != self.options:
            return False
        if watch.session == self.fresh[0] and not watch.sets:
            return True
        # What the revision SET LOCAL is gone only now.
        now = session.session_of(connection)
        connection.rollback()
        return now == self.fresh

    def _next(self, context):
        """The revision that is asked for next and the rows before it, where it can follow in this run; else what was asked is left."""
        message = self.parent.take(PATIENCE)
        if message is None:
            return None, None
        found = self._follow(context, message.get("params")) if message["method"] == "run" else None
        if found is None:
            self.parent.leave(message)
            if self.mode == "each" and context.connection.in_transaction():
                context.connection.rollback()
            return None, None
        return found

    def _follow(self, context, step):
        same = ("direction", "parent", "orphanKey", "session")
        if any(step[name] != self.first[name] for name in same):
            return None
        if self.mode == "all":
            context._transaction = context.connection.begin()
        try:
            revision = self.runner.revisions.find(step["version"])
            transaction, locked, rows = session.before_step(context, step["parent"])
            if not locked or set(rows) != self.heads or len(rows) != len(self.heads):
                return None
            self.runner.revisions.check_heads(revision, self.up, rows)
        except (Exception, Refused):
            # A connection that was lost meanwhile, say: a new run of env.py sees what is to be said of it.
            return None
        before = self.runner.watch
        self.runner.begin(step)
        self._set_target(revision)
        watch = self.runner.watch
        watch.connection, watch.engine, watch.ready, watch.begun = before.connection, before.engine, True, transaction
        self.parent.tell({"event": "connected", "params": {"pid": self.pid}})
        return revision, tuple(rows)

    def _set_target(self, revision):
        target = revision.revision if self.up else next(iter(revision._versioned_down_revisions), "base")
        self.program.set_command(["upgrade" if self.up else "downgrade", target])
        return target

    def _step(self, revision, heads, context):
        """The revision as Alembic's own step, with its begin observed: is it one transaction?"""
        from alembic.runtime.migration import MigrationStep

        make = MigrationStep.upgrade_from_script if self.up else MigrationStep.downgrade_from_script
        step = make(self.program.script.revision_map, revision)
        original, watch = step.migration_fn, self.runner.watch
        self.before = self.runner.revisions.ancestors(heads)

        @functools.wraps(original)
        def migrate(**kw):
            begin = watch.begun or session.transaction_of(context.connection)
            watch.begun = None
            # An env.py with several schemas runs it for each: one transaction for all of them, or not atomic.
            watch.atomic = watch.atomic and watch.transaction in (None, begin)
            watch.phase, watch.transaction, watch.committed = "revision", begin, False
            original(**kw)

        step.migration_fn = migrate
        return step

    def _observe(self, context):
        """Looks behind each revision, when its row is written and the transaction is still open: is the table right?"""
        if any(context is each for each in self.observed):
            return
        self.observed.append(context)

        def check(heads=(), **_):
            watch, revision = self.runner.watch, self.runner.revision.revision
            end, watch.session, rows = session.after_step(context)
            watch.atomic = watch.atomic and not watch.others and end == watch.transaction
            watch.real = end == watch.transaction or end == session.transaction_of(context.connection)
            want = self.before | {revision} if self.up else self.before - {revision}
            if self.runner.revisions.ancestors(rows) != want:
                raise Refused("migrate", "after revision %s the table holds %s" % (revision, ", ".join(sorted(rows)) or "nothing"))
            watch.phase, watch.connection, self.heads, self.quiet = "applied", context.connection, set(heads), True
            # op.get_bind().commit() ended Alembic's transaction, and nobody is left to commit the one that began behind it. The real tool
            # commits it with the next revision of the same run, or loses the row; here nothing follows it in its run.
            if not watch.atomic and context._transaction is not None and not context._transaction.is_active:
                context.connection.commit()

        context.on_version_apply_callbacks = (*context.on_version_apply_callbacks, check)


def options_of(connection):
    """What Python keeps of a connection and a revision may change."""
    raw = connection.connection.dbapi_connection
    return dict(connection.get_execution_options()), getattr(raw, "autocommit", None), getattr(raw, "isolation_level", None)


def mode_of(context):
    """
    Who commits what the revisions do, before they begin: `each`, Alembic by itself; `all`, env.py by context.begin_transaction(); None, env.py
    in another way, or nobody knows. SQLAlchemy 1.4 says less of that.
    """
    import sqlalchemy

    if int(sqlalchemy.__version__.split(".")[0]) < 2 or context.as_sql or context._in_external_transaction:
        return None
    open_now = context.connection.get_transaction()
    if context._transaction_per_migration:
        return "each" if open_now is None else None
    return "all" if open_now is not None and open_now is context._transaction else None
