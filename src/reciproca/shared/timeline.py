"""
Lists of what happened, latest first, that several rooms fill together.

Each room returns its rows before a moment and after what is sought; whoever shows the list takes
the latest of all. The place in the list is a moment, so a row that is added meanwhile moves
nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from reciproca.shared.calendar import first_instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_KEY = re.compile(r"(\d{1,17})-([0-9a-f]{32})", re.ASCII)


class Moment(NamedTuple):
    """When something happened, and its id among what happened at the same instant."""

    at: datetime
    id: UUID

    @classmethod
    def read(cls, key: str) -> "Moment | None":
        """Return the moment that an address names, None for anything else."""
        found = _KEY.fullmatch(key)
        return found and cls(_EPOCH + int(found[1]) * _MICROSECOND, UUID(found[2]))

    @property
    def key(self) -> str:
        """Return what an address says: whole microseconds since 1970, and the id."""
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id.hex}"

    def earlier(self, *, at: str, id: str = "id") -> Q:  # noqa: A002 - it is the column's name
        """Return the condition that keeps what comes after this moment in a list, latest first."""
        # Said twice so that an index on (…, at, id) is read from the right place on.
        return Q(**{f"{at}__lte": self.at}) & (
            Q(**{f"{at}__lt": self.at}) | Q(**{at: self.at, f"{id}__lt": self.id})
        )


@dataclass(frozen=True, slots=True)
class Sought:
    """
    What somebody looks for in such a list; empty means everything.

    `node_ids` are whom it must be with. It happened from `first_day` on and before `next_day`.
    `text` is what they typed: it may stand in the name of one of the nodes `named`, in the row's
    own words, or be its amount of `cents`.
    """

    node_ids: Collection[UUID] | None = None
    first_day: date | None = None
    next_day: date | None = None
    text: str = ""
    named: Collection[UUID] = ()
    cents: int | None = None

    def condition(self, *, node: str, amount: str, at: str = "", words: Q | None = None) -> Q:
        """
        Return the condition on a row: its columns of whom it was with, its amount and its instant.

        A room whose rows have a day instead of an instant leaves `at` out and asks `days` too.
        """
        wanted = Q() if self.node_ids is None else Q(**{f"{node}__in": self.node_ids})
        if at and self.first_day:
            wanted &= Q(**{f"{at}__gte": first_instant(self.first_day)})
        if at and self.next_day:
            wanted &= Q(**{f"{at}__lt": first_instant(self.next_day)})
        return wanted & self._typed(node, amount, words) if self.text else wanted

    def days(self, on: str) -> Q:
        """Return the condition on a row's column of its day."""
        first = Q(**{f"{on}__gte": self.first_day}) if self.first_day else Q()
        return first & Q(**{f"{on}__lt": self.next_day}) if self.next_day else first

    def _typed(self, node: str, amount: str, words: Q | None) -> Q:
        found = Q(**{f"{node}__in": self.named})
        if words is not None:
            found |= words
        if self.cents is not None:
            found |= Q(**{f"{amount}__in": [self.cents, -self.cents]})
        return found


ANYTHING = Sought()
