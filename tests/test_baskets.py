"""
Nobody but the seller and the member finds a basket: every address that an officer or another
cooperative can ask for is asked for, and what comes back is searched.

The addresses are those of the permission matrix: a new page is searched from its first day on.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import DjangoDbBlocker
from reportlab.pdfgen.textobject import PDFTextObject

from reciproca.control_room.actions import refresh_alerts, refresh_sums
from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.valueback import actions as valueback
from tests.makers import NOON, client_of
from tests.permissions_table import (
    AFTERWARDS,
    API,
    MANAGER_A,
    MANAGER_B,
    MEMBER,
    OBJECTS,
    OFFICER,
    TABLE,
    Objects,
    World,
)
from tests.test_permissions import API_ROOT, OWN, Address, path_of

pytestmark = pytest.mark.django_db

DESCRIPTIONS = ("Puzzone di Moena", "Canederli di nonna Pia")
CATEGORY = "formaggi-di-malga"
LINES = (LineIn(CATEGORY, 61_739, DESCRIPTIONS[0]), LineIn(CATEGORY, 4_357, DESCRIPTIONS[1]))
OTHERS = (1_111, 2_222, 3_333, 4_444, 5_555)
"""What others spend there, so that no sum of the shop is one member's."""

AS_A_PART = {"HX-Request": "true"}
FILTERED = "?year=2025&q=fedrizzi&who=fedrizzi&what=credit&state=settled&view=map&page=1"
PLAINLY: tuple[tuple[str, dict[str, str]], ...] = (("", {}),)
IN_EVERY_WAY = (*PLAINLY, ("", AS_A_PART), (FILTERED, {}))
"""How a page is asked for: its query, and the headers."""


@dataclass
class Basket:
    """What must not be found: of one member's purchases, and amounts where they are named."""

    names: set[str]
    words: set[str] = field(default_factory=lambda: {*DESCRIPTIONS, CATEGORY})
    amounts: set[str] = field(default_factory=set)

    def found_in(self, text: str) -> set[str]:
        """Return what a text gives away."""
        given = {word for word in self.words if word in text}
        if any(name in text for name in self.names):
            given |= {each for each in self.amounts if each in text}
        return given


@dataclass
class Searched:
    """The community, with a basket of Bruno's at cooperative A; he shops nowhere else."""

    world: World
    basket: Basket
    purchase_id: UUID


@pytest.fixture(scope="module")
def searched(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Searched]:
    whole = transaction.atomic()
    # As Django's own TestCase marks it: what insists on a commit of its own commits within it.
    whole._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), whole:
        yield lived()
        transaction.set_rollback(True)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what PDFs say while they are drawn: in the file its letters are glyphs."""
    texts: list[str] = []
    draw: Callable[..., None] = PDFTextObject.__dict__["_textOut"]

    def note(self: PDFTextObject, text: str, TStar: int = 0) -> None:  # noqa: N803 - its own name
        texts.append(text)
        draw(self, text, TStar)

    monkeypatch.setattr(PDFTextObject, "_textOut", note)
    return texts


def lived() -> Searched:
    """Let Bruno and others buy at A, and Carla spend credit of A at B, so that there are debts."""
    world = World()
    cast = world.cast
    basket = Basket(names={"Fedrizzi", cast.bruno.card, str(cast.bruno.id)})
    for seller in (world.a, cast.roncolago_id):
        valueback.commit_rate(
            seller_id=seller, rate_bp=500, valid_from=(NOON + timedelta(1)).date(), recorded_by=None
        )
    for number, credit in enumerate((0, 293)):
        sale = SaleIn(
            f"scontrino-{number}", world.a, cast.bruno.id, AFTERWARDS, LINES, credit_cents=credit
        )
        sold = record_sale(sale=sale, recorded_by=None, recorded_at=AFTERWARDS)
        basket.words |= {str(sold.id), sale.key}
    basket.words |= {str(world.purchase.id), str(world.gift.id), str(world.expired_lot.id)}
    for cents in (61_739, 4_357, 66_096, 293):
        basket.amounts |= written(cents)
    for number, cents in enumerate(OTHERS):
        sale = SaleIn(f"altro-{number}", world.a, cast.carla.id, AFTERWARDS, (LineIn("", cents),))
        record_sale(sale=sale, recorded_by=None, recorded_at=AFTERWARDS)
    spent = SaleIn(
        "speso", cast.roncolago_id, cast.carla.id, AFTERWARDS, (LineIn("", 1_000),), 100, up_to=True
    )
    record_sale(sale=spent, recorded_by=None, recorded_at=AFTERWARDS)
    refresh_sums()
    refresh_alerts(at=AFTERWARDS)
    return Searched(world, basket, sold.id)


def written(cents: int) -> set[str]:
    """Return an amount as pages and files write it, in either language, and as JSON has it."""
    euro, rest = divmod(cents, 100)
    plain = {f"{euro}{mark}{rest:02}" for mark in ",."}
    return plain | {f'_cents": {cents}', f'_cents":{cents}'}


def places_of(address: Address, searched: Searched) -> list[str]:
    """Return an address as it is: about what the matrix names, the very basket, this year, B."""
    own, b = TABLE[address.name].objects, searched.world.cast.roncolago_id
    basket: Objects = {"purchase_id": lambda _world: searched.purchase_id, "year": lambda _: 2026}
    others: Objects = {"node_id": lambda _world: b}
    known: tuple[Objects, ...] = ({}, basket, others)
    return sorted({path_of(address, searched.world, {**own, **each}) for each in known})


def text_of(answer: HttpResponseBase, drawn: list[str]) -> str:
    """Return all that an answer says: pages, tables, JSON, archives, PDFs."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    said = [*drawn, str(dict(answer.headers))]
    drawn.clear()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            said += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join([*said, content.decode("utf-8", "replace")])


def asked(
    client: Client, path: str, drawn: list[str], headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """Ask, take back what happens, and return the status and the text, without what we asked."""
    with transaction.atomic():
        answer = client.get(path, headers=headers or {})
        text = text_of(answer, drawn)
        transaction.set_rollback(True)
    place = path.partition("?")[0]
    return answer.status_code, text.replace(path, "").replace(place, "")


def given_away(
    searched: Searched,
    client: Client,
    drawn: list[str],
    ways: tuple[tuple[str, dict[str, str]], ...] = IN_EVERY_WAY,
) -> tuple[list[str], set[str]]:
    """Ask for every page and return what was found, and which pages answered."""
    found, opened = [], set()
    readable = [each for each in OWN if "GET" in TABLE[each.name].methods]
    for address, place in (
        (each, place) for each in readable for place in places_of(each, searched)
    ):
        for query, headers in ways:
            status, text = asked(client, place + query, drawn, headers)
            if status == 200:
                opened.add(address.name)
            if secrets := searched.basket.found_in(text):
                found.append(f"{place}{query}: {sorted(secrets)}")
    return found, opened


def let_in(persona: str) -> set[str]:
    return {name for name, row in TABLE.items() if persona in row.methods.get("GET", ())}


@pytest.mark.parametrize("persona", [OFFICER, MANAGER_B])
def test_nothing_that_an_officer_or_another_cooperative_reaches_shows_a_basket(
    persona: str, searched: Searched, drawn: list[str]
) -> None:
    client = client_of(searched.world.person(persona))

    found, opened = given_away(searched, client, drawn)

    assert not found, "\n".join(found)
    # Nearly every page that lets them in showed itself: the search did not knock at closed doors.
    assert len(opened) > len(let_in(persona)) * 3 / 4, sorted(let_in(persona) - opened)


def test_another_member_and_a_stranger_find_no_basket_either(
    searched: Searched, drawn: list[str]
) -> None:
    for client in (client_of(searched.world.cast.carla), Client()):
        found, _opened = given_away(searched, client, drawn, PLAINLY)
        assert not found, "\n".join(found)


def test_the_key_of_another_cooperative_finds_no_basket(
    searched: Searched, drawn: list[str]
) -> None:
    world, found = searched.world, []
    for method, template in API:
        if method != "GET":
            continue
        names = re.findall(r"{(\w+)}", template)
        known = {name: OBJECTS[name](world) for name in names} | {
            "purchase_id": searched.purchase_id
        }
        path = API_ROOT + template.format(**known)
        for query in ("", "?limit=1000&year=2025", f"?buyer={world.cast.bruno.id}"):
            _status, text = asked(Client(), path + query, drawn, world.api_headers(MANAGER_B))
            found += [path for _ in searched.basket.found_in(text)]
    assert not found


@pytest.mark.parametrize(
    ("persona", "name"),
    [
        (MEMBER, "web:purchase"),
        (MEMBER, "lists:movements"),
        (MEMBER, "web:my_year_pdf"),
        (MEMBER, "web:own_data_json"),
        (MEMBER, "web:own_data_tables"),
        (MANAGER_A, "purchases:detail"),
        (MANAGER_A, "lists:purchases"),
    ],
)
def test_the_search_finds_the_basket_where_it_may_be(
    persona: str, name: str, searched: Searched, drawn: list[str]
) -> None:
    """Were the search blind to tables, archives or PDFs, finding nothing would prove nothing."""
    client = client_of(searched.world.person(persona))
    [address] = [each for each in OWN if each.name == name]

    said = [asked(client, place, drawn) for place in places_of(address, searched)]

    assert [status for status, _text in said if status != 200] == []
    assert any(searched.basket.found_in(text) for _status, text in said)


def test_the_search_finds_the_basket_in_what_the_sellers_own_key_reads(
    searched: Searched, drawn: list[str]
) -> None:
    key = searched.world.api_headers(MANAGER_A)
    status, text = asked(Client(), f"{API_ROOT}/purchases/{searched.purchase_id}", drawn, key)

    assert status == 200
    assert searched.basket.found_in(text)
