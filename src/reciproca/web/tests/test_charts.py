"""Charts keep their sums, stay inside their box, and say their result in words."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from reciproca.web.charts.branches import branch_bar
from reciproca.web.charts.columns import month_columns
from reciproca.web.charts.drawing import nice_step, px, short_name, shorten
from reciproca.web.charts.flow import value_flow
from reciproca.web.charts.flow_parts import Band
from reciproca.web.charts.netting import netting
from reciproca.web.charts.network import network
from reciproca.web.charts.places import place_map
from reciproca.web.charts.tenths import tenths_chart
from reciproca.web.charts.waterfall import waterfall


@dataclass(frozen=True)
class Branch:
    key: str
    name: str
    cents: int


@dataclass(frozen=True)
class Seller:
    name: str
    cents: int
    base_cents: int = 0


@dataclass(frozen=True)
class Month:
    on: date
    cents: int


@dataclass(frozen=True)
class Sector:
    key: str
    name: str
    size: int


@dataclass(frozen=True)
class Tie:
    a: str
    b: str
    weight: int


@dataclass(frozen=True)
class Step:
    label: str
    article: str
    cents: int
    kind: str


@dataclass(frozen=True)
class Debt:
    debtor: str
    creditor: str
    cents: int


@dataclass(frozen=True)
class Place:
    name: str
    x: float
    y: float
    size: int
    url: str = "#"
    on: bool = True


FOUR = [
    Branch("solidarity", "Solidarietà", 245),
    Branch("member", "A te", 979),
    Branch("territory", "Territorio", 490),
    Branch("common", "Fondo comune", 734),
]
SELLERS = [Seller("Famiglia Coop. Valchiara", 1_530), Seller("Caseificio Roncolago", 918)]


def test_the_branches_stand_in_their_order_and_fill_the_bar() -> None:
    parts = branch_bar(FOUR)
    assert [part.key for part in parts] == ["member", "common", "territory", "solidarity"]
    assert sum(Fraction(part.width) for part in parts) == 100
    assert branch_bar([Branch("member", "A te", 0)]) == ()


def test_the_flow_says_where_value_came_from_and_went() -> None:
    with override("it"):
        flow = value_flow(sources=SELLERS, branches=FOUR)
    assert flow is not None
    assert flow.title == (
        "Da 2 cooperative nascono 24,48\u00a0€: A te 9,79\u00a0€, Fondo comune 7,34\u00a0€,"
        " Territorio 4,90\u00a0€, Solidarietà 2,45\u00a0€."
    )
    assert [row[0] for row in flow.table.rows] == [seller.name for seller in SELLERS]
    assert flow.wide.sources[0].label == "Famiglia Coop. Valchiara"
    assert flow.phone.sources[0].label == "Valchiara"


def test_large_amounts_of_the_flow_have_room_on_a_phone() -> None:
    large = 14_824_484
    flow = value_flow(
        sources=[Seller("Famiglia Cooperativa Valchiara", large, 10 * large)],
        branches=[Branch("member", "A te", large)],
    )

    assert flow is not None
    assert flow.phone.branches[0].note == "148.245\u00a0€"
    # What the drawing rounds stands beside it to the cent.
    assert "148.244,84\u00a0€" in flow.table.rows[0][-1]


def test_no_value_draws_no_flow() -> None:
    assert value_flow(sources=SELLERS, branches=[]) is None
    assert value_flow(sources=[Seller("Maso Dossi", 0)], branches=FOUR) is None


def test_only_the_largest_sellers_are_drawn_and_the_others_together() -> None:
    many = [Seller(f"Coop {n}", 1_000 - n) for n in range(10)]
    with override("it"):
        flow = value_flow(sources=many, branches=FOUR)
    assert flow is not None
    assert [band.label for band in flow.wide.sources][-1] == "Altre 5 cooperative"
    assert [band.label for band in flow.phone.sources][-1] == "Altre"
    assert (len(flow.wide.sources), len(flow.phone.sources), len(flow.table.rows)) == (6, 4, 10)


def bottom(band: Band) -> float:
    return float(band.y) + float(band.height)


@given(
    sellers=st.lists(st.integers(1, 10**9), min_size=1, max_size=40),
    branches=st.lists(st.integers(0, 10**9), min_size=4, max_size=4).filter(any),
)
def test_no_bar_or_word_of_the_flow_covers_another(sellers: list[int], branches: list[int]) -> None:
    flow = value_flow(
        sources=[Seller(f"Coop {n}", cents) for n, cents in enumerate(sellers)],
        branches=[
            Branch(key, key, cents)
            for key, cents in zip(
                ("member", "common", "territory", "solidarity"), branches, strict=True
            )
        ],
    )
    assert flow is not None
    for bands in (flow.wide.sources, flow.wide.branches):
        assert bottom(bands[-1]) <= float(flow.wide.height)
        words = [float(band.label_y) for band in bands]
        assert all(b - a > 33 for a, b in pairwise(words))
    for bands in (flow.phone.sources, flow.phone.branches):
        assert float(bands[-1].x) + float(bands[-1].width) <= 360
        words = [float(band.label_x) for band in bands]
        assert all(b - a >= 78 for a, b in pairwise(words))


def test_the_best_month_is_told_and_a_month_in_the_red_is_not_drawn() -> None:
    months = [Month(date(2026, 10, 1), 1_250), Month(date(2026, 11, 1), -300)]
    with override("it"):
        chart = month_columns(months=months, name="Valore")
        english = None
    with override("en"):
        english = month_columns(months=months, name="Value")
    assert chart is not None
    assert english is not None
    assert chart.title == "Il mese migliore è ottobre 2026: 12,50\u00a0€."
    assert [bar.label for bar in chart.bars] == ["O", "N"]
    assert [bar.best for bar in chart.bars] == [True, False]
    assert chart.table.rows[1] == ("novembre 2026", "−3,00\u00a0€")
    assert english.table.rows[1] == ("November 2026", "−€3.00")
    assert month_columns(months=months[1:], name="Valore") is None


def test_the_axis_has_round_steps() -> None:
    assert [nice_step(n, steps=3) for n in (0, 1, 12.5, 31, 164_200)] == [1, 1, 5, 20, 100_000]


def test_the_strongest_tie_is_told_and_ties_inside_a_sector_only_listed() -> None:
    sectors = [Sector("c", "Consumo", 14), Sector("s", "Servizi", 3), Sector("a", "Agricole", 0)]
    ties = [Tie("c", "s", 112), Tie("c", "c", 400), Tie("s", "a", 0)]
    with override("it"):
        chart = network(clusters=sectors, ties=ties)
    assert chart is not None
    assert chart.title == "Gli scambi più forti sono fra Consumo e Servizi: 112."
    assert [row[0] for row in chart.table.rows] == ["Dentro Consumo", "Consumo e Servizi"]
    assert (len(chart.edges), len(chart.dots), len(chart.hubs)) == (1, 12 + 3, 3)
    assert network(clusters=[], ties=[]) is None


def test_each_step_of_the_waterfall_hangs_from_what_was_left() -> None:
    steps = [
        Step("Avanzo", "", 10_000, "start"),
        Step("Riserva legale", "art. 2545-quater c.c.", 3_000, "take"),
        Step("Fondo mutualistico", "art. 11 l. 59/1992", 300, "take"),
        Step("Alle riserve", "", 6_700, "left"),
    ]
    with override("it"):
        chart = waterfall(steps=steps)
    assert chart is not None
    spans = [(float(r.x), float(r.x) + float(r.width)) for r in chart.wide.rows]
    assert spans == [(300, 760), (622, 760), (608.2, 622), (300, 608.2)]
    assert chart.title == "Avanzo di 100,00\u00a0€: alle riserve 67,00\u00a0€."
    assert [row[2] for row in chart.table.rows][1] == "−30,00\u00a0€"
    assert waterfall(steps=[Step("Avanzo", "", 0, "start")]) is None


def test_netting_tells_how_few_payments_are_left() -> None:
    before = [Debt("A", "B", 500), Debt("B", "C", 500), Debt("C", "A", 300), Debt("D", "D2", 100)]
    after = [Debt("A", "C", 200), Debt("D", "D2", 100)]
    with override("it"):
        chart = netting(before=before, after=after)
        nobody = netting(before=before, after=[])
    assert chart is not None
    assert nobody is not None
    assert chart.title == "4 debiti diventano 2 pagamenti per 3,00\u00a0€."
    assert nobody.title == "I debiti si annullano a vicenda: nessuno deve pagare."
    assert (len(chart.before.arrows), len(chart.after.arrows), len(chart.knots)) == (4, 2, 5)
    assert netting(before=[], after=[]) is None


def test_beyond_twelve_the_smallest_share_one_place() -> None:
    before = [Debt(f"Coop {n}", f"Coop {n + 1}", 1_000 * n) for n in range(1, 40)]
    with override("it"):
        chart = netting(before=before, after=before[:1])
    assert chart is not None
    assert [knot.number for knot in chart.knots] == [*(str(n) for n in range(1, 13)), "…"]
    assert chart.knots[-1].name == "altri 28"


def test_netting_names_everybody_in_full_with_what_they_pay_or_receive() -> None:
    long = "Famiglia Cooperativa Borgo Tre Archi"
    with override("it"):
        chart = netting(before=[Debt(long, "Fondo", 500)], after=[Debt(long, "Fondo", 500)])
    assert chart is not None
    assert [(knot.number, knot.name, knot.said) for knot in chart.knots] == [
        ("1", long, "paga 5,00\u00a0€"),
        ("2", "Fondo", "riceve 5,00\u00a0€"),
    ]
    assert chart.after.arrows[0].said == f"{long} → Fondo: 5,00\u00a0€"


def test_a_name_that_would_cover_another_is_left_out_of_the_map() -> None:
    close = [
        Place("Trento", 500, 100, 12),
        Place("Gardolo", 540, 104, 2),
        Place("Fuori", 900, 1, 1),
    ]
    chart = place_map(title="3 luoghi", width=560, height=470, areas=[], places=close)
    assert [(pin.name, pin.label) for pin in chart.pins] == [("Gardolo", ""), ("Trento", "Trento")]


def test_no_pin_stands_on_a_name_whichever_was_placed_first() -> None:
    below = [Place("Predaia", 200, 130, 3), Place("Ville d’Anaunia", 205, 170, 9)]
    chart = place_map(title="2 luoghi", width=560, height=470, areas=[], places=below)
    ville, predaia = sorted(chart.pins, key=lambda pin: -int(pin.count))
    assert (ville.anchor, ville.wide_only) == ("middle", False)
    assert (predaia.label, predaia.anchor) == ("Predaia", "start")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Famiglia Coop. Valchiara", "Valchiara"),
        ("Panificio Il Lievito", "Lievito"),
        ("Cooperativa sociale Il Nido", "Nido"),
        ("Società agricola cooperativa", "cooperativa"),
        ("L’Aquilone", "Aquilone"),
        ("Vallemontagnosissima", "Vallemonta…"),
    ],
)
def test_a_narrow_place_takes_the_word_that_tells_a_cooperative_apart(
    name: str, short: str
) -> None:
    assert short_name(name, chars=11) == short


def test_a_long_name_is_cut_at_a_word_when_one_ends_near() -> None:
    assert shorten("Cooperativa agricola di Sant’Anna", chars=26) == "Cooperativa agricola di…"
    assert shorten("Cooperativa agricola Sant’Anna della Valle", chars=30) == (
        "Cooperativa agricola Sant’Ann…"
    )
    assert shorten("Maso Dossi", chars=30) == "Maso Dossi"


def test_no_language_puts_a_comma_into_a_coordinate() -> None:
    with override("it"):
        assert [px(n) for n in (1234.56, 0.04, -0.04, 2.0)] == ["1234.6", "0", "0", "2"]
    assert re.fullmatch(r"-?\d+(\.\d)?", px(-17.25))


@given(
    st.lists(st.integers(0, 10**12), min_size=10, max_size=10),
    st.none() | st.lists(st.integers(0, 10**12), min_size=10, max_size=10),
)
def test_tenths_stay_in_their_box_and_tell_every_sum(
    parts: list[int], beside: list[int] | None
) -> None:
    chart = tenths_chart(parts=parts, name="Riparto", beside=beside)

    if not sum(parts):
        assert chart is None
        return
    assert chart is not None
    for tenth in chart.tenths:
        assert 0 <= float(tenth.y) <= float(tenth.y) + float(tenth.height) <= 150.1
        assert float(tenth.x) + float(tenth.width) <= 512
        assert bool(tenth.mark_y) is (beside is not None)
    assert len(chart.table.rows) == 10


def test_too_few_people_have_no_tenths() -> None:
    assert tenths_chart(parts=None, name="Riparto") is None
