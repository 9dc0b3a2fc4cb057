"""
What the journeys find when they begin; run as a program, because a browser and the ORM do not mix.

    python -m tests.journeys.build small|empty|unopened

`small` is the demo with few people, and a little more: purchases of today for who stands at the
till, some of the year before the demo's, which no cooperative has closed, and a till whose
operators have their codes. `empty` is a community in which nobody has bought anything yet and no
policy is adopted. `unopened` is a new house, in which nobody has opened a community.
"""

import sys
from datetime import datetime, timedelta
from uuid import UUID

from reciproca.cli.house import open_house

PEOPLE, PURCHASES = 260, 5_000
SALES_TODAY, SALES_BEFORE = 3, 40
SHOP, TILL = "Famiglia Cooperativa Valchiara", "Cassa 1"
CODES = {"davide": "48213", "paola": "90517"}
MARTAS_PIN = "73105"


def small() -> None:
    """Build the small community of the demo and what the journeys need beside it."""
    from django.utils import timezone

    from reciproca.demo import build as demo

    now = timezone.now()
    year = demo.default_year(today=timezone.localdate())
    demo.build(year=year, now=now, size=demo.Size(people=PEOPLE, purchases=PURCHASES))
    december = datetime(year - 1, 12, 1, 9, tzinfo=timezone.get_current_timezone())
    _sell(count=SALES_BEFORE, begun_at=december, now=now)
    _sell(count=SALES_TODAY, begun_at=now - timedelta(seconds=30), now=now)
    _let_operators_in(now)
    _fill_the_square(now)


def _let_operators_in(now: datetime) -> None:
    """Give a code to who stands at the till of the village shop, and Marta's card a PIN."""
    from reciproca.demo.personas import PERSONAS
    from reciproca.registry.actions import set_pin
    from reciproca.registry.models import Node
    from reciproca.tills import actions as tills

    shop = Node.objects.get(name=SHOP)

    def person(key: str) -> UUID:
        found = next(each for each in PERSONAS if each.key == key)
        return Node.objects.get(name=f"{found.first_name} {found.last_name}").id

    for key, code in CODES.items():
        tills.set_code(
            person_id=person(key), organisation_id=shop.id, code=code, set_by=None, set_at=now
        )
    set_pin(person_id=person("marta"), pin=MARTAS_PIN, set_by=None, set_at=now)


def _sell(*, count: int, begun_at: datetime, now: datetime) -> None:
    """Record sales of the village shop to its members, one a second."""
    from reciproca.purchases.actions import record_sales
    from reciproca.purchases.forms import LineIn, SaleIn
    from reciproca.registry.models import Membership, Node

    shop = Node.objects.get(name=SHOP)
    members = Membership.objects.filter(cooperative=shop).order_by("id")[:10]
    sales = [
        SaleIn(
            key=f"journeys-{begun_at.year}-{number}",
            seller_id=shop.id,
            buyer_id=members[number % len(members)].member_id,
            happened_at=begun_at + timedelta(seconds=number),
            lines=(LineIn("Alimentari", 1_050 + 100 * number), LineIn("Casa", 333)),
        )
        for number in range(count)
    ]
    record_sales(sales=sales, recorded_by=None, recorded_at=now)


def _fill_the_square(now: datetime) -> None:
    """Let the village shop and two more cooperatives offer something."""
    from uuid import uuid4

    from reciproca.market import actions
    from reciproca.market.forms import OfferIn, PickupIn
    from reciproca.registry.models import Node

    sellers = Node.objects.filter(kind="cooperative", municipality__isnull=False)
    others = sellers.exclude(name=SHOP).order_by("name")[:2]
    goods = [
        [("Mele renette", "ortofrutta", "kg", 239), ("Pagnotta di segale", "pane", "piece", 420)],
        [("Miele di castagno", "dispensa", "piece", 750)],
        [("Formaggio di malga", "latticini", "kg", 1_999)],
    ]
    for seller, offered in zip([sellers.get(name=SHOP), *others], goods, strict=True):
        place = str(seller.municipality_id)
        told = PickupIn("Bottega", place, "Via Roma 1", "da lunedì a sabato, 8–12")
        point = actions.open_pickup(seller_id=seller.id, pickup=told, opened_at=now)
        offers = [
            OfferIn(
                key=uuid4(),
                seller_id=seller.id,
                kind="goods",
                category=category,
                title=title,
                unit=unit,
                price_cents=cents,
                step_milli=500 if unit == "kg" else 1_000,
                stock_milli=20_000,
                pickup_id=point.id,
                grown_in=place,
            )
            for title, category, unit, cents in offered
        ]
        actions.make_offers(offers=offers, made_by=None, made_at=now)


def empty() -> None:
    """Let the standing cast open a community; each logs in as ada@example.org and the like."""
    from dataclasses import fields

    from allauth.account.models import EmailAddress

    from tests.makers import Member, make_cast

    cast = make_cast()
    for each in fields(cast):
        member = getattr(cast, each.name)
        if isinstance(member, Member):
            member.user.email = f"{each.name}@example.org"
            member.user.save()
            EmailAddress.objects.filter(user=member.user).update(email=member.user.email)


def unopened() -> None:
    """Leave the house as a new one is: its tables, and nothing in them."""


if __name__ == "__main__":
    open_house(migrate=True)
    {"small": small, "empty": empty, "unopened": unopened}[sys.argv[1]]()
