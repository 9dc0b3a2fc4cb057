"""
Why this amount: from what a person did, by the policy's weights, to the last cent.

Source: docs/rules/redistribution.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reciproca.redistribution.rules.division import live_weights
from reciproca.redistribution.rules.policy import Criterion, RedistributionPolicy


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """
    One criterion of a person: what they scored, what of it counted, and what all scored, in cents
    or points; `weight` is what the criterion weighed in the end, `share` what it gives.
    """

    criterion: Criterion
    score: Fraction
    counted: Fraction
    total: Fraction
    weight: Fraction

    @property
    def of_all(self) -> Fraction:
        """Return which part of everybody's score this is."""
        return self.counted / self.total if self.total else Fraction()

    @property
    def share(self) -> Fraction:
        return self.weight * self.of_all

    @property
    def capped(self) -> bool:
        return self.counted < self.score


@dataclass(frozen=True, slots=True)
class Why:
    """
    A person's part explained: the criteria, the share of all, and the exact cents it comes to.

    `scale_cents` is what a share of one came to; bounds of others move it away from what was left
    for people.
    """

    parts: tuple[CriterionPart, ...]
    scale_cents: Fraction

    @property
    def share(self) -> Fraction:
        return sum((part.share for part in self.parts), Fraction())

    @property
    def exact_cents(self) -> Fraction:
        return self.share * self.scale_cents


def why(
    *,
    policy: RedistributionPolicy,
    scores: Sequence[int],
    totals: Sequence[int],
    scale_cents: Fraction,
) -> Why:
    """Return why a person got what they got; scores and totals in the policy's finest parts."""
    live, _lost = live_weights(policy.criteria, totals)
    finest = policy.finest
    return Why(
        parts=tuple(
            CriterionPart(
                criterion=criterion,
                score=Fraction(score, finest),
                counted=Fraction(
                    score if criterion.cap is None else min(score, criterion.cap * finest), finest
                ),
                total=Fraction(total, finest),
                weight=weight,
            )
            for criterion, score, total, weight in zip(
                policy.criteria, scores, totals, live, strict=True
            )
        ),
        scale_cents=scale_cents,
    )
