"""The bar of the four branches: how one value divides, in fixed order and colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from reciproca.web.charts.drawing import ORDER, px
from reciproca.web.words import percent


class Branch(Protocol):
    """One branch: `key` of ORDER, the community's own `name` for it, `cents` of value."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def cents(self) -> int: ...


@dataclass(frozen=True, slots=True)
class BarPart:
    """One stretch of the bar, from `x`, `width` of 100 wide; `share` as words."""

    key: str
    name: str
    x: str
    width: str
    share: str
    cents: int


def in_order(branches: Sequence[Branch]) -> list[Branch]:
    """Return the branches in their fixed order, those with nothing left out."""
    return sorted((b for b in branches if b.cents > 0), key=lambda branch: ORDER.index(branch.key))


def branch_bar(branches: Sequence[Branch]) -> tuple[BarPart, ...]:
    """Return the stretches of the bar; nothing at all when there is no value."""
    parts, total, before = [], sum(b.cents for b in branches if b.cents > 0), 0
    for branch in in_order(branches):
        share = Fraction(branch.cents, total)
        start, width = Fraction(before, total) * 100, share * 100
        before += branch.cents
        parts.append(
            BarPart(
                branch.key,
                branch.name,
                px(float(start)),
                px(float(width)),
                percent(share),
                branch.cents,
            )
        )
    return tuple(parts)
