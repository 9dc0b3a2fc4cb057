"""
What ran because of a resolution: each room of a subject hands in what it did.

This room knows none of them. Source: docs/decisions/0010-rooms-hand-in.md
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Effect:
    """
    Something that ran because a body resolved it: when, what in a sentence, how much, by whom.

    `amount_cents` is None where nothing moved, `by` the login of whoever began it.
    """

    at: datetime
    sentence: str
    amount_cents: int | None = None
    by: UUID | None = None
    url: str = ""


Reader = Callable[[UUID], Iterable[Effect]]

_readers: list[Reader] = []


def register_effects(reader: Reader) -> None:
    """Hand in who knows what ran because of a resolution, given its id."""
    _readers.append(reader)


def effects_of(resolution_id: UUID, /) -> list[Effect]:
    """Return all that ran because of a resolution, the earliest first."""
    found = [effect for reader in _readers for effect in reader(resolution_id)]
    return sorted(found, key=lambda effect: effect.at)
