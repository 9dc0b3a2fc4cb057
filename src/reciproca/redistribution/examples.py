"""Worked examples of a redistribution: one run, and pairs of runs set side by side."""

from fractions import Fraction
from math import lcm
from uuid import UUID

from reciproca.redistribution.rules import (
    Criterion,
    Measured,
    RedistributionPolicy,
    ZeroCriterion,
    divide,
)
from reciproca.shared.worked_examples import Adapter, Part

# The examples name no pool nor fund; which node it is does not change a figure.
_ANY_NODE = UUID(int=0)


def redistribution_policy(given: Part) -> object:
    """Divide a pool among the members of a file; who is not eligible is only named."""
    members = given.at("members").each()
    eligible = [each for each in members if _is_eligible(each)]
    criteria = given.at("criteria").each()
    finest = lcm(*(_finest(criteria, each) for each in eligible))
    people = [each.at("id").text() for each in eligible]
    found = divide(
        policy=_policy(given, criteria),
        run_key=given.at("run_id").text(),
        pool_cents=given.at("pool_cents").not_negative() + _cents(given, "carry_in_pool_cents"),
        measured=Measured(
            people=people,
            scores=[
                [int(_score(each, criterion) * finest) for each in eligible]
                for criterion in criteria
            ],
            carried_cents=[_cents(each, "carry_in_cents") for each in eligible],
            finest=finest,
        ),
    )
    places = {person: place for place, person in enumerate(people)}
    return {
        "common_fund_cents": found.common_cents,
        "of_which_cap_overflow_cents": found.overflow_cents,
        "of_which_zero_criterion_cents": found.zero_criterion_cents,
        "exact_share": {each: str(found.share(place)) for each, place in places.items()},
        "exact_cents": {each: str(found.exact_cents(place)) for each, place in places.items()},
        "allocated_cents": dict(zip(people, found.allocated_cents, strict=True)),
        "paid_cents": dict(zip(people, found.paid_cents, strict=True)),
        "carry_out_cents": dict(zip(people, found.carry_out_cents, strict=True)),
        "ineligible": [each.at("id").text() for each in members if not _is_eligible(each)],
        "check_sum_cents": found.common_cents + found.individual_cents,
    }


def _policy(given: Part, criteria: list[Part]) -> RedistributionPolicy:
    stated = given.get("zero_criterion")
    cap = given.get("cap_cents")
    return RedistributionPolicy(
        title="",
        pool_id=_ANY_NODE,
        common_id=_ANY_NODE,
        common_share=given.at("common_share").fraction(),
        criteria=tuple(_criterion(each) for each in criteria),
        zero_criterion=ZeroCriterion(stated.choice(*ZeroCriterion) if stated else "reweight"),
        floor_cents=_cents(given, "floor_cents"),
        cap_cents=cap.not_negative() if cap else None,
        min_payout_cents=_cents(given, "min_payout_cents"),
    )


def _criterion(given: Part) -> Criterion:
    cap = given.get("cap")
    return Criterion(
        given.at("id").text(),
        given.at("weight").fraction(),
        int(cap.fraction()) if cap else None,
    )


def _score(member: Part, criterion: Part) -> Fraction:
    found = member.at("measures").get(criterion.at("id").text())
    return found.fraction() if found else Fraction()


def _finest(criteria: list[Part], member: Part) -> int:
    return lcm(*(_score(member, criterion).denominator for criterion in criteria))


def _cents(given: Part, name: str) -> int:
    found = given.get(name)
    return found.not_negative() if found else 0


def _is_eligible(member: Part) -> bool:
    stated = member.get("eligible")
    return stated is None or stated.value is not False


ADAPTERS = {
    "redistribution_policy": Adapter(redistribution_policy),
    "redistribution_policy_pair": Adapter(redistribution_policy),
}
