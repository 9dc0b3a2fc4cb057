"""Everything that moved for a member: the list, its filters, its pages and its file."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.makers import NOON, adopt_policy, client_of, make_fund, make_member

from reciproca.purchases.forms import LineIn
from reciproca.refunds import actions as refunds
from reciproca.refunds.forms import ResolutionIn
from reciproca.refunds.tests.cast import AFTERWARDS, WATERFALL_01
from reciproca.registry.models import Node, Organisation
from reciproca.valueback import actions as valueback
from reciproca.web.member.movements import Movement, all_movements, latest
from reciproca.web.tests.valley import Valley, make_valley

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Valley:
    return make_valley()


def of_bruno(valley: Valley, kind: str = "") -> list[Movement]:
    return latest(member_id=valley.bruno.id, kind=kind, limit=50)


def shown(client: Client, **asked: str) -> str:
    return client.get(f"/movements/?{urlencode(asked)}").content.decode()


def a_full_life(valley: Valley) -> None:
    """Buy, spend, give, give back what was spent, let the rest end."""
    first = valley.buy(10_000)
    valley.buy(5_000, credit=150, at=NOON + timedelta(hours=1))
    valley.give(100)
    valley.give_back(first)
    valley.buy(20_000)
    valueback.expire_lots(on=date(2027, 1, 1), recorded_at=datetime(2027, 1, 2, tzinfo=UTC))


# --- the list ---


def test_all_that_moved_is_in_one_list_and_sums_to_what_can_be_spent(valley: Valley) -> None:
    a_full_life(valley)

    rows = of_bruno(valley)

    assert {row.kind for row in rows} == {"purchases", "refunds", "gifts", "expired"}
    assert rows == sorted(rows, key=lambda row: row.moment, reverse=True)
    assert sum(row.change_cents for row in rows) == 0


def test_credit_spent_and_earned_in_one_purchase_are_both_told(valley: Valley) -> None:
    valley.buy(10_000)
    valley.buy(5_000, credit=150)

    spent = next(row for row in of_bruno(valley) if row.credit_cents)

    assert (spent.tally.earned, spent.tally.spent) == (98, 150)
    assert "di cui 1,50\u00a0€ in crediti" in spent.what


def test_a_refund_of_what_was_spent_says_what_is_still_to_be_repaid(valley: Valley) -> None:
    first = valley.buy(10_000)
    valley.give(200)
    valley.give_back(first)
    valley.buy(10_000)

    repaid, owed = of_bruno(valley, "recovery")

    assert owed.aside == "2,00\u00a0€ da ripagare"
    assert repaid.aside == "2,00\u00a0€ ripagano un reso"


def test_a_pooled_part_is_on_its_way_and_changes_nothing_yet() -> None:
    valley = make_valley()
    pool = make_fund(held_by=valley.cast.federation_id, name="Monte soci", kind="pool")
    adopt_policy(
        valley.cast,
        in_force_on=NOON.date(),
        protocol="2/2025",
        member_part="pooled",
        pool=str(pool),
    )
    valley.buy(10_000)

    [row] = of_bruno(valley)

    assert (row.change_cents, row.aside) == (0, "+2,00\u00a0€ in arrivo")


def test_a_patronage_refund_says_how_it_is_paid_and_leads_to_the_statement(
    valley: Valley,
) -> None:
    cooperative = valley.cast.lievito_id
    Organisation.objects.filter(pk=cooperative).update(
        mutual_exchange="users", mutuality="prevalent"
    )
    valley.buy(10_000_000)
    accounts = refunds.enter_accounts(
        cooperative_id=cooperative,
        year=2025,
        figures=replace(WATERFALL_01, cash_share_bp=5_000),
        entered_by=None,
        entered_at=AFTERWARDS,
    )
    refunds.attach_resolution(
        cooperative_id=cooperative,
        year=2025,
        resolution=ResolutionIn(date(2026, 4, 20), "12/2026", "", b""),
        title="Bilancio e ristorno",
        recorded_by=None,
        recorded_at=AFTERWARDS,
    )
    refunds.run_refund(accounts_id=accounts.id, recorded_by=None, recorded_at=AFTERWARDS)

    [row] = of_bruno(valley, "patronage")

    assert row.what.startswith("Ristorno 2025")
    assert "con bonifico" in row.what
    assert row.change_cents == row.tally.earned > 0
    assert row.url == "/years/2025/"


@pytest.mark.parametrize("kind", ["purchases", "refunds", "gifts", "expired", "recovery"])
def test_each_kind_can_be_asked_for_alone(valley: Valley, kind: str) -> None:
    a_full_life(valley)

    rows = of_bruno(valley, kind)

    assert rows
    if kind != "recovery":
        assert {row.kind for row in rows} == {kind}


# --- the page ---


def test_the_list_is_found_by_words_names_and_amounts(valley: Valley) -> None:
    valley.buy(lines=(LineIn("", 1_260, "Pane di segale"),))
    valley.buy(4_000, seller=valley.cast.roncolago_id)
    client = client_of(valley.bruno)

    assert shown(client, q="segale").count('class="amount') == 1
    assert "Caseificio Roncolago" in shown(client, q="ronco")
    assert "12,60" in shown(client, q="12,60")
    assert "12,60" in shown(client, q="12.60")
    assert "Non abbiamo trovato niente" in shown(client, q="zzz")


def test_a_cooperative_and_a_period_can_be_asked_for_in_the_address(valley: Valley) -> None:
    valley.buy(1_000, at=datetime(2025, 2, 3, 10, tzinfo=UTC))
    valley.buy(4_000, seller=valley.cast.roncolago_id)
    client = client_of(valley.bruno)

    of_roncolago = shown(client, **{"with": str(valley.cast.roncolago_id)})
    of_winter = shown(client, period="2025-q1")

    assert "Spesa di 40,00" in of_roncolago
    assert "Spesa di 10,00" not in of_roncolago
    assert "Spesa di 10,00" in of_winter
    assert "Spesa di 40,00" not in of_winter


def test_whatever_stands_in_the_address_the_page_answers(valley: Valley) -> None:
    client = client_of(valley.bruno)

    answer = client.get("/movements/?kind=x&with=y&period=z&before=w&q=%FF%25_")

    assert answer.status_code == 200


def test_more_is_a_link_that_works_alone_and_brings_only_rows_when_asked_for_a_part(
    valley: Valley,
) -> None:
    for number in range(45):
        valley.buy(1_000, at=NOON - timedelta(days=number))
    client = client_of(valley.bruno)

    first = client.get("/movements/").content.decode()
    more = re.search(r'href="(\?before=[^"]+)"', first)
    assert more
    second = client.get(f"/movements/{more[1]}").content.decode()
    part = client.get(f"/movements/{more[1]}", headers={"HX-Request": "true"}).content.decode()

    assert first.count('class="amount') == 30
    assert second.count('class="amount') == part.count('class="amount') == 15
    assert "<html" in second
    assert "<html" not in part


def test_a_month_that_goes_on_is_not_titled_twice(valley: Valley) -> None:
    for number in range(40):
        valley.buy(1_000, at=NOON - timedelta(minutes=number))
    client = client_of(valley.bruno)

    first = client.get("/movements/").content.decode()
    more = re.search(r'href="(\?before=[^"]+)"', first)
    assert more
    part = client.get(f"/movements/{more[1]}", headers={"HX-Request": "true"}).content.decode()

    assert "Giugno 2025" in first
    assert "Giugno 2025" not in part


def test_what_can_be_spent_opens_into_the_credit_of_each_cooperative(valley: Valley) -> None:
    valley.buy(10_000, at=timezone.now())
    valley.buy(20_000, seller=valley.cast.roncolago_id, at=timezone.now())

    html = client_of(valley.bruno).get("/movements/").content.decode()

    assert "6,00\u00a0€" in html
    assert "Di chi sono questi crediti (2)" in html


def test_somebody_with_nothing_yet_reads_what_will_appear(valley: Valley) -> None:
    html = client_of(make_member(name="Nuova")).get("/movements/").content.decode()

    assert "Ancora nessun movimento" in html


def test_the_page_costs_the_same_for_three_rows_and_for_sixty(
    valley: Valley, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(valley.bruno)
    for _ in range(3):
        valley.buy(lines=(LineIn("", 1_000, "Pane"),))
    with django_assert_max_num_queries(60) as few:
        client.get("/movements/?q=pane")
    for _ in range(57):
        valley.buy(lines=(LineIn("", 1_000, "Pane"),))

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/movements/?q=pane")


# --- the file ---


def rows_of(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(f"/movements/file.csv{query}")
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_file_holds_every_row_of_the_list_with_amounts_to_compute_with(valley: Valley) -> None:
    a_full_life(valley)

    header, *rows = rows_of(client_of(valley.bruno))

    change = header.index("Cambio dei crediti")
    cents = [round(float(row[change].replace(",", ".")) * 100) for row in rows]
    assert len(rows) == len(of_bruno(valley))
    assert sum(cents) == 0


def test_the_file_follows_the_filters(valley: Valley) -> None:
    a_full_life(valley)

    _header, *rows = rows_of(client_of(valley.bruno), "?kind=gifts")

    assert [row[2] for row in rows] == ["Botteghe di paese"]


def test_nothing_in_the_file_runs_as_a_formula(valley: Valley) -> None:
    Node.objects.filter(pk=valley.cast.roncolago_id).update(name='=HYPERLINK("x")')
    valley.buy(1_000, seller=valley.cast.roncolago_id)

    [_header, row] = rows_of(client_of(valley.bruno))

    assert row[2] == '\'=HYPERLINK("x")'


def test_the_file_is_read_in_pieces_and_misses_nothing(valley: Valley) -> None:
    for number in range(7):
        valley.buy(1_000, at=NOON - timedelta(days=number))
    valley.give(20)

    rows = list(all_movements(member_id=valley.bruno.id, at_once=3))

    assert [row.moment for row in rows] == [row.moment for row in of_bruno(valley)]
