"""How a long piece of work says how far it is, to a terminal, to a page or to nobody."""

from typing import Protocol


class Progress(Protocol):
    """
    What long actions call as they go on.

    `step` is the key of a named step; `done` counts within it, of `total` (0: unknown). Call it as
    often as you like, between units of work: it is also where work is told to stop.
    """

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None: ...


def silent(step: str, done: int = 0, total: int = 0) -> None:
    """Report to nobody."""
