"""
Dividing a pool by a policy, to the cent, from the measures of everybody who takes part.

Columns instead of members: a million of them is divided in seconds. Every share is a whole number
over one common denominator, so nothing is lost and no fraction is built but for who asks.

Source: docs/rules/redistribution.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from reciproca.redistribution.rules.policy import Criterion, RedistributionPolicy, ZeroCriterion
from reciproca.shared.allocation import TakerTwice, apportion, tie_key
from reciproca.shared.money import half_up


@dataclass(frozen=True, slots=True)
class Measured:
    """
    What everybody scored, in columns: `scores[k][i]` is what person `i` scored on criterion `k`.

    One person, one row. Scores are whole numbers not below zero, counted in `finest`-ths of a cent
    or point; `carried_cents[i]` is what an earlier run left for the person below the minimum, which
    does not hold for one who `leaves`. Of a correction, `before_cents` is what stood allocated to
    each, and there is no minimum.
    """

    people: Sequence[str]
    scores: Sequence[Sequence[int]]
    carried_cents: Sequence[int]
    finest: int = 1
    leaves: Sequence[int] = ()
    before_cents: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Division:
    """
    What came out, in the order of the people.

    `weights[i] / whole_weight` is a person's exact share, `amounts[i] / base` the exact cents,
    `allocated_cents` what they are rounded to, `bound[i]` "lower", "upper" or "". Paid and left for
    the next run (`carry_out_cents`) hold what was carried in; a correction pays the difference,
    which may be below zero. `totals[k]` is what all scored on a criterion, within its cap; `scale`
    how many exact cents a share of one came to, where no bound held.
    """

    common_cents: int
    overflow_cents: int
    zero_criterion_cents: int
    allocated_cents: list[int]
    paid_cents: list[int]
    carry_out_cents: list[int]
    bound: list[str]
    weights: list[int]
    whole_weight: int
    amounts: list[int]
    base: int
    totals: list[int]
    scale: Fraction

    @property
    def individual_cents(self) -> int:
        return sum(self.allocated_cents)

    def share(self, place: int) -> Fraction:
        """Return the exact share of the person in this place."""
        return Fraction(self.weights[place], self.whole_weight)

    def exact_cents(self, place: int) -> Fraction:
        """Return the exact amount of the person in this place, before rounding."""
        return Fraction(self.amounts[place], self.base)

    def rounded_up(self, place: int) -> bool:
        """Tell whether the person in this place got one of the cents left over."""
        return self.allocated_cents[place] * self.base > self.amounts[place]


def divide(
    *,
    policy: RedistributionPolicy,
    run_key: str,
    pool_cents: int,
    measured: Measured,
) -> Division:
    """
    Divide `pool_cents` (with what was left in the pool before) among the people measured.

    First the common share, rounded half up; then what nobody scored on, where the policy sends it
    there; the rest by share within the bounds, cents by largest remainder, ties by `run_key`; what
    the caps could not absorb goes to the common fund as well. Common and allocated make the pool.

    Raises: TakerTwice (two rows of one person), FloorsAboveTotal.
    """
    _refuse_people_that_come_twice(measured.people)
    columns = [
        _capped(*each, measured.finest)
        for each in zip(policy.criteria, measured.scores, strict=True)
    ]
    totals = [sum(column) for column in columns]
    common = half_up(policy.common_share * pool_cents)
    left = pool_cents - common
    live, lost = live_weights(policy.criteria, totals)
    nobody = left if lost == 1 else 0
    if policy.zero_criterion is ZeroCriterion.TO_COMMON:
        nobody = half_up(lost * left)
    weights, whole = _weights(columns, totals, live, len(measured.people))
    found = apportion(
        total_cents=left - nobody,
        weights=weights,
        lowers=[policy.floor_cents if weight else 0 for weight in weights],
        uppers=[policy.cap_cents] * len(weights),
        key=lambda i: tie_key(run_id=run_key, member_id=measured.people[i]),
    )
    overflow = left - nobody - sum(found.cents)
    paid, carry_out = _paid(found.cents, measured, policy.min_payout_cents)
    return Division(
        common_cents=common + nobody + overflow,
        overflow_cents=overflow,
        zero_criterion_cents=nobody,
        allocated_cents=found.cents,
        paid_cents=paid,
        carry_out_cents=carry_out,
        bound=found.bound,
        weights=weights,
        whole_weight=whole,
        amounts=found.numerators,
        base=found.base,
        totals=totals,
        scale=Fraction(found.scale[0] * whole, found.scale[1]),
    )


def _refuse_people_that_come_twice(people: Sequence[str]) -> None:
    if len(set(people)) < len(people):
        seen: set[str] = set()
        for person in people:
            if person in seen:
                raise TakerTwice(taker=person)
            seen.add(person)


def _capped(criterion: Criterion, scores: Sequence[int], finest: int) -> Sequence[int]:
    if criterion.cap is None:
        return scores
    most = criterion.cap * finest
    return [min(score, most) for score in scores]


def live_weights(
    criteria: Sequence[Criterion], totals: Sequence[int]
) -> tuple[list[Fraction], Fraction]:
    """Return what each criterion weighs among those that somebody scored on, and what is lost."""
    scored = [
        each.weight if total else Fraction() for each, total in zip(criteria, totals, strict=True)
    ]
    alive = sum(scored, Fraction())
    return [weight / alive if alive else weight for weight in scored], 1 - alive


def _weights(
    columns: Sequence[Sequence[int]], totals: Sequence[int], live: Sequence[Fraction], people: int
) -> tuple[list[int], int]:
    """Return everybody's share as whole numbers over one denominator, and that denominator."""
    rates = [weight / (total or 1) for weight, total in zip(live, totals, strict=True)]
    whole = lcm(*(rate.denominator for rate in rates))
    factors = [int(rate * whole) for rate in rates]
    weights = [0] * people
    for factor, column in zip(factors, columns, strict=True):
        if factor:
            weights = [
                so_far + factor * score for so_far, score in zip(weights, column, strict=True)
            ]
    return weights, whole


def _paid(allocated: Sequence[int], measured: Measured, least: int) -> tuple[list[int], list[int]]:
    """Return what is paid now and what waits: all of a sum that reaches the minimum, or nothing."""
    if measured.before_cents:
        differences = [now - was for now, was in zip(allocated, measured.before_cents, strict=True)]
        return differences, [0] * len(differences)
    due = [now + before for now, before in zip(allocated, measured.carried_cents, strict=True)]
    leaves = measured.leaves or [0] * len(due)
    paid = [cents if cents >= least or gone else 0 for cents, gone in zip(due, leaves, strict=True)]
    return paid, [cents - now for cents, now in zip(due, paid, strict=True)]
