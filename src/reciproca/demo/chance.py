"""
Chance that falls the same way for ever: on every machine, every Python and every run.

Only `random.Random.random` promises the same numbers from one Python to the next, so every draw
is made from it alone, and every stream is named by text instead of by the order of calls.
"""

from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of draws named by `names`; `draw` gives the next number in [0, 1)."""

    def __init__(self, *names: object) -> None:
        seed = " / ".join(map(str, names))
        self.draw: Callable[[], float] = Random(seed).random  # noqa: S311 - invented, not secret

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.draw() * (high - low + 1))

    def happens(self, per_thousand: int) -> bool:
        return self.draw() * 1000 < per_thousand

    def one_of(self, things: Sequence[T]) -> T:
        return things[int(self.draw() * len(things))]

    def weighted(self, things: Sequence[T], cumulative: Sequence[int]) -> T:
        """Return one of `things` by the running sums of their weights, as `running` makes them."""
        return things[bisect(cumulative, self.draw() * cumulative[-1])]


def running(weights: Sequence[int]) -> list[int]:
    """Return the running sums of whole weights, at least one of which is positive."""
    return list(accumulate(weights))
