"""
Dividing whole amounts exactly: proportional shares within bounds, cents by largest remainder.

Shares stay exact until the last step, and the last step works on integers only, so that a run
over a hundred thousand members takes about a second and no rounding can hide in it.

Source: docs/rules/allocation.md
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from heapq import nsmallest
from itertools import repeat
from math import lcm

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

HEAD_BITS = 20
"""By so many bits remainders are told apart before any are sorted."""


class FloorsAboveTotal(DomainError):
    code = "floors-above-total"
    message = _(
        "La somma dei minimi garantiti supera l'importo da dividere: abbassa i minimi o aumenta"
        " l'importo."
    )
    status = 422


class TakerTwice(DomainError):
    code = "taker-twice"
    message = _("“%(taker)s” compare due volte: unisci le righe della stessa persona, poi riprova.")
    status = 422


@dataclass(frozen=True, slots=True)
class Claim:
    """
    What one taker asks for, and between which whole cents the answer must stay.

    `weight` is any fraction not below zero; `upper_cents` None means no ceiling. A taker of no
    weight gets its `lower_cents` and nothing more.
    """

    taker_id: str
    weight: Fraction | int
    lower_cents: int = 0
    upper_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """
    The answer, in the order of the claims.

    `exact_cents[i]` is the fraction before rounding, `cents[i]` what is given, and `bound[i]` is
    "lower", "upper" or "" for a share that no bound touched. `undistributed_cents` is what the
    ceilings could not absorb.
    """

    cents: list[int]
    exact_cents: list[Fraction]
    bound: list[str]
    scale: Fraction
    undistributed_cents: int


@dataclass(frozen=True, slots=True)
class Apportionment:
    """
    The answer in whole numbers, in the order of the weights.

    `numerators[i] / base` is the exact amount before rounding, `scale` what one unit of weight got
    where no bound held, as (numerator, denominator); else as `Allocation`.
    """

    cents: list[int]
    numerators: list[int]
    base: int
    bound: list[str]
    scale: tuple[int, int]


def tie_key(*, run_id: str, member_id: str) -> str:
    """Return the key that orders equal remainders: the hex SHA-256 of `run_id:member_id`."""
    return sha256(f"{run_id}:{member_id}".encode()).hexdigest()


def split_by_weight(*, total: int, weights: Sequence[int]) -> list[int]:
    """
    Return `total` split over the lines by weight, largest remainder, ties in line order.

    `total` and the weights are not negative; when all weights are zero so must be `total`.
    """
    whole = sum(weights)
    if total == 0 or whole == 0:
        if total:
            raise ValueError("an amount cannot be split over lines that weigh nothing")
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        # A stable sort keeps the line order among equal remainders.
        by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
        for index in by_remainder[:left]:
            parts[index] += 1
    return parts


def largest_remainder(*, exact: Sequence[Fraction], key: Callable[[int], str]) -> list[int]:
    """
    Return whole numbers for `exact` fractions whose sum is whole.

    Each is floored; the units left over go to the largest fractional parts, equal ones in
    ascending order of `key(index)`, which is asked only where it decides.
    """
    common = lcm(*(share.denominator for share in exact))
    numerators = [share.numerator * (common // share.denominator) for share in exact]
    return _rounded(numerators, common, key)


def allocate(*, total_cents: int, claims: Sequence[Claim], run_id: str) -> Allocation:
    """
    Divide `total_cents` so that each taker gets `clamp(scale x weight, lower, upper)`.

    `scale` is the exact solution for which the sum is the total. Where all ceilings together stay
    below it, everyone is at the ceiling and the rest is undistributed. Cents by largest remainder,
    ties by `tie_key(run_id, taker_id)`; a whole bound is therefore never passed.

    One person is one taker: bounds would mean nothing to somebody who came twice.

    Raises: FloorsAboveTotal, TakerTwice.
    """
    _refuse_takers_that_come_twice(claims)
    common = lcm(*(claim.weight.denominator for claim in claims))
    found = apportion(
        total_cents=total_cents,
        weights=[c.weight.numerator * (common // c.weight.denominator) for c in claims],
        lowers=[claim.lower_cents for claim in claims],
        uppers=[claim.upper_cents for claim in claims],
        key=lambda i: tie_key(run_id=run_id, member_id=claims[i].taker_id),
    )
    top, base = found.scale
    return Allocation(
        cents=found.cents,
        exact_cents=list(map(Fraction, found.numerators, repeat(found.base))),
        bound=found.bound,
        scale=Fraction(top * common, base),
        undistributed_cents=total_cents - sum(found.cents),
    )


def apportion(
    *,
    total_cents: int,
    weights: Sequence[int],
    lowers: Sequence[int],
    uppers: Sequence[int | None],
    key: Callable[[int], str],
) -> Apportionment:
    """
    Divide as `allocate` does, in columns of whole numbers: what a run over a million people takes.

    `key(index)` orders equal remainders and is asked only where it decides. Each taker comes once;
    who calls has seen to it.

    Raises: FloorsAboveTotal.
    """
    if sum(lowers) > total_cents:
        raise FloorsAboveTotal
    bounded = any(lowers) or any(upper is not None for upper in uppers)
    if bounded:
        top, base = _scale(total_cents, weights, lowers, uppers)
        numerators, bound = _clamped(weights, lowers, uppers, top, base)
    else:
        top, base = (total_cents, whole) if (whole := sum(weights)) else (0, 1)
        numerators, bound = [weight * top for weight in weights], [""] * len(weights)
    return Apportionment(_rounded(numerators, base, key), numerators, base, bound, (top, base))


def _refuse_takers_that_come_twice(claims: Sequence[Claim]) -> None:
    if len({claim.taker_id for claim in claims}) < len(claims):
        seen: set[str] = set()
        for claim in claims:
            if claim.taker_id in seen:
                raise TakerTwice(taker=claim.taker_id)
            seen.add(claim.taker_id)


def _scale(
    total: int, weights: Sequence[int], lowers: Sequence[int], uppers: Sequence[int | None]
) -> tuple[int, int]:
    """
    Return the scale as (numerator, denominator), scanning the breakpoints in rising order.

    Between two neighbouring breakpoints the sum given out is `fixed + scale x moving`, so the
    first breakpoint at which it reaches the total closes the segment that holds the solution.
    """
    # Without a floor a taker moves from the beginning.
    fixed, moving = (
        sum(lowers),
        sum(w for w, lower in zip(weights, lowers, strict=True) if not lower),
    )
    at = (0, 1)
    for level, weight, frees in _breakpoints(weights, lowers, uppers):
        at = (level, weight)
        if fixed * weight + moving * level >= total * weight:
            break
        # Leaving the floor a taker starts to move; reaching the ceiling it stops.
        fixed += -level if frees else level
        moving += weight if frees else -weight
    return (total - fixed, moving) if moving else at


def _breakpoints(
    weights: Sequence[int], lowers: Sequence[int], uppers: Sequence[int | None]
) -> list[tuple[int, int, bool]]:
    """
    Return (bound, weight, leaves the floor) for each bound, in rising order of bound / weight.

    Two different quotients of denominators up to `m` lie at least 1/m² apart, so quotients scaled
    by more than m² and floored are ordered as the fractions are, at the speed of integers. At
    one point floors are left before ceilings are reached, or a taker whose bounds are equal would
    stop before it moved.
    """
    points = [
        (bound, weight, frees)
        for weight, lower, upper in zip(weights, lowers, uppers, strict=True)
        if weight
        for bound, frees in ((lower or None, True), (upper, False))
        if bound is not None
    ]
    fine = max(weights, default=0) ** 2 + 1
    points.sort(key=lambda point: (point[0] * fine // point[1], not point[2]))
    return points


def _clamped(
    weights: Sequence[int],
    lowers: Sequence[int],
    uppers: Sequence[int | None],
    top: int,
    base: int,
) -> tuple[list[int], list[str]]:
    """Return each clamped amount in `base`-ths of a cent, and the bound that holds it."""
    amounts, bounds = [], []
    for weight, lower, upper in zip(weights, lowers, uppers, strict=True):
        amount, bound = weight * top, ""
        if amount < lower * base or not weight:
            amount, bound = lower * base, "lower" if lower else ""
        elif upper is not None and amount >= upper * base:
            amount, bound = upper * base, "upper"
        amounts.append(amount)
        bounds.append(bound)
    return amounts, bounds


def _rounded(numerators: list[int], base: int, key: Callable[[int], str]) -> list[int]:
    """Return `numerators` over `base` as whole numbers by largest remainder."""
    parts = [numerator // base for numerator in numerators]
    remainders = [numerator % base for numerator in numerators]
    left = sum(remainders) // base
    if left:
        last = _ranked(remainders, base, left)
        sure = [i for i, remainder in enumerate(remainders) if remainder > last]
        tied = [i for i, remainder in enumerate(remainders) if remainder == last]
        for index in sure + nsmallest(left - len(sure), tied, key=key):
            parts[index] += 1
    return parts


def _ranked(remainders: list[int], base: int, place: int) -> int:
    """
    Return the remainder in this place, the largest first, counting from 1.

    Counted by their first bits, only the few that share those of the one sought are sorted: sorting
    a million large numbers would take longer than all the rest.
    """
    shift = max(0, base.bit_length() - HEAD_BITS)
    heads = [remainder >> shift for remainder in remainders]
    counts = Counter(heads)
    for head in sorted(counts, reverse=True):
        if counts[head] >= place:
            alike = [r for r, each in zip(remainders, heads, strict=True) if each == head]
            return sorted(alike, reverse=True)[place - 1]
        place -= counts[head]
    raise ValueError("there are fewer remainders than places")
