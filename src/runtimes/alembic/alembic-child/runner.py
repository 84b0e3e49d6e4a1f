"""Runs revisions one by one, each as a step of its own with its own answer, through the service's env.py."""

import time
import traceback

from .ends import Refused
from .env_run import EnvRun
from .failure import describe
from .revisions import Revisions
from .watch import Engines, Watch


class Runner:
    def __init__(self, program, parent):
        self.program, self.parent = program, parent
        self.revisions, self.engines = Revisions(program), Engines()
        # The step that is asked for, its revision, and what is seen of it.
        self.step, self.revision, self.watch = None, None, Watch()
        # env.py leaves all to Alembic: revisions may share a run of it.
        self.plain = False

    def run(self, step):
        """One revision, and those that are asked for behind it and can follow in its run of env.py. Answers all of them."""
        self.watch, failure = Watch(), None
        try:
            self.program.load()
            self.engines.listen()
            self._run_env(step)
        except BaseException as error:
            failure = error
        self._dispose()
        if self.parent.waits is not None:
            self.parent.answer(self.result(failure))
        elif failure is not None:
            # All revisions are committed and answered: as Python would say it.
            self.plain = False
            traceback.print_exception(type(failure), failure, failure.__traceback__)

    def begin(self, step):
        """From now on this step is the one that is looked at. Its revision."""
        self.watch, self.step = Watch(), step
        self.revision = self.revisions.find(step["version"])
        self.watch.file = self.revision.path
        return self.revision

    def result(self, failure=None):
        """The answer for the step: see CodeResult."""
        ms = round((time.monotonic() - self.watch.started) * 1000)
        if failure is not None:
            return {"result": {"ok": False, "ms": ms, "failure": describe(self.program, failure, self.watch)}}
        return {"result": {"ok": True, "ms": ms, "atomic": self.watch.atomic, "recorded": False}}

    def _run_env(self, step):
        run = EnvRun(self, step)
        self.engines.run = run
        try:
            run.run()
        finally:
            self.engines.run = None
        watch = self.watch
        if self.parent.waits is None:
            self.plain = self.plain and run.was_plain()
            return
        # env.py may have caught what went wrong.
        for error, watch.phase in watch.errors.values():
            raise error
        if watch.phase != "applied":
            raise Refused("load", "%s ended without running the revision" % self.program.env_file())
        if watch.undone:
            raise Refused(
                "commit",
                "%s ended without committing: the revision ran and was rolled back" % self.program.env_file(),
                "a connection that is used before context.configure() is in a transaction that Alembic leaves to env.py: commit it there",
            )
        self.plain = run.was_plain()

    def _dispose(self):
        engine = self.watch.engine
        if engine is not None and not getattr(engine.dialect, "is_async", False):
            try:
                engine.dispose()
            except Exception:
                pass
