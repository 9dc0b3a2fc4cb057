"""What one seller promised over time, as its own page shows it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from reciproca.valueback.models import AcceptanceLimit, CommittedRate
from reciproca.valueback.queries.terms import ALL_OF_IT_BP


class Step(NamedTuple):
    """A share in basis points that holds from a day on."""

    valid_from: date
    share_bp: int


@dataclass(frozen=True, slots=True)
class Promise:
    """
    A share over time: `now` is in force, `coming` is not yet, `past` was, the latest first.

    `category` is empty for the general rate and for the limit.
    """

    category: str
    now: Step | None
    coming: Sequence[Step]
    past: Sequence[Step]

    @classmethod
    def of(cls, category: str, steps: Iterable[Step], on: date) -> "Promise":
        """Return how steps stand on a day."""
        ordered = sorted(steps)
        begun = [step for step in ordered if step.valid_from <= on]
        return cls(
            category=category,
            now=begun[-1] if begun else None,
            coming=ordered[len(begun) :],
            past=begun[-2::-1],
        )


def promises_of(*, seller_id: UUID, on: date) -> list[Promise]:
    """Return what a seller gives back, the general rate first, in one SQL query."""
    steps: dict[str, list[Step]] = defaultdict(list)
    rows = CommittedRate.objects.filter(seller=seller_id)
    for category, day, rate_bp in rows.values_list("category", "valid_from", "rate_bp"):
        steps[category].append(Step(day, rate_bp))
    return [Promise.of(category, steps[category], on) for category in sorted(steps)]


def limit_of(*, seller_id: UUID, on: date) -> Promise:
    """Return how much of a sale a seller takes in credits: all, until it says less; one query."""
    rows = AcceptanceLimit.objects.filter(seller=seller_id).values_list("valid_from", "share_bp")
    return Promise.of("", (Step(*row) for row in rows), on)


def limit_in_force_bp(limit: Promise, /) -> int:
    """Return the share that a limit lets through today."""
    return limit.now.share_bp if limit.now else ALL_OF_IT_BP
