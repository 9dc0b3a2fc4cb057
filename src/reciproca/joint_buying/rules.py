"""
Cases, portions, price ladders and what each gets when a cycle closes. Exact fractions throughout.

Quantities are in the product's own unit of sale (kilograms, pieces), prices whole cents per unit.

Source: docs/rules/joint-buying.md
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from reciproca.shared.allocation import Claim, allocate, largest_remainder
from reciproca.shared.money import half_up

Sharing = Literal["first-come", "in-proportion"]
Rounding = Literal["down", "up"]
Status = Literal[
    "as-wanted", "filled", "reduced-to-full-packs", "raised-to-full-packs", "below-minimum"
]

SHARINGS: tuple[Sharing, ...] = ("first-come", "in-proportion")
ROUNDINGS: tuple[Rounding, ...] = ("down", "up")
FINEST = 1_000
"""A unit is divided into so many parts at most: kilograms into grams."""


@dataclass(frozen=True, slots=True)
class Rung:
    """From this total quantity on, everybody pays this price a unit."""

    from_quantity: Fraction
    unit_price_cents: int


@dataclass(frozen=True, slots=True)
class Product:
    """
    What a supplier sells and how.

    `pack` is a whole case, `minimum` what the group must order together, `available` the most that
    there is (None: no limit), `portion` the step in which it is divided (0: any). `rounding` says
    what becomes of a case that members do not fill: `down` leaves it, `up` buys it for the stock.
    Of what is weighed, one may get up to `weight_tolerance` more than was allotted.
    """

    ladder: Sequence[Rung]
    pack: Fraction = Fraction(1)
    minimum: Fraction = Fraction(0)
    available: Fraction | None = None
    portion: Fraction = Fraction(0)
    rounding: Rounding = "down"
    weight_tolerance: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Somebody asks for so much, and would take `extra` more to fill a case.

    `order` puts bookings in the order in which they came; nobody's has that of another's. Somebody
    may come several times.
    """

    taker: str
    quantity: Fraction
    order: str
    extra: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What is ordered of a product at which price, and how much each gets.

    `largest_difference` is the most by which somebody gets other than they wanted.
    """

    status: Status
    ordered: Fraction
    unit_price_cents: int | None
    allotted: Mapping[str, Fraction]
    for_stock: Fraction
    largest_difference: Fraction


def missing_to_fill(*, wanted: Fraction, pack: Fraction) -> Fraction:
    """Return what is missing to fill the last case that was begun; 0 when none is begun."""
    return -wanted % pack


def price_at(*, quantity: Fraction, ladder: Sequence[Rung]) -> int:
    """Return the price of a unit when `quantity` is ordered; the lowest rung holds below itself."""
    rungs = sorted(ladder, key=lambda rung: rung.from_quantity)
    reached = [rung for rung in rungs if rung.from_quantity <= quantity]
    return (reached or rungs)[-1 if reached else 0].unit_price_cents


def next_rung(*, quantity: Fraction, ladder: Sequence[Rung]) -> Rung | None:
    """Return the nearest rung above `quantity`, None at the top."""
    above = [rung for rung in ladder if rung.from_quantity > quantity]
    return min(above, key=lambda rung: rung.from_quantity, default=None)


def most_held_cents(*, quantity: Fraction, unit_price_cents: int, tolerance: Fraction) -> int:
    """Return what a quantity may come to once it is weighed: price with tolerance, half up."""
    return half_up(quantity * unit_price_cents * (1 + tolerance))


def reconcile(*, product: Product, wanted: Sequence[Wanted], sharing: Sharing) -> Outcome:
    """
    Return what a product comes to when its cycle closes.

    Ordered are whole cases: enough for all if the extras fill the last one, or if the group takes
    the rest; else the cases that are full. Less than the minimum, or no case, is no order. What is
    too little is cut, what is too much given, by `sharing`:

    - `first-come`: the latest booking is cut first, the earliest gets its extra first;
    - `in-proportion`: each by what they wanted, or by the extra they would take.

    Nobody ever gets more than they wanted and their extra, and the order in which `wanted` lists
    the bookings changes nothing.
    """
    lines = sorted(wanted, key=lambda line: line.order)
    total = sum((line.quantity for line in lines), Fraction(0))
    most = total + sum((line.extra for line in lines), Fraction(0))
    ordered, status = _ordered(product, total, most)
    grain = _grain(product, lines, ordered)
    if ordered < total:
        cut = _shared(total - ordered, [line.quantity for line in lines], sharing, grain, last=True)
        given = [line.quantity - less for line, less in zip(lines, cut, strict=True)]
    else:
        extras = [line.extra for line in lines]
        more = _shared(min(ordered, most) - total, extras, sharing, grain, last=False)
        given = [line.quantity + extra for line, extra in zip(lines, more, strict=True)]
    allotted, difference = _by_taker(lines, given)
    return Outcome(
        status=status,
        ordered=ordered,
        unit_price_cents=price_at(quantity=ordered, ladder=product.ladder) if ordered else None,
        allotted=allotted,
        for_stock=ordered - sum(given, Fraction(0)),
        largest_difference=difference,
    )


def billed_quantity(*, allotted: Fraction, delivered: Fraction, tolerance: Fraction) -> Fraction:
    """Return what of a delivered weight is paid: never more than allotted and its tolerance."""
    return min(delivered, allotted * (1 + tolerance))


def goods_cents(*, quantity: Fraction, unit_price_cents: int) -> int:
    """Return what a quantity costs, half up to the cent."""
    return half_up(quantity * unit_price_cents)


def shipping_shares(*, total_cents: int, goods: Mapping[str, int], run_id: str) -> dict[str, int]:
    """
    Return each taker's part of the transport, by the value of their goods, largest remainder.

    Where nobody has goods nobody pays: the transport stays with who ordered it.
    """
    claims = [Claim(taker, cents) for taker, cents in sorted(goods.items())]
    found = allocate(total_cents=total_cents, claims=claims, run_id=run_id)
    return {claim.taker_id: cents for claim, cents in zip(claims, found.cents, strict=True)}


def _ordered(product: Product, total: Fraction, most: Fraction) -> tuple[Fraction, Status]:
    """Return how much is ordered, and how that came about."""
    needed = max(total, product.minimum)
    if not total or needed > most:
        return Fraction(0), "below-minimum"
    up = needed + missing_to_fill(wanted=needed, pack=product.pack)
    if product.available is None or up <= product.available:
        if up == total:
            return up, "as-wanted"
        if up <= most:
            return up, "filled"
        if product.rounding == "up":
            return up, "raised-to-full-packs"
    there = total if product.available is None else min(total, product.available)
    down = there // product.pack * product.pack
    if not down or down < product.minimum:
        return Fraction(0), "below-minimum"
    return down, "reduced-to-full-packs"


def _grain(product: Product, lines: Sequence[Wanted], ordered: Fraction) -> Fraction:
    """Return the step in which quantities are shared: the portion, where it divides them all."""
    told = [ordered, *(line.quantity for line in lines), *(line.extra for line in lines)]
    if product.portion and not any(quantity % product.portion for quantity in told):
        return product.portion
    return Fraction(1, lcm(FINEST, *(quantity.denominator for quantity in told)))


def _shared(
    amount: Fraction, most: Sequence[Fraction], sharing: Sharing, grain: Fraction, *, last: bool
) -> list[Fraction]:
    """
    Return how much of `amount` falls to each line, never more than its `most`.

    `last`: of lines that are alike, and of those who come first, the latest is taken.
    """
    whole = sum(most, Fraction(0))
    if not amount:
        return [Fraction(0)] * len(most)
    if sharing == "in-proportion":
        exact = [amount * each / whole / grain for each in most]
        parts = largest_remainder(exact=exact, key=_rank(len(most), last=last))
        return [part * grain for part in parts]
    taken = [Fraction(0)] * len(most)
    places = range(len(most))
    for place in reversed(places) if last else places:
        taken[place] = min(amount, most[place])
        amount -= taken[place]
    return taken


def _rank(count: int, *, last: bool) -> Callable[[int], str]:
    width = len(str(count))
    return lambda place: str(count - place if last else place).zfill(width)


def _by_taker(
    lines: Sequence[Wanted], given: Sequence[Fraction]
) -> tuple[dict[str, Fraction], Fraction]:
    """Return what each taker gets in all, and the most by which one of them gets otherwise."""
    allotted, differences = (
        defaultdict[str, Fraction](Fraction),
        defaultdict[str, Fraction](Fraction),
    )
    for line, quantity in zip(lines, given, strict=True):
        allotted[line.taker] += quantity
        differences[line.taker] += quantity - line.quantity
    return dict(allotted), max(map(abs, differences.values()), default=Fraction(0))
