"""The first steps of somebody who begins: what is done, and which one is next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class FirstStep:
    """
    One thing to do; without `url` it is not yet time, or somebody else does it.

    `is_next`: the first to do now.
    """

    title: str
    note: str
    url: str
    is_done: bool
    is_next: bool = False


def next_of(steps: Iterable[FirstStep]) -> FirstStep | None:
    """Return the first step that one can do now; those behind it are not asked for."""
    return next((each for each in steps if each.url and not each.is_done), None)


def in_turn(steps: Iterable[FirstStep]) -> list[FirstStep]:
    """Return the steps in their order, the first that one can do now marked."""
    listed = list(steps)
    turn = next((at for at, each in enumerate(listed) if each.url and not each.is_done), None)
    return [replace(each, is_next=at == turn) for at, each in enumerate(listed)]
