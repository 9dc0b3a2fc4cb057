"""Cases are filled, shortages shared, and neither a gram nor a cent is made or lost."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.joint_buying.rules import (
    ROUNDINGS,
    SHARINGS,
    Outcome,
    Product,
    Rung,
    Sharing,
    Wanted,
    billed_quantity,
    goods_cents,
    missing_to_fill,
    most_held_cents,
    next_rung,
    price_at,
    reconcile,
    shipping_shares,
)

LADDER = [Rung(Fraction(0), 220), Rung(Fraction(30), 195)]
APPLES = Product(ladder=LADDER, pack=Fraction(10), minimum=Fraction(20))

quantities = st.integers(0, 40).map(lambda halves: Fraction(halves, 2))
products = st.builds(
    Product,
    ladder=st.just(LADDER),
    pack=st.integers(1, 24).map(lambda halves: Fraction(halves, 2)),
    minimum=quantities,
    available=st.none() | quantities,
    portion=st.sampled_from([Fraction(0), Fraction(1, 2)]),
    rounding=st.sampled_from(ROUNDINGS),
)
bookings = st.lists(
    st.tuples(st.sampled_from("ABCDE"), quantities, quantities), min_size=1, max_size=12
).map(
    lambda rows: [
        Wanted(taker, quantity, f"{place:03d}", extra)
        for place, (taker, quantity, extra) in enumerate(rows)
    ]
)


def wanted(*rows: tuple[str, int] | tuple[str, int, int]) -> list[Wanted]:
    """Return bookings in the order in which they came: who, how much, and how much more."""
    return [
        Wanted(row[0], Fraction(row[1]), f"{place:03d}", Fraction(row[2] if len(row) > 2 else 0))
        for place, row in enumerate(rows)
    ]


def close(product: Product, *rows: tuple[str, int] | tuple[str, int, int], by: Sharing) -> Outcome:
    return reconcile(product=product, wanted=wanted(*rows), sharing=by)


def test_the_latest_booking_is_cut_to_whole_cases() -> None:
    outcome = close(APPLES, ("ada", 12), ("bruno", 9), ("carla", 11), by="first-come")

    assert outcome.status == "reduced-to-full-packs"
    assert outcome.ordered == 30
    assert outcome.unit_price_cents == 195
    assert outcome.allotted == {"ada": 12, "bruno": 9, "carla": 9}
    assert outcome.largest_difference == 2


def test_a_shortage_shared_in_proportion_takes_from_everybody() -> None:
    outcome = close(APPLES, ("ada", 16), ("bruno", 8), ("carla", 8), by="in-proportion")

    assert outcome.allotted == {
        "ada": 15,
        "bruno": Fraction(15, 2),
        "carla": Fraction(15, 2),
    }
    assert outcome.largest_difference == 1


def test_whole_portions_are_shared_and_the_latest_of_equals_gives_way() -> None:
    pieces = replace(APPLES, portion=Fraction(1))

    outcome = close(pieces, ("ada", 11), ("bruno", 11), ("carla", 11), by="in-proportion")

    assert outcome.allotted == {"ada": 10, "bruno": 10, "carla": 10}
    outcome = close(pieces, ("ada", 11), ("bruno", 11), ("carla", 10), by="in-proportion")
    assert outcome.allotted == {"ada": 10, "bruno": 10, "carla": 10}
    outcome = close(pieces, ("ada", 11), ("bruno", 10), ("carla", 10), by="in-proportion")
    assert outcome.allotted == {"ada": 10, "bruno": 10, "carla": 10}


def test_what_members_would_take_more_fills_the_last_case() -> None:
    outcome = close(APPLES, ("ada", 12, 1), ("bruno", 9, 2), ("carla", 7), by="first-come")

    assert outcome.status == "filled"
    assert outcome.ordered == 30
    assert outcome.allotted == {"ada": 13, "bruno": 10, "carla": 7}
    assert outcome.for_stock == 0


def test_a_case_that_nobody_fills_goes_to_the_stock_where_the_group_says_so() -> None:
    oil = Product(ladder=LADDER, pack=Fraction(6), rounding="up")

    outcome = close(oil, ("ada", 2), ("bruno", 1, 1), by="first-come")

    assert outcome.status == "raised-to-full-packs"
    assert outcome.ordered == 6
    assert outcome.for_stock == 2
    assert outcome.allotted == {"ada": 2, "bruno": 2}


@pytest.mark.parametrize("by", SHARINGS)
def test_less_than_the_minimum_is_no_order(by: Sharing) -> None:
    outcome = close(APPLES, ("ada", 12, 3), ("bruno", 4), by=by)

    assert outcome.status == "below-minimum"
    assert outcome.ordered == 0
    assert outcome.unit_price_cents is None
    assert outcome.allotted == {"ada": 0, "bruno": 0}


def test_a_supplier_who_has_no_more_is_asked_for_no_more() -> None:
    scarce = replace(APPLES, minimum=Fraction(0), available=Fraction(25), rounding="up")

    assert close(scarce, ("ada", 30), ("bruno", 2), by="first-come").allotted == {
        "ada": 20,
        "bruno": 0,
    }


def test_what_is_missing_to_fill_the_case_and_to_lower_the_price() -> None:
    assert missing_to_fill(wanted=Fraction(168, 10), pack=Fraction(10)) == Fraction(32, 10)
    assert missing_to_fill(wanted=Fraction(20), pack=Fraction(10)) == 0
    assert next_rung(quantity=Fraction(24), ladder=LADDER) == LADDER[1]
    assert next_rung(quantity=Fraction(30), ladder=LADDER) is None
    assert price_at(quantity=Fraction(2999, 100), ladder=LADDER) == 220
    assert price_at(quantity=Fraction(30), ladder=LADDER) == 195
    assert price_at(quantity=Fraction(1), ladder=LADDER[1:]) == 195


def test_more_than_the_tolerance_on_the_scales_is_not_paid() -> None:
    allotted, tolerance = Fraction(9), Fraction(1, 20)

    def paid(delivered: str) -> Fraction:
        return billed_quantity(
            allotted=allotted, delivered=Fraction(delivered), tolerance=tolerance
        )

    assert paid("9.45") == Fraction("9.45")
    assert paid("9.46") == Fraction("9.45")
    assert paid("8.2") == Fraction("8.2")
    assert goods_cents(quantity=paid("9.45"), unit_price_cents=195) == 1_843
    assert most_held_cents(quantity=allotted, unit_price_cents=195, tolerance=tolerance) == 1_843


def test_transport_goes_by_the_value_of_the_goods_and_nobody_without_goods_pays_it() -> None:
    goods = {"ada": 4_699, "bruno": 2_847, "carla": 1_843, "stock": 3_450, "dario": 0}

    shares = shipping_shares(total_cents=1_000, goods=goods, run_id="gas-2026-11")

    assert shares == {"ada": 366, "bruno": 222, "carla": 143, "stock": 269, "dario": 0}
    assert shipping_shares(total_cents=1_000, goods={"dario": 0}, run_id="none") == {"dario": 0}


@given(products, bookings, st.sampled_from(SHARINGS))
def test_what_is_ordered_is_whole_cases_and_all_of_it_falls_to_somebody(
    product: Product, rows: list[Wanted], sharing: Sharing
) -> None:
    outcome = reconcile(product=product, wanted=rows, sharing=sharing)

    assert outcome.ordered % product.pack == 0
    assert outcome.ordered == sum(outcome.allotted.values()) + outcome.for_stock
    assert product.available is None or outcome.ordered <= product.available
    assert outcome.ordered == 0 or outcome.ordered >= product.minimum
    assert outcome.for_stock == 0 or product.rounding == "up"
    assert outcome.for_stock < product.pack


@given(products, bookings, st.sampled_from(SHARINGS))
def test_nobody_gets_more_than_they_wanted_and_their_extra(
    product: Product, rows: list[Wanted], sharing: Sharing
) -> None:
    outcome = reconcile(product=product, wanted=rows, sharing=sharing)

    asked, most = Counter[str](), Counter[str]()
    for row in rows:
        asked[row.taker] += row.quantity  # type: ignore[assignment]
        most[row.taker] += row.quantity + row.extra  # type: ignore[assignment]
    for taker, quantity in outcome.allotted.items():
        assert 0 <= quantity <= most[taker]
        assert abs(quantity - asked[taker]) <= outcome.largest_difference


@given(products, bookings, st.sampled_from(SHARINGS), st.randoms(use_true_random=False))
def test_the_order_in_which_bookings_are_listed_changes_nothing(
    product: Product, rows: list[Wanted], sharing: Sharing, chance: random.Random
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)

    assert reconcile(product=product, wanted=shuffled, sharing=sharing) == reconcile(
        product=product, wanted=rows, sharing=sharing
    )


@given(
    st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 10_000), min_size=1),
    st.integers(0, 5_000),
)
def test_transport_is_shared_to_the_cent(goods: dict[str, int], total: int) -> None:
    shares = shipping_shares(total_cents=total, goods=goods, run_id="run")

    assert sum(shares.values()) == (total if any(goods.values()) else 0)
