from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from tests.makers import make_organisation

from reciproca.governance.models import Policy
from reciproca.imports import queries
from reciproca.imports.columns import ColumnsMissing
from reciproca.imports.mapping import MappingRefused
from reciproca.imports.models import Import
from reciproca.imports.refusals import DatesUnclear
from reciproca.ledger.queries import BALANCE
from reciproca.purchases.models import Line, MonthTotal, Purchase
from reciproca.purchases.reading import reading
from reciproca.purchases.reading.nodes import make_people
from reciproca.purchases.tests.community import Community, credit_of, make_community, owed
from reciproca.purchases.tests.files import CREATING, RECEIVED, bring_in, check, undo
from reciproca.registry.actions import issue_cards
from reciproca.registry.actions.checks import ExternalIdTaken
from reciproca.registry.models import Card, ExternalId, Membership, Node, Organisation, Person
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db

HEADER = "socio;cooperativa;data;importo\n"


@pytest.fixture
def community() -> Community:
    community = make_community()
    for code, node in {"ADA": community.ada, "BRUNO": community.bruno}.items():
        ExternalId.objects.create(node=node, source="import", value=code)
    ExternalId.objects.create(node=community.lievito, source="import", value="LIEVITO")
    return community


def reasons(done: Import) -> dict[str, int]:
    return {reason.code: reason.count for reason in queries.reasons(import_id=done.pk)}


def units() -> dict[str, tuple[int, int]]:
    """Return per unit what all balances sum to, and how much is outstanding on one side."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit, sum(balance)::bigint, sum(abs(balance))::bigint FROM"
            f" (SELECT a.unit, {BALANCE} AS balance FROM ledger_account a) AS kept GROUP BY unit"
        )
        return {unit: (total, outstanding) for unit, total, outstanding in cursor.fetchall()}


def test_a_file_gives_value_back_like_a_till(tmp_path: Path, community: Community) -> None:
    done = bring_in(
        HEADER + "ADA;LIEVITO;2/6/2025 10:00;23,00\nBRUNO;LIEVITO;2/6/2025;10\n", tmp_path
    )

    assert (done.accepted_count, done.refused_count, done.amount_cents) == (2, 0, 3_300)
    first, second = Purchase.objects.order_by("id")
    assert (first.total_cents, first.value_cents, first.member_cents) == (2_300, 115, 47)
    assert (first.imported_by_id, second.buyer_id) == (done.pk, community.bruno.id)
    assert credit_of(community.ada) == 47
    assert owed(community.lievito) < 0
    assert done.findings["value_cents"] == 165
    assert done.findings["rows_before_policy"] == 0
    assert MonthTotal.objects.get().total_cents == 3_300


def test_people_and_sellers_are_made_when_the_mapping_says_so(
    tmp_path: Path, community: Community
) -> None:
    text = HEADER + "A1;N9;2/6/2025;10\nA2;N9;3/6/2025;10\nA1;N8;1/2/2025;10\n"

    seen = check(text, tmp_path, **CREATING)
    done = bring_in(text, tmp_path, **CREATING)

    assert seen.findings["new_members"] == 2
    assert seen.findings["new_sellers"] == 2
    assert seen.findings["new_seller_names"] == ["Cooperativa N8", "Cooperativa N9"]
    assert (seen.findings["first_on"], seen.findings["last_on"]) == ("2025-02-01", "2025-06-03")
    assert Purchase.objects.filter(value_cents=50).count() == 3
    assert done.accepted_count == 3
    assert Node.objects.filter(name__in=["Socio A1", "Cooperativa N9"]).count() == 2


def test_somebody_who_cannot_be_made_refuses_their_own_rows_alone(
    tmp_path: Path, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken_meanwhile(codes: set[str], /, **how: Any) -> dict[str, UUID]:
        if "A2" in codes:
            raise ExternalIdTaken(value="A2")
        return make_people(codes, **how)

    monkeypatch.setattr(reading, "make_people", taken_meanwhile)
    text = HEADER + "A1;N9;2/6/2025;10\nA2;N9;2/6/2025;10\nA3;N9;3/6/2025;10\n"

    done = bring_in(text, tmp_path, good_rows=True, **CREATING)

    assert (done.state, done.accepted_count, done.refused_count) == ("done", 2, 1)
    assert reasons(done) == {"external-id-taken": 1}
    assert Node.objects.filter(name="Cooperativa N9").count() == 1
    assert Purchase.objects.filter(seller__name="Cooperativa N9").count() == 2


def test_the_next_file_finds_the_people_whom_the_first_one_made(
    tmp_path: Path, community: Community
) -> None:
    bring_in(HEADER + "A1;N9;2/6/2025;10\n", tmp_path, **CREATING)

    later = bring_in(HEADER + "A1;N9;3/6/2025;12\n", tmp_path, **CREATING)

    assert later.accepted_count == 1
    assert Node.objects.filter(external_ids__source="till").count() == 2


def test_a_seller_is_found_by_the_very_name_unless_two_share_it(
    tmp_path: Path, community: Community
) -> None:
    text = HEADER + "ADA;PANIFICIO IL LIÈVITO;2/6/2025;10\nADA;Molino Basso;2/6/2025;1,50\n"
    Node.objects.create(kind="cooperative", name="Molino Basso")

    done = bring_in(text, tmp_path, good_rows=True)

    assert done.accepted_count == 1
    assert reasons(done) == {"organisation-unclear": 1}


@pytest.mark.parametrize(
    "called",
    [
        "IL LIEVITO SOC. COOP. A R.L.",
        "Lievito, società cooperativa",
        "il  lievito - S.C.",
        "Liévito",
    ],
)
def test_a_seller_is_found_by_its_name_whatever_the_legal_form(
    tmp_path: Path, community: Community, called: str
) -> None:
    Node.objects.filter(pk=community.lievito.id).update(name="Il Lievito soc. coop.")

    done = bring_in(HEADER + f'ADA;"{called}";2/6/2025;10\n', tmp_path)

    assert done.accepted_count == 1
    assert Purchase.objects.get().seller_id == community.lievito.id


def test_a_name_that_several_bear_is_refused_with_the_codes_to_choose_from(
    tmp_path: Path, community: Community
) -> None:
    for name, code in (("Il Ponte", "01844160208"), ("Ponte soc. coop.", "02184190961")):
        node = Node.objects.create(kind="cooperative", name=name)
        Organisation.objects.create(node=node, legal_name=name, tax_code=code)
    text = HEADER + "ADA;PONTE S.C.;2/6/2025;10\nADA;Torre;2/6/2025;10\nADA;12;2/6/2025;10\n"

    done = bring_in(text, tmp_path, good_rows=True)
    making = check(text, tmp_path, sellers="create")

    assert reasons(done) == {"organisation-unclear": 1, "seller-not-found": 2}
    unclear, unknown, _code = queries.refused_rows(import_id=done.pk)
    assert "Il Ponte (01844160208); Ponte soc. coop. (02184190961)" in unclear.reason
    assert "codice fiscale" in unknown.reason
    assert reasons(making) == {"organisation-unclear": 1}


def test_one_code_written_in_several_ways_is_one_seller_and_one_member(
    tmp_path: Path, community: Community
) -> None:
    Organisation.objects.update_or_create(
        node_id=community.lievito.id,
        defaults={"tax_code": "01844160208", "vat_number": "02184190961"},
    )
    Person.objects.update_or_create(
        node_id=community.ada.id, defaults={"tax_code": "RSSDAA80A41L378G"}
    )
    people = ["RSSDAA80A41L378G", "rssdaa80a41l378g", "RSS DAA 80A41 L378G"]
    sellers = ["01844160208", "1844160208", "IT01844160208", "IT 02184190961", "1844160208.0"]
    rows = [f"{who};{shop};2/6/2025;10\n" for who in people for shop in sellers]

    done = bring_in(HEADER + "".join(rows), tmp_path)

    assert done.accepted_count == 15


def test_somebody_unknown_is_refused_with_the_row(tmp_path: Path, community: Community) -> None:
    text = HEADER + "CARLA;LIEVITO;2/6/2025;10\nADA;MOLINO;2/6/2025;10\nADA;LIEVITO;2/6/2025;9\n"

    done = bring_in(text, tmp_path, good_rows=True)

    assert reasons(done) == {"member-not-found": 1, "seller-not-found": 1}
    assert done.accepted_count == 1
    [first, _second] = queries.refused_rows(import_id=done.pk)
    assert "CARLA" in first.reason


def test_unknown_people_may_be_recorded_as_nobodys_purchases(
    tmp_path: Path, community: Community
) -> None:
    text = HEADER + "CARLA;LIEVITO;2/6/2025;10\n;LIEVITO;2/6/2025;10\n"

    done = bring_in(text, tmp_path, members="nobody")
    without_card = bring_in(HEADER + ";LIEVITO;9/6/2025;1\n", tmp_path, members={"empty": "nobody"})

    assert (done.accepted_count, without_card.accepted_count) == (2, 1)
    assert Purchase.objects.filter(buyer=None, value_cents=0).count() == 3


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("ADA;LIEVITO;ieri;10", "bad-date"),
        ("ADA;LIEVITO;2/6/2199;10", "bad-date"),
        ("ADA;LIEVITO;2/6/2034;10", "happened-in-future"),
        ("ADA;LIEVITO;2/6/2025;dieci", "amount-unreadable"),
        ("ADA;LIEVITO;2/6/2025;10,005", "amount-too-precise"),
        ("ADA;LIEVITO;2/6/2025;999999999999", "amount-too-large"),
        ("ADA;LIEVITO;2/6/2025;200000000", "amount-too-large"),
        (";LIEVITO;2/6/2025;10", "cell-missing"),
        ("ADA;;2/6/2025;10", "cell-missing"),
        ("ADA;LIEVITO;;10", "cell-missing"),
        ("ADA;LIEVITO;2/6/2025;", "cell-missing"),
        ("ADA;LIEVITO", "cell-missing"),
        ("ADA;LIEVITO;2/6/2025;10;20", "row-too-wide"),
        ("A" * 200 + ";LIEVITO;2/6/2025;10", "code-too-long"),
    ],
)
def test_each_kind_of_bad_row_has_its_own_reason(
    tmp_path: Path, community: Community, row: str, code: str
) -> None:
    good = "ADA;LIEVITO;1/6/2025;1,50\n"

    done = bring_in(HEADER + good + row + "\n", tmp_path, good_rows=True)

    assert reasons(done) == {code: 1}
    [refused] = queries.refused_rows(import_id=done.pk)
    assert refused.reason not in ("", code)
    assert done.accepted_count == 1


def test_a_file_that_writes_the_month_first_is_not_half_read_wrong(
    tmp_path: Path, community: Community
) -> None:
    text = HEADER + "ADA;LIEVITO;2/6/2025 10:00;10\nADA;LIEVITO;2/14/2025 11:30;10\n"

    with pytest.raises(DatesUnclear) as refusal:
        bring_in(text, tmp_path, good_rows=True)
    done = bring_in(text, tmp_path, file={"date_format": "%m/%d/%Y"})

    assert "2/14/2025" in str(refusal.value)
    assert done.accepted_count == 2
    assert {each.happened_at.month for each in Purchase.objects.all()} == {2}


def test_zero_moves_nothing_and_a_negative_amount_is_a_refund(
    tmp_path: Path, community: Community
) -> None:
    text = HEADER + "ADA;LIEVITO;2/6/2025;20,00\nADA;LIEVITO;2/6/2025;0\nADA;LIEVITO;3/6/2025;-5,00"

    done = bring_in(text, tmp_path)

    assert (done.accepted_count, done.amount_cents) == (3, 1_500)
    assert sorted(Purchase.objects.values_list("kind", "total_cents", "value_cents")) == [
        ("refund", -500, -25),
        ("sale", 0, 0),
        ("sale", 2_000, 100),
    ]


def test_a_purchase_older_than_any_policy_is_recorded_and_moves_nothing(
    tmp_path: Path, community: Community
) -> None:
    text = HEADER + "ADA;LIEVITO;2/6/2024;20,00\nADA;LIEVITO;2/6/2025;20,00\n"

    seen = check(text, tmp_path)
    done = bring_in(text, tmp_path)

    assert seen.findings["rows_before_policy"] == 1
    assert done.findings["rows_before_policy"] == 1
    assert Purchase.objects.filter(policy=None, value_cents=0).count() == 1


def test_a_mapping_may_name_the_policy_to_apply(tmp_path: Path, community: Community) -> None:
    digest = Policy.objects.get().digest
    text = HEADER + "ADA;LIEVITO;2/6/2024;20,00\n"

    done = bring_in(text, tmp_path, policy=digest)

    purchase = Purchase.objects.get()
    assert (purchase.policy_id, purchase.value_cents) == (digest, 100)
    assert purchase.expires_on is not None
    assert purchase.expires_on.year > 2025
    assert done.findings["rows_before_policy"] == 0


def test_rows_older_than_their_sellers_promise_are_counted_and_move_nothing(
    tmp_path: Path, community: Community
) -> None:
    late = make_organisation(name="Il Ponte", tax_code="01844160208")
    valueback.commit_rate(
        seller_id=late, rate_bp=500, valid_from=date(2025, 6, 10), recorded_by=None
    )
    shops = ("01844160208;2/6/2025", "01844160208;10/6/2025", "N9;2/6/2025")
    rows = "".join(f"ADA;{shop};20,00\n" for shop in shops)
    making = {"sellers": CREATING["sellers"]}
    promising_nothing = {"sellers": {**CREATING["sellers"], "rate_bp": 0, "source": "other"}}

    seen = check(HEADER + rows, tmp_path, **making)
    of_nothing = check(HEADER + rows, tmp_path, **promising_nothing)
    done = bring_in(HEADER + rows, tmp_path, good_rows=True, **making)

    assert (seen.findings["rows_without_rate"], seen.findings["rows_before_policy"]) == (1, 0)
    assert of_nothing.findings["rows_without_rate"] == 2
    assert done.findings["rows_without_rate"] == 1
    assert Purchase.objects.filter(value_cents=0).count() == 1


def test_a_policy_that_nobody_adopted_is_refused(tmp_path: Path, community: Community) -> None:
    with pytest.raises(MappingRefused):
        bring_in(HEADER + "ADA;LIEVITO;2/6/2024;20,00\n", tmp_path, policy="0" * 64)


def test_lines_of_a_receipt_become_one_purchase(tmp_path: Path, community: Community) -> None:
    text = (
        "scontrino;socio;cooperativa;data;importo;reparto;articolo;qta\n"
        "7;ADA;LIEVITO;2/6/2025;2,00;pane;pagnotta;1\n"
        "8;BRUNO;LIEVITO;2/6/2025;5,00;pane;;\n"
        "7;ADA;LIEVITO;2/6/2025;3,00;dolci;torta;2\n"
    )

    done = bring_in(text, tmp_path, grouping={"by": "basket"})

    assert (done.accepted_count, done.findings["purchases"]) == (3, 2)
    basket = Purchase.objects.get(key="7")
    assert basket.total_cents == 500
    lines = Line.objects.filter(purchase=basket).order_by("position")
    assert [(line.category, line.description) for line in lines] == [
        ("pane", "pagnotta"),
        ("dolci", "2 × torta"),
    ]


def test_a_receipt_of_two_people_is_refused(tmp_path: Path, community: Community) -> None:
    text = (
        "scontrino;socio;cooperativa;data;importo\n"
        "7;ADA;LIEVITO;2/6/2025;2,00\n7;BRUNO;LIEVITO;2/6/2025;2,00\n"
    )

    done = bring_in(text, tmp_path, good_rows=True, grouping={"by": "basket"})

    assert reasons(done) == {"basket-mixed": 2}


def test_receipts_of_two_shops_may_have_one_number(tmp_path: Path, community: Community) -> None:
    text = "scontrino;socio;cooperativa;data;importo\n1;A;N1;2/6/2025;2\n1;A;N2;2/6/2025;3\n"

    assert bring_in(text, tmp_path, **CREATING).accepted_count == 2


def test_a_sale_that_the_till_sent_already_is_known_and_a_changed_one_refused(
    tmp_path: Path, community: Community
) -> None:
    head = "scontrino;socio;cooperativa;data;importo\n"
    bring_in(head + "1;ADA;LIEVITO;2/6/2025;2,00\n", tmp_path)

    text = head + "1;ADA;LIEVITO;2/6/2025;2,00\n2;ADA;LIEVITO;2/6/2025;3,00\n"
    longer = bring_in(text, tmp_path)
    changed = bring_in(
        head + "2;ADA;LIEVITO;2/6/2025;4,00\n3;ADA;LIEVITO;2/6/2025;1,50\n",
        tmp_path,
        good_rows=True,
    )

    assert (longer.accepted_count, longer.known_count) == (1, 1)
    assert reasons(changed) == {"key-reused": 1}


def test_credit_that_is_not_there_refuses_its_row_alone(
    tmp_path: Path, community: Community
) -> None:
    text = (
        "socio;cooperativa;data;importo;credito\n"
        "ADA;LIEVITO;2/6/2025;23,00;0\n"
        "ADA;LIEVITO;3/6/2025;10,00;0,40\n"
        "BRUNO;LIEVITO;3/6/2025;10,00;5,00\n"
        "BRUNO;LIEVITO;3/6/2025;10,00;-1,00\n"
    )

    strict = check(text, tmp_path)
    done = bring_in(text, tmp_path, good_rows=True)

    assert strict.refused_count == 1
    assert (done.accepted_count, done.refused_count) == (2, 2)
    assert reasons(done) == {"credit-negative": 1, "not-spendable": 1}
    assert Purchase.objects.get(credit_cents=40).total_cents == 1_000


def test_an_undone_file_leaves_every_unit_as_before_and_may_come_again(
    tmp_path: Path, community: Community
) -> None:
    community.buy(4_000)
    before = units()
    text = HEADER + "ADA;LIEVITO;2/6/2025;23,00\nBRUNO;LIEVITO;2/6/2025;10\nADA;LIEVITO;2/6/2025;0"

    undo(bring_in(text, tmp_path))
    after = units()
    again = bring_in(text, tmp_path)

    assert after == before
    assert (again.accepted_count, again.known_count) == (2, 1)
    assert Purchase.objects.filter(key__endswith="~2").count() == 2
    assert all(total == 0 for total, _outstanding in units().values())


def test_an_undone_basket_that_sums_to_nothing_takes_its_value_back_too(
    tmp_path: Path, community: Community
) -> None:
    for category, rate_bp in (("pane", 1_000), ("vuoti", 0)):
        valueback.commit_rate(
            seller_id=community.lievito.id,
            category=category,
            rate_bp=rate_bp,
            valid_from=date(2025, 1, 1),
            recorded_by=None,
        )
    text = (
        "scontrino;socio;cooperativa;data;importo;categoria\n"
        "7;ADA;LIEVITO;2/6/2025;8,00;pane\n"
        "7;ADA;LIEVITO;2/6/2025;-8,00;vuoti\n"
    )

    done = bring_in(text, tmp_path, grouping={"by": "basket"})
    basket = Purchase.objects.get(key="7")
    undo(done)

    assert (basket.total_cents, basket.value_cents) == (0, 80)
    assert Purchase.objects.get(corrects=basket).value_cents == -80
    assert all(outstanding == 0 for _total, outstanding in units().values())


def test_a_cooperatives_own_file_needs_no_seller_and_knows_its_own_members_alone(
    tmp_path: Path, community: Community
) -> None:
    Membership.objects.create(
        member=community.ada,
        cooperative=community.lievito,
        state="registered",
        number=12,
        applied_on="2024-01-01",
        registered_on="2024-01-01",
    )
    issue_cards(people=[community.bruno.id], issued_by=None, issued_at=RECEIVED)
    card = Card.objects.get(person=community.bruno).number
    text = "socio;data;importo\n" + "".join(
        f"{member};2/6/2025;10\n" for member in ("12", "012", card, "13")
    )

    done = bring_in(text, tmp_path, good_rows=True, organisation_id=community.lievito.id)

    assert reasons(done) == {"member-not-found": 1}
    bought = Purchase.objects.values_list("buyer", "seller")
    assert set(bought) == {
        (community.ada.id, community.lievito.id),
        (community.bruno.id, community.lievito.id),
    }


def test_a_cooperative_makes_nobody(tmp_path: Path, community: Community) -> None:
    with pytest.raises(MappingRefused):
        bring_in(
            "socio;data;importo\n12;2/6/2025;10\n",
            tmp_path,
            organisation_id=community.lievito.id,
            members="create",
        )


def test_a_file_that_says_too_little_is_refused_with_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(ColumnsMissing) as refusal:
        bring_in("masterid,date,cds,euro\n4,1997-01-01,2,29.33\n", tmp_path)

    assert "cooperativa che vende" in str(refusal.value)
    assert "masterid, date, cds, euro" in str(refusal.value)


@pytest.mark.parametrize(
    "options",
    [
        {"members": "invent"},
        {"members": {"unknown": "create", "name": "Socio"}},
        {"sellers": {"unknown": "create", "name": "{value} {other}"}},
        {"sellers": {"rate_bp": 20_000}},
        {"members": {"unknown": "create", "name": "{value:>9999}"}},
        {"members": {"unknown": "create", "name": "S" * 300 + "{value}"}},
        {"members": {"source": "s" * 100}},
        {"policy": "latest"},
        {"polcy": "x"},
    ],
)
def test_options_that_mean_nothing_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(MappingRefused):
        bring_in(HEADER + "A;B;2/6/2025;10\n", tmp_path, **options)


@pytest.mark.parametrize("wrong", [{"sector": "x"}, {"category": "x"}, {"municipality": "999999"}])
def test_sellers_that_could_never_be_made_are_refused_before_anything_is_recorded(
    tmp_path: Path, community: Community, wrong: dict[str, str]
) -> None:
    text = HEADER + "ADA;N9;2/6/2025;10\n"

    with pytest.raises(MappingRefused) as refusal:
        bring_in(text, tmp_path, sellers={"unknown": "create", **wrong})
    later = bring_in(text, tmp_path, sellers={"unknown": "create"})

    assert "“sellers”" in str(refusal.value)
    assert later.accepted_count == 1


def test_reading_asks_the_database_a_number_of_questions_that_does_not_grow(
    tmp_path: Path, community: Community, django_assert_max_num_queries: Any
) -> None:
    rows = "".join(f"A{n};LIEVITO;2/6/2025;1,{n:02}\n" for n in range(90))
    text = HEADER + rows.replace("LIEVITO", str(uuid4())[:8])

    with django_assert_max_num_queries(110):
        bring_in(text, tmp_path, **CREATING)
