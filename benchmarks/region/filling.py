"""
Filling an empty database with a region.

Nothing is written past the rules: people, registers and purchases go in through their rooms' own
batches. Purchases are unevenly spread, as people are: the hundred who buy most have about three
hundred each.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.utils import timezone

from reciproca.governance import actions as governance
from reciproca.governance.forms import AdoptionIn, ResolutionIn
from reciproca.notices import actions as notices
from reciproca.purchases import actions as purchases
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.registry import actions as registry
from reciproca.registry.forms import MemberIn, OrganisationIn, PersonIn
from reciproca.registry.models import User
from reciproca.registry.telling import CARD_REPLACED
from reciproca.valueback import actions as valueback

MEMBERS, COOPERATIVES, PURCHASES = 100_000, 700, 1_000_000
PEOPLE_AT_ONCE, SALES_AT_ONCE = 5_000, 5_000
PLACES = ("022205", "022161", "022139", "022153", "022062", "022009", "022147", "021008")
NAMES = ("Panificio", "Caseificio", "Famiglia cooperativa", "Agricola", "Energia", "Mobilità")
GOODS = ("Pane", "Latte e yogurt", "Frutta e verdura", "Uova", "Farina", "Formaggio")
SECTORS = ("consumer", "agriculture", "social", "energy", "mobility", "culture")
SPENDS_CREDIT, GIVES_BACK = 0.1, 0.01
PLACES_EACH = 12


@dataclass(frozen=True, slots=True)
class Region:
    """The members, those who buy most first."""

    members: Sequence[UUID]

    def client_of(self, member: UUID) -> Client:
        """Return a browser where a member is signed in."""
        user = User.objects.create_user(f"{member}@example.org", person_id=member)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client


def make_region() -> Region:
    """Fill the database; takes some minutes, most of them for the purchases."""
    chance, now = random.Random("region"), timezone.now()
    federation = registry.open_community(
        name="Regione", federation=OrganisationIn(name="Federazione"), opened_by=None, opened_at=now
    )
    sellers = list(_cooperatives(chance, now))
    _adopt_policy(federation, now)
    members = list(_people(chance, now))
    _registers(chance, members, sellers, now)
    notices.tell(recipients=members, kind=CARD_REPLACED, told_at=now)
    for batch in _sales(chance, members, sellers, now):
        purchases.record_sales(sales=batch, recorded_by=None, recorded_at=now)
    purchases.refresh_month_totals(since=now - timedelta(days=1))
    with connection.cursor() as cursor:
        # What autovacuum does within a minute in a database that is in use.
        cursor.execute("VACUUM ANALYZE")
    return Region(members)


def _cooperatives(chance: random.Random, now: datetime) -> Iterator[UUID]:
    for number in range(COOPERATIVES):
        seller = registry.register_organisation(
            organisation=OrganisationIn(
                name=f"{chance.choice(NAMES)} {number}",
                sector=chance.choice(SECTORS),
                municipality=chance.choice(PLACES),
            ),
            recorded_by=None,
            recorded_at=now,
        )
        valueback.commit_rate(
            seller_id=seller,
            rate_bp=chance.randint(100, 1_000),
            valid_from=date(now.year - 2, 1, 1),
            recorded_by=None,
        )
        yield seller


def _adopt_policy(federation: UUID, now: datetime) -> None:
    first_day = date(now.year - 1, 1, 1)
    funds = {
        key: registry.create_fund(
            kind="fund", name=name, held_by=federation, created_by=None, created_at=now
        )
        for key, name in (("common", "Fondo comune"), ("territory", "Territorio"))
    }
    branches = [
        {"key": "member", "name": {"it": "A te", "en": "You"}, "share": "2/5", "node": None},
        *(
            {"key": key, "name": {"it": key, "en": key}, "share": "3/10", "node": str(fund)}
            for key, fund in funds.items()
        ),
    ]
    document = {
        "kind": "value-back",
        "v": 1,
        "title": "Criteri",
        "branches": branches,
        "member_part": "own",
        "pool": None,
        "expires_after_years": 1,
        "expired_to": str(funds["common"]),
    }
    resolution = ResolutionIn(
        body_id=federation, title="Criteri", adopted_on=first_day, protocol_number="1"
    )
    governance.adopt_policy(
        adoption=AdoptionIn(
            document=document,
            in_force_on=first_day,
            resolution=resolution,
            legal_basis="Misura",
            legal_basis_confirmed_by="Misura",
        ),
        recorded_by=None,
        recorded_at=now,
    )


def _people(chance: random.Random, now: datetime) -> Iterator[UUID]:
    for begin in range(0, MEMBERS, PEOPLE_AT_ONCE):
        people = [
            PersonIn(
                first_name="Socia",
                last_name=str(number),
                email=f"socia{number}@example.org",
                municipality=chance.choice(PLACES),
            )
            for number in range(begin, begin + PEOPLE_AT_ONCE)
        ]
        yield from registry.register_people(people=people, recorded_by=None, recorded_at=now)


def _registers(
    chance: random.Random, members: Sequence[UUID], sellers: Sequence[UUID], now: datetime
) -> None:
    entered_on = date(now.year - 1, 1, 1)
    for begin in range(0, MEMBERS, PEOPLE_AT_ONCE):
        lines = [
            MemberIn(
                member_id=member,
                cooperative_id=chance.choice(sellers),
                registered_on=entered_on,
                share_cents=2_500,
            )
            for member in members[begin : begin + PEOPLE_AT_ONCE]
        ]
        registry.register_members(members=lines, recorded_by=None, recorded_at=now)


def _sales(
    chance: random.Random, members: Sequence[UUID], sellers: Sequence[UUID], now: datetime
) -> Iterator[list[SaleIn]]:
    """Yield the purchases of a year, in the order in which they happened."""
    apart = timedelta(days=365) / PURCHASES
    for begin in range(0, PURCHASES, SALES_AT_ONCE):
        yield [
            _sale(chance, members, sellers, number, now - apart * (PURCHASES - number))
            for number in range(begin, begin + SALES_AT_ONCE)
        ]


def _sale(
    chance: random.Random,
    members: Sequence[UUID],
    sellers: Sequence[UUID],
    number: int,
    at: datetime,
) -> SaleIn:
    cents = chance.randint(200, 9_000)
    back = chance.random() < GIVES_BACK
    buyer = int(MEMBERS * chance.random() ** 2)
    # Everybody has their own places, the first of them more often than the last.
    place = buyer * 7 + int(PLACES_EACH * chance.random() ** 2)
    return SaleIn(
        key=str(number),
        seller_id=sellers[place % len(sellers)],
        buyer_id=members[buyer],
        happened_at=at,
        lines=(LineIn("", -cents if back else cents, chance.choice(GOODS)),),
        credit_cents=cents if not back and chance.random() < SPENDS_CREDIT else 0,
        up_to=True,
    )
