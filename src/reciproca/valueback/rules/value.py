"""What is born from a purchase: value per line, split over the branches of the policy."""

from fractions import Fraction
from typing import NamedTuple

from reciproca.valueback.rules.policy import ValueBackPolicy


class LineValue(NamedTuple):
    """
    The value of one line in whole cents.

    `parts` has one figure for each branch of the policy, the member's first; their sum is
    `value_cents`.
    """

    base_cents: int
    value_cents: int
    parts: tuple[int, ...]


def line_value(*, policy: ValueBackPolicy, rate: Fraction, base_cents: int) -> LineValue:
    """
    Return what a line gives back on `base_cents`, the part of it paid in money.

    Value = floor(rate x base); each other branch = floor(share x value); the member takes the
    rest. A negative base, an item returned without its purchase, mirrors the figures of the
    positive one with a minus sign.

    Source: docs/rules/value-back.md
    """
    if base_cents < 0:
        mirrored = line_value(policy=policy, rate=rate, base_cents=-base_cents)
        parts = tuple(-part for part in mirrored.parts)
        return LineValue(base_cents, -mirrored.value_cents, parts)
    value = base_cents * rate.numerator // rate.denominator
    others = [value * top // bottom for top, bottom in policy.others]
    return LineValue(base_cents, value, (value - sum(others), *others))
