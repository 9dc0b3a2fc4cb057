"""
Everything the community knows of a person, as tables that another program can read.

One row for each thing, the same in the JSON file and in the CSV files; ids join them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from reciproca.notices.queries import notices_of
from reciproca.purchases import queries as purchases
from reciproca.redistribution import queries as redistribution
from reciproca.refunds import queries as refunds
from reciproca.registry import queries as registry
from reciproca.shared.access import accesses_to
from reciproca.valueback import queries as valueback

EVERYTHING = 1_000_000
"""More than a lifetime of anything: no list is cut."""

Row = Mapping[str, Any]
Table = Callable[[UUID], Iterable[Row]]


def own_data(*, person_id: UUID) -> dict[str, list[Row]]:
    """Return each table of what belongs to a person, by name."""
    return {name: list(table(person_id)) for name, table in TABLES.items()}


def _person(person_id: UUID) -> Iterable[Row]:
    page = registry.person_page(person_id=person_id)
    return _rows([page] if page else [])


def _memberships(person_id: UUID) -> Iterable[Row]:
    for line in registry.memberships_of(member_id=person_id):
        yield {
            name: value for name, value in asdict(line).items() if name not in ("events", "next")
        }


def _membership_steps(person_id: UUID) -> Iterable[Row]:
    for line in registry.memberships_of(member_id=person_id):
        for event in line.events:
            yield {"membership_id": line.id, **asdict(event)}


def _share_capital(person_id: UUID) -> Iterable[Row]:
    for line in registry.memberships_of(member_id=person_id):
        rows = registry.capital_of(member_id=person_id, cooperative_id=line.cooperative_id)
        for row in rows:
            yield {"cooperative_id": line.cooperative_id, **asdict(row)}


def _cards(person_id: UUID) -> Iterable[Row]:
    card = registry.card_page(person_id=person_id)
    if card.number:
        yield {"number": card.number, "is_blocked": False}
    for number in card.earlier:
        yield {"number": number, "is_blocked": True}


def _lots(person_id: UUID) -> Iterable[Row]:
    for lot in valueback.spendable(member_id=person_id, on=timezone.localdate()).lots:
        yield {"issuer_id": lot.issuer, "expires_on": lot.expires_on, "cents": lot.cents}


def _read_by(person_id: UUID) -> Iterable[Row]:
    for each in accesses_to(subject=person_id, limit=EVERYTHING):
        yield {
            "reader_person_id": each.reader_person,
            "reader_node_id": each.reader_node,
            "what": each.what,
            "at": each.at,
        }


def _rows(things: Iterable[Any]) -> Iterable[Row]:
    for thing in things:
        yield asdict(thing) if is_dataclass(thing) else thing._asdict()  # type: ignore[arg-type]


TABLES: Mapping[str, Table] = {
    "person": _person,
    "memberships": _memberships,
    "membership_steps": _membership_steps,
    "share_capital": _share_capital,
    "cards": _cards,
    "phones": lambda person: _rows(registry.card_page(person_id=person).phones),
    "card_refusals": lambda person: _rows(registry.card_page(person_id=person).refusals),
    "assisted_acts": lambda person: _rows(
        registry.assisted_acts(person_id=person, limit=EVERYTHING)
    ),
    "mandates": lambda person: _rows(
        registry.mandates_of(person_id=person, on=timezone.localdate())
    ),
    "purchases": lambda person: _rows(purchases.purchases_of(buyer_id=person, limit=EVERYTHING)),
    "purchase_lines": lambda person: _rows(purchases.lines_of_buyer(buyer_id=person)),
    "credits": _lots,
    "gifts": lambda person: _rows(valueback.gifts_of(giver_id=person, limit=EVERYTHING)),
    "expired_credits": lambda person: _rows(
        valueback.expired_of(member_id=person, limit=EVERYTHING)
    ),
    "patronage_refunds": lambda person: _rows(
        refunds.latest_refunds_of(member_id=person, limit=EVERYTHING)
    ),
    "redistributions": lambda person: _rows(
        redistribution.latest_parts_of(member_id=person, limit=EVERYTHING)
    ),
    "attested_points": lambda person: _rows(redistribution.points_of(member_id=person)),
    "notices": lambda person: _rows(notices_of(person_id=person, limit=EVERYTHING)),
    "read_by": _read_by,
}
