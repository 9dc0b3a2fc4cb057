"""
Two communities to look at besides the demo: one that has just been opened, and one that is full.

    RECIPROCA_DATA_DIR=DIR .venv/bin/python scripts/communities.py empty    # a new DIR
    RECIPROCA_DATA_DIR=DIR .venv/bin/python scripts/communities.py full     # a copy of the demo's

`empty` holds one federation and one cooperative, who works there and one member, and nothing else.
`full` adds to the demo names of 120 characters, 3,000 cooperatives, 40 projects, 60 notices for the
first member, who also buys 600 times, 2,000 sales of today at a till, and amounts of nine figures.
Everything goes through the actions of real use, and is invented. `scripts/tour.py` walks there.
"""

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from reciproca.cli.house import open_house

COOPERATIVES, WITH_LONG_NAMES, PROJECTS, NOTICES, NEWCOMERS = 3_000, 60, 40, 60, 300
SALES_TODAY, SALES_TO_ONE, HELD = 2_000, 600, 30
LARGEST_CENTS = 123_456_789
LONG = (
    "Cooperativa sociale agricola di consumo e di servizi alle comunità delle Valli di Non, Sole,"
    " Rabbi, Peio e Bresimo-Altopiano"
)
LONG_PERSON = ("Maria Assunta Giuseppina Annunziata", "Dell’Antonio Franceschini von Hohenbühel")
WORDS = ("Latte", "Bosco", "Pane", "Cura", "Sentieri", "Luce", "Orto", "Malga", "Officina", "Voci")
SECTORS = ("consumer", "agriculture", "social", "services", "energy", "culture", "other")
CLES = "022062"


def empty() -> None:
    """Open a community: its officer, one cooperative with a manager and a till, one member."""
    from tests import makers

    from reciproca.registry import actions as registry
    from reciproca.registry.forms import OrganisationIn

    federation = registry.open_community(
        name="Comunità della Val di Non",
        federation=OrganisationIn(name="Federazione della Val di Non", municipality=CLES),
        opened_by=None,
        opened_at=makers.NOON,
    )
    shop = makers.make_organisation(name="Famiglia Cooperativa di Cles", municipality=CLES)
    makers.make_member(name="Olga Nardelli", acts_for=federation, role="officer")
    makers.make_member(name="Ada Bertoldi", member_of=shop, acts_for=shop, role="manager")
    makers.make_member(name="Elsa Dallago", acts_for=shop, role="till")
    makers.make_member(name="Bruno Fedrizzi", member_of=shop)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where most of it happens: the first member, the shop whose till is full, its federation."""

    member: UUID
    shop: UUID
    federation: UUID
    now: datetime


def full() -> None:
    """Fill the demo's community to the brim."""
    from django.utils import timezone

    from reciproca.demo.personas import PERSONAS
    from reciproca.registry.models import Mandate, Node

    first = next(each for each in PERSONAS if each.role is None)
    held = Mandate.objects.order_by("id").filter(person__user__isnull=False)
    scene = Scene(
        member=Node.objects.get(name=f"{first.first_name} {first.last_name}").id,
        shop=held.filter(role="till")[0].organisation_id,
        federation=held.filter(role="officer")[0].organisation_id,
        now=timezone.now(),
    )
    _organisations(scene)
    _projects(scene)
    _people(scene)
    _notices(scene)
    _purchases(scene)
    _till(scene)


def _organisations(scene: Scene) -> None:
    from reciproca.registry import actions as registry
    from reciproca.registry.forms import OrganisationIn
    from reciproca.registry.models import Municipality

    places = list(Municipality.objects.order_by("istat_code").values_list("istat_code", flat=True))
    registry.register_organisations(
        organisations=[
            OrganisationIn(
                name=f"{LONG} {number}" if number < WITH_LONG_NAMES else _name(number),
                sector=SECTORS[number % len(SECTORS)],
                municipality=places[number * 37 % len(places)],
                description=f"{LONG}. " * (number % 4),
            )
            for number in range(COOPERATIVES)
        ],
        recorded_by=None,
        recorded_at=scene.now,
    )
    registry.change_organisation(
        node_id=scene.shop,
        organisation=OrganisationIn(
            name=LONG, sector="consumer", municipality=CLES, description=f"{LONG}. " * 4
        ),
        changed_by=scene.member,
        changed_at=scene.now,
    )


def _name(number: int) -> str:
    return f"{WORDS[number % 10]} {WORDS[number // 10 % 10]} {number}"


def _projects(scene: Scene) -> None:
    from reciproca.registry import actions as registry

    for number in range(PROJECTS):
        registry.create_fund(
            kind="project",
            name=f"{_name(number)}: {LONG}"[: 120 if number % 3 else 16],
            description=f"{LONG}. " * (number % 5),
            held_by=scene.federation,
            created_by=None,
            created_at=scene.now,
        )


def _people(scene: Scene) -> None:
    from reciproca.registry import actions as registry
    from reciproca.registry.forms import PersonIn

    first, last = LONG_PERSON
    people = registry.register_people(
        people=[
            PersonIn(first_name=first, last_name=f"{last} {number}", address=LONG)
            for number in range(NEWCOMERS)
        ],
        recorded_by=None,
        recorded_at=scene.now,
    )
    for person in people:
        registry.apply_for_membership(
            member_id=person,
            cooperative_id=scene.shop,
            applied_on=scene.now.date(),
            recorded_by=None,
            recorded_at=scene.now,
        )


def _notices(scene: Scene) -> None:
    from reciproca.notices import actions as notices

    for number in range(NOTICES):
        notices.tell(
            recipients=[scene.member],
            kind="refund-divided" if number % 2 else "card-refused",
            told_at=scene.now - timedelta(hours=7 * number),
            params={"cooperative": LONG, "seller": LONG, "year": 2025, "amount_cents": 10**8},
            url="/value/",
        )


def _purchases(scene: Scene) -> None:
    from reciproca.purchases.actions import record_sales
    from reciproca.purchases.forms import LineIn, SaleIn

    days = scene.now - timedelta(days=200)
    record_sales(
        sales=[
            SaleIn(
                key=f"full-{number}",
                seller_id=scene.shop,
                buyer_id=scene.member,
                happened_at=days + timedelta(hours=8 * number),
                lines=(LineIn(LONG[:40], LARGEST_CENTS if number % 50 == 0 else 1_234 + number),),
            )
            for number in range(SALES_TO_ONE)
        ],
        recorded_by=None,
        recorded_at=scene.now,
    )


def _till(scene: Scene) -> None:
    from reciproca.purchases.actions import record_sales
    from reciproca.purchases.forms import LineIn, SaleIn
    from reciproca.registry.models import Membership
    from reciproca.tills import actions as tills
    from reciproca.tills.access import DeviceHere
    from reciproca.tills.actions.selling import note_sales
    from reciproca.tills.models import Device, HeldSale, Till

    till = Till.objects.filter(organisation=scene.shop).order_by("id")[0]
    tills.pair_device(
        till_id=till.id,
        organisation_id=scene.shop,
        name=f"Tablet {LONG}"[:60],
        paired_by=None,
        paired_at=scene.now,
    )
    device = Device.objects.filter(till=till).order_by("-id")[0]
    members = Membership.objects.filter(cooperative=scene.shop, state="registered")
    buyers = list(members.order_by("id").values_list("member_id", flat=True)[:200])
    sold = record_sales(
        sales=[
            SaleIn(
                key=f"till:full-{number}",
                seller_id=scene.shop,
                buyer_id=buyers[number % len(buyers)],
                happened_at=scene.now - timedelta(seconds=15 * number),
                lines=(LineIn("", LARGEST_CENTS if number % 100 == 0 else 500 + number),),
            )
            for number in range(SALES_TODAY)
        ],
        recorded_by=None,
        recorded_at=scene.now,
    )
    here = DeviceHere(device.id, device.name, till.id, till.name, till.day_number, scene.shop, LONG)
    note_sales([each.purchase_id for each in sold], here, till.day_number, buyers[0], scene.now)
    HeldSale.objects.bulk_create(
        HeldSale(
            organisation_id=scene.shop,
            till=till,
            device=device,
            key=f"full-{number}",
            payload="{}",
            code="sale-malformed",
            total_cents=LARGEST_CENTS,
            happened_at=scene.now,
            received_at=scene.now,
        )
        for number in range(HELD)
    )


if __name__ == "__main__":
    open_house(migrate=True)
    from django.db import transaction

    with transaction.atomic():
        {"empty": empty, "full": full}[sys.argv[1]]()
