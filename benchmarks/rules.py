"""The arithmetic alone, beside the time that a person waits without noticing."""

import random
import time
from collections.abc import Callable
from fractions import Fraction
from uuid import UUID

from benchmarks.measurement import Measurement
from reciproca.clearing.rules import Obligation, netted_payments, positions
from reciproca.shared.allocation import Claim, allocate
from reciproca.valueback.rules import Branch, ValueBackPolicy, line_value

UNNOTICED = "a second"
POLICY = ValueBackPolicy(
    title="",
    branches=tuple(
        Branch(key, {}, share, None)
        for key, share in (
            ("member", Fraction(2, 5)),
            ("common", Fraction(3, 10)),
            ("territory", Fraction(1, 5)),
            ("solidarity", Fraction(1, 10)),
        )
    ),
    pool_id=None,
    expires_after_years=1,
    expired_to_id=UUID(int=0),
)


def measure() -> list[Measurement]:
    return [
        _seconds("allocation of a refund to 100,000 members", _allocation),
        _seconds("netting of 300,000 debts among 5,000 nodes", _netting),
        _seconds("value of 100,000 lines", _value),
    ]


def _seconds(name: str, prepare: Callable[[], Callable[[], object]]) -> Measurement:
    work = prepare()
    started = time.perf_counter()
    work()
    return Measurement(name, time.perf_counter() - started, "s", UNNOTICED, 1.0)


def _allocation() -> Callable[[], object]:
    claims = [Claim(f"m{i}", Fraction(i % 9_973 + 1, 4), 0, 5_000) for i in range(100_000)]
    return lambda: allocate(total_cents=2 * 10**8, claims=claims, run_id="Q")


def _netting() -> Callable[[], object]:
    chance = random.Random(1)
    pairs = [chance.sample(range(5_000), 2) for _ in range(300_000)]
    owed = [Obligation(one, other, chance.randint(1, 10**6)) for one, other in pairs]
    return lambda: netted_payments(positions(owed))


def _value() -> Callable[[], object]:
    rate = Fraction(325, 10_000)
    return lambda: [
        line_value(policy=POLICY, rate=rate, base_cents=cents) for cents in range(100_000)
    ]
