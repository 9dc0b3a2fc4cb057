"""What may be called kilometre zero. Source: docs/rules/market.md (law 61/2022, art. 2)."""

from collections.abc import Sequence
from typing import NamedTuple


class Origin(NamedTuple):
    """A place where something was grown or worked, as seen from where it is sold."""

    metres: int
    same_province: bool


class Reach(NamedTuple):
    """How far the farthest place is, in metres, and whether the law calls this kilometre zero."""

    farthest_metres: int
    is_km0: bool


def reach(*, origins: Sequence[Origin], radius_metres: int) -> Reach | None:
    """
    Return how far something comes from, None where nobody told from where.

    Each place of production and of processing lies within the radius, its end included, or in the
    province of the place of sale: one that does not is enough to lose the name.

    Source: docs/rules/market.md
    """
    if not origins:
        return None
    near = all(each.metres <= radius_metres or each.same_province for each in origins)
    return Reach(max(each.metres for each in origins), near)
