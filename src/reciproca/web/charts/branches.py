"""The bar of the four branches: how one value divides, in fixed order and colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from reciproca.shared.money import half_up
from reciproca.web.charts.drawing import ORDER, px
from reciproca.web.words import percent


class Branch(Protocol):
    """
    One branch: `key` of ORDER, the community's `name` for it, `cents` of value.

    A row may also carry the policy's exact `share`, and a `note` to stand beside the flow.
    """

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
        width = Fraction(branch.cents, total) * 100
        start = Fraction(before, total) * 100
        before += branch.cents
        parts.append(
            BarPart(
                branch.key,
                branch.name,
                px(float(start)),
                px(float(width)),
                _share(branch, width),
                branch.cents,
            )
        )
    return tuple(parts)


def _share(branch: Branch, hundredths: Fraction) -> str:
    """Return the share that the policy says where the row carries it, else a whole percent."""
    said: Fraction | None = getattr(branch, "share", None)
    return percent(Fraction(half_up(hundredths), 100) if said is None else said)
