"""A database that is not there, for an env.py that is only asked what it says to context.configure()."""


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
