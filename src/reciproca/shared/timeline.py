"""
Lists of what happened, latest first, that several rooms fill together.

Each room returns its rows before a moment and after what is sought; whoever shows the list takes
the latest of all. The place in the list is a moment, so a row that is added meanwhile moves
nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

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
    What somebody looks for in such a list.

    `node_ids` are whom it must be with (None: anybody). `text` is what they typed: it may stand in
    the name of one of the nodes `named`, in the row's own words, or be its amount of `cents`.
    """

    node_ids: Collection[UUID] | None = None
    text: str = ""
    named: Collection[UUID] = ()
    cents: int | None = None

    def condition(self, *, node: str, amount: str, words: Q | None = None) -> Q:
        """Return the condition on a row's column of whom it was with, its amount and its words."""
        wanted = Q() if self.node_ids is None else Q(**{f"{node}__in": self.node_ids})
        if not self.text:
            return wanted
        found = Q(**{f"{node}__in": self.named})
        if words is not None:
            found |= words
        if self.cents is not None:
            found |= Q(**{f"{amount}__in": [self.cents, -self.cents]})
        return wanted & found


ANYTHING = Sought()
