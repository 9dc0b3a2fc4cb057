"""What a check may end with when it does not end well; `words` says it to people."""


class Told(Exception):
    """An end with a stable `code`, and `where`: the names and numbers that its sentence needs."""

    def __init__(self, code: str, **where: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.where = where


class Failed(Told):
    """The log, or the proof, is not what it must be."""


class CannotTell(Told):
    """Nothing is known: the network failed, a file is unreadable, the call was wrong."""
