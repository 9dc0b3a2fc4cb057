"""The steps by which a line's value came about, for whoever asks why."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reciproca.valueback.rules.policy import Branch, ValueBackPolicy
from reciproca.valueback.rules.value import line_value


@dataclass(frozen=True, slots=True)
class BranchWhy:
    """A branch of a line's value: `exact_cents` is share x value, `cents` that rounded down."""

    branch: Branch
    exact_cents: Fraction
    cents: int

    @property
    def takes_the_rest(self) -> bool:
        """Tell whether this is the member's branch, which gets what the others leave."""
        return self.branch.key == "member"


@dataclass(frozen=True, slots=True)
class LineWhy:
    """A line's value: `exact_cents` is rate x base before rounding down to `value_cents`."""

    base_cents: int
    rate: Fraction
    exact_cents: Fraction
    value_cents: int
    branches: tuple[BranchWhy, ...]

    @property
    def cents_by_key(self) -> Mapping[str, int]:
        return {each.branch.key: each.cents for each in self.branches}


def explain_line(*, policy: ValueBackPolicy, rate: Fraction, base_cents: int) -> LineWhy:
    """
    Return the value of a line with the exact figures that were rounded down on the way.

    The same figures as `line_value`, which is what runs.

    Source: docs/rules/value-back.md
    """
    value = line_value(policy=policy, rate=rate, base_cents=base_cents)
    return LineWhy(
        base_cents=base_cents,
        rate=rate,
        exact_cents=rate * base_cents,
        value_cents=value.value_cents,
        branches=tuple(
            BranchWhy(branch, branch.share * value.value_cents, part)
            for branch, part in zip(policy.branches, value.parts, strict=True)
        ),
    )
