"""
Whose rolls are still needed: each room that opens ballots hands in which of its own may not be
forgotten yet. Source: docs/decisions/0010-rooms-hand-in.md
"""

from collections.abc import Callable, Collection
from uuid import UUID

Keeper = Callable[[Collection[UUID]], Collection[UUID]]
"""Given closed ballots, those of them whose roll somebody still has to write from."""

_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Hand in which rolls are still needed."""
    _keepers.append(keeper)


def still_needed(ballots: Collection[UUID], /) -> set[UUID]:
    """Return those of these ballots whose roll may not be forgotten yet."""
    return {each for keeper in _keepers for each in keeper(ballots)}
