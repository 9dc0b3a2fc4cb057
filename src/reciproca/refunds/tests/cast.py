"""The standing cast of a year: a community, its cooperatives, members and what they bought."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

import rfc8785

from reciproca.governance.models import Adoption, Policy, Resolution
from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.purchases.models import Purchase
from reciproca.refunds.forms import AccountsIn
from reciproca.registry.models import (
    Community,
    Membership,
    MutualExchange,
    Mutuality,
    Node,
    NodeKind,
    Organisation,
)
from reciproca.shared.ids import uuid7
from reciproca.valueback.actions import commit_rate

YEAR = 2025
BEFORE = date(2024, 1, 1)
NOON = datetime(2025, 6, 15, 10, tzinfo=UTC)
AFTERWARDS = datetime(2026, 5, 4, 9, tzinfo=UTC)
"""When the accounts of the year are approved and everything is closed."""

IBANS = [
    "IT60X0542811101000000123456",
    "IT56M0306901626100000000042",
    "IT06X0832703399000000007777",
]

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Cast:
    """A community whose policy gives 2/5 to the member and 1/5 to each of three funds."""

    federation: Node
    common: Node
    territory: Node
    solidarity: Node
    policy_digest: str


def make_community() -> Cast:
    federation = Node.objects.create(
        kind=NodeKind.FEDERATION, name="Federazione delle Tre Valli", iban=IBANS[0]
    )
    Community.objects.create(name="Tre Valli", federation=federation)
    common, territory, solidarity = (
        Node.objects.create(kind=NodeKind.FUND, name=name, held_by=federation)
        for name in ("Fondo comune", "Territorio", "Solidarietà")
    )
    digest = adopt(federation, [common, territory, solidarity])
    return Cast(federation, common, territory, solidarity, digest)


def adopt(federation: Node, funds: Sequence[Node], *, years: int = 1) -> str:
    """Adopt the policy from the beginning of 2024; return its digest."""
    keys = ("common", "territory", "solidarity")
    document: dict[str, Any] = {
        "kind": "value-back",
        "v": 1,
        "title": "Criteri 2024",
        "branches": [
            {"key": "member", "name": {"it": "A te", "en": "You"}, "share": "2/5", "node": None},
            *(
                {
                    "key": key,
                    "name": {"it": fund.name, "en": fund.name},
                    "share": "1/5",
                    "node": str(fund.id),
                }
                for key, fund in zip(keys, funds, strict=True)
            ),
        ],
        "member_part": "own",
        "pool": None,
        "expires_after_years": years,
        "expired_to": str(funds[2].id),
    }
    text = rfc8785.dumps(document)
    digest = hashlib.sha256(text).hexdigest()
    policy = Policy.objects.create(
        digest=digest, kind="value-back", title="Criteri 2024", document=text.decode()
    )
    Adoption.objects.create(
        policy=policy,
        kind="value-back",
        in_force_on=BEFORE,
        resolution=make_resolution(federation),
        legal_basis="Perimetro limitato, art. 3(k) PSD2",
        legal_basis_confirmed_by="Avv. Nadia Ferri",
    )
    return digest


def make_resolution(body: Node, *, adopted_on: date = BEFORE) -> Resolution:
    return Resolution.objects.create(
        body=body,
        title="Delibera dell’assemblea",
        adopted_on=adopted_on,
        protocol_number=f"{next(_keys)}/{adopted_on.year}",
    )


def make_cooperative(
    name: str,
    *,
    rate_bp: int = 500,
    exchange: MutualExchange = MutualExchange.USERS,
    iban: str = "",
    node_id: UUID | None = None,
) -> Node:
    node = Node.objects.create(
        id=node_id or uuid7(), kind=NodeKind.COOPERATIVE, name=name, iban=iban
    )
    Organisation.objects.create(
        node=node,
        legal_name=f"{name} società cooperativa",
        mutuality=Mutuality.PREVALENT,
        mutual_exchange=exchange,
    )
    commit_rate(seller_id=node.id, rate_bp=rate_bp, valid_from=BEFORE, recorded_by=None)
    return node


def make_member(
    name: str, *cooperatives: Node, registered_on: date = BEFORE, iban: str = ""
) -> Node:
    """Make a person who is in the register of these cooperatives."""
    person = Node.objects.create(kind=NodeKind.PERSON, name=name, iban=iban)
    for cooperative in cooperatives:
        enrol(person, cooperative, registered_on=registered_on)
    return person


def enrol(person: Node, cooperative: Node, *, registered_on: date = BEFORE) -> Membership:
    return Membership.objects.create(
        member=person,
        cooperative=cooperative,
        state="registered",
        number=Membership.objects.filter(cooperative=cooperative).count() + 1,
        applied_on=registered_on,
        registered_on=registered_on,
    )


def buy(
    seller: Node,
    buyer: Node | None,
    cents: int,
    *,
    credit: int = 0,
    at: datetime = NOON,
    recorded_at: datetime | None = None,
) -> Purchase:
    """Record a purchase of one line through the front door, `credit` cents of it paid so."""
    sale = SaleIn(
        key=f"scontrino-{next(_keys)}",
        seller_id=seller.id,
        buyer_id=buyer.id if buyer else None,
        happened_at=at,
        lines=(LineIn("spesa", cents),),
        credit_cents=credit,
    )
    return record_sale(sale=sale, recorded_by=None, recorded_at=recorded_at or at)


# The accounts of waterfall_01: profit 123,456.78, of which 50,000.00 go back to the members.
WATERFALL_01 = AccountsIn(
    net_profit_cents=12_345_678,
    member_surplus_cents=7_000_000,
    refund_proposed_cents=5_000_000,
    paid_up_capital_cents=40_000_000,
    postal_bond_rate_bp=300,
    dividend_proposed_cents=3_000_000,
    net_equity_cents=90_000_000,
    total_debt_cents=200_000_000,
)
