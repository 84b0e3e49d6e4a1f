"""What is seen of one step, and of the engines of this process while it runs."""

import time


class Watch:
    """What is seen of one step. phase: env, revision, applied."""

    def __init__(self):
        self.started = time.monotonic()
        self.phase = "env"
        self.file = self.connection = self.engine = self.transaction = self.session = None
        self.errors = {}
        # The handshake is done: what the server refuses now is no matter of loading.
        self.ready = False
        # The transaction that was open for it before its revision began: of a further revision of one run of env.py.
        self.begun = None
        # atomic: one transaction from the begin to the row; real: the end was in a transaction at all; others: another connection
        # committed; committed, undone: what became of it behind the revision.
        self.atomic, self.real, self.others, self.committed, self.undone = True, False, False, False, False
        # By its statements it may have made settings, or even such that nobody can ask for.
        self.sets, self.hidden = False, False

    def on_commit(self, connection):
        if self.phase == "revision" and connection is not self.connection:
            self.others = True
        elif self.phase == "applied" and connection is self.connection:
            self.committed = True

    def on_rollback(self, connection):
        if self.phase == "applied" and connection is self.connection and self.real and not self.committed:
            self.undone = True


class Engines:
    """All engines of this process: tells the run of env.py that is going on, `run`, what happens on them."""

    def __init__(self):
        self.run, self.listening = None, False
        # Connections that are out of their pools.
        self.lent = set()

    def listen(self):
        """From now on. Once."""
        if self.listening:
            return
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
        from sqlalchemy.pool import Pool

        self.listening = True

        @event.listens_for(Engine, "commit")
        def committed(connection):
            if self.run:
                self.run.on_commit(connection)

        @event.listens_for(Engine, "rollback")
        def rolled_back(connection):
            if self.run:
                self.run.on_rollback(connection)

        @event.listens_for(Engine, "before_cursor_execute")
        def executed(connection, cursor, statement, parameters, context, executemany):
            if self.run:
                self.run.on_statement(statement)

        @event.listens_for(Pool, "checkout")
        def checked_out(connection, record, proxy):
            self.lent.add(id(record))

        @event.listens_for(Pool, "checkin")
        def checked_in(connection, record):
            self.lent.discard(id(record))
