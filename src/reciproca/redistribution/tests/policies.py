"""Policies with honest defaults, and random ones for properties."""

from fractions import Fraction
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from reciproca.redistribution.rules import (
    Criterion,
    Division,
    Eligibility,
    Measured,
    RedistributionPolicy,
    Step,
    ZeroCriterion,
    divide,
)

POOL, COMMON = UUID(int=0xF001), UUID(int=0xF002)
NAMES = {POOL: "Monte dei soci", COMMON: "Fondo comune"}
WEIGHTS = {"patronage": Fraction(3, 5), "km0": Fraction(1, 4), "social": Fraction(3, 20)}
CRITERIA = ("patronage", "km0", "social", "participation", "distance", "need", "fragility")


def policy(*criteria: Criterion, **changes: Any) -> RedistributionPolicy:
    """Return a policy of one criterion, what was bought, or of those given."""
    return RedistributionPolicy(
        **{
            "title": "Riparto 2026",
            "pool_id": POOL,
            "common_id": COMMON,
            "common_share": Fraction(),
            "criteria": criteria or (Criterion("patronage", Fraction(1)),),
            **changes,
        }
    )


def measured(*columns: list[int], people: list[str] | None = None) -> Measured:
    """Return what people scored, a column for each criterion; people are called p0, p1 …"""
    names = people or [f"p{i}" for i in range(len(columns[0]))]
    return Measured(names, columns, [0] * len(names))


def division(
    given: RedistributionPolicy, pool_cents: int, scores: Measured, run_key: str = "2026"
) -> Division:
    return divide(policy=given, run_key=run_key, pool_cents=pool_cents, measured=scores)


shares = st.fractions(0, 1, max_denominator=40)


@st.composite
def criteria_of(draw: st.DrawFn, *, capped: bool = True) -> tuple[Criterion, ...]:
    """One to three criteria whose weights are one."""
    ids = draw(st.permutations(CRITERIA))[: draw(st.integers(1, 3))]
    parts = [draw(st.integers(1, 9)) for _id in ids]
    caps = [draw(st.none() | st.integers(1, 400)) if capped else None for _id in ids]
    return tuple(
        Criterion(
            name,
            Fraction(part, sum(parts)),
            cap,
            ("km0", "orto di comunità") if name == "km0" else (),
        )
        for name, part, cap in zip(ids, parts, caps, strict=True)
    )


@st.composite
def policies(draw: st.DrawFn) -> RedistributionPolicy:
    """Any policy that can be written."""
    floor = draw(st.sampled_from([0, 0, 1, 7, 150_000]))
    days = sorted(draw(st.sets(st.integers(0, 3_000), max_size=3)))
    weights = sorted((draw(st.sampled_from(STEPS)) for _day in days), reverse=True)
    return policy(
        *draw(criteria_of()),
        common_share=draw(shares),
        zero_criterion=draw(st.sampled_from(list(ZeroCriterion))),
        floor_cents=floor,
        cap_cents=draw(st.none() | st.integers(max(1, floor), 10**9)),
        min_payout_cents=draw(st.integers(0, 10**6)),
        eligibility=Eligibility(draw(st.integers(0, 3_000)), draw(st.sampled_from([0, 14, 18]))),
        recency=tuple(Step(day, weight) for day, weight in zip(days, weights, strict=True)),
    )


STEPS = [Fraction(1), Fraction(3, 4), Fraction(1, 2), Fraction(1, 3), Fraction(2, 7)]


@st.composite
def runs(draw: st.DrawFn, *, linear: bool = False) -> tuple[RedistributionPolicy, int, Measured]:
    """A policy, a pool and what up to eight people scored; `linear` without caps and floors."""
    criteria = draw(criteria_of(capped=not linear))
    people = draw(st.integers(1, 8))
    score = st.sampled_from([0, 0, 1, 3]) | st.integers(0, 10**6)
    columns = [[draw(score) for _person in range(people)] for _criterion in criteria]
    given = policy(
        *criteria,
        common_share=draw(shares),
        zero_criterion=draw(st.sampled_from(list(ZeroCriterion))),
        floor_cents=0 if linear else draw(st.sampled_from([0, 0, 2, 15])),
        cap_cents=None if linear else draw(st.none() | st.integers(15, 90_000)),
    )
    return given, draw(st.integers(0, 10**6)), measured(*columns)
