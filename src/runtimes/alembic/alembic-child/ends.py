"""How a run of env.py is ended from within. None is an Exception: env.py may catch those."""


class Refused(BaseException):
    """What cannot go on, in our own words. stage: see CodeFailure."""

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
