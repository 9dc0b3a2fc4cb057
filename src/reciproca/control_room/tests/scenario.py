"""One year in which everything happens once: spent, given back, given away, expired, refunded."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from reciproca.control_room import actions
from reciproca.control_room.models import YearClose
from reciproca.purchases.actions import refund_purchase
from reciproca.purchases.forms import LineBack, RefundIn
from reciproca.purchases.models import Purchase
from reciproca.refunds import actions as refunds
from reciproca.refunds.forms import AccountsIn, ResolutionIn
from reciproca.refunds.tests.cast import (
    AFTERWARDS,
    IBANS,
    WATERFALL_01,
    YEAR,
    Cast,
    buy,
    make_community,
    make_cooperative,
    make_member,
)
from reciproca.registry.models import Node, NodeKind
from reciproca.valueback.actions import give_credit

SPRING = datetime(2025, 3, 1, 9, tzinfo=UTC)
LAST_YEAR = datetime(2024, 11, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Year:
    """The community after 2025, not yet closed."""

    cast: Cast
    valchiara: Node
    roncolago: Node
    without_accounts: Node
    project: Node
    ada: Node
    bruno: Node


def make_year() -> Year:
    cast = make_community()
    valchiara = make_cooperative("Famiglia Coop. Valchiara", iban=IBANS[1])
    roncolago = make_cooperative("Caseificio Roncolago", rate_bp=400, iban=IBANS[2])
    without_accounts = make_cooperative("Maso Dossi")
    project = Node.objects.create(
        kind=NodeKind.PROJECT, name="Botteghe di paese", held_by=cast.federation
    )
    ada = make_member("Ada", valchiara, roncolago)
    bruno = make_member("Bruno", valchiara)
    # Credit of 2024 ends with 2025; what was bought with it and later returned has then ended.
    ended = buy(valchiara, ada, 50_000, at=LAST_YEAR)
    buy(valchiara, ada, 80_000, at=SPRING)
    buy(roncolago, ada, 10_000, credit=500)
    returned = buy(roncolago, ada, 6_000, credit=1_000)
    give_back(returned, 5_500)
    give_back(buy(valchiara, bruno, 20_001), None)
    buy(valchiara, bruno, 40_000)
    buy(roncolago, None, 3_000)
    give_credit(
        key="dono-1", giver_id=ada.id, project_id=project.id, amount_cents=300,
        happened_at=SPRING, recorded_by=None,
    )  # fmt: skip
    give_back(ended, 10_000)
    enter(valchiara, WATERFALL_01)
    return Year(cast, valchiara, roncolago, without_accounts, project, ada, bruno)


def give_back(purchase: Purchase, cents: int | None, *, at: datetime = SPRING) -> Purchase:
    """Refund some cents of a purchase's only line, or all of it."""
    at = max(at, purchase.happened_at)
    lines = None if cents is None else (LineBack(1, cents),)
    return refund_purchase(
        refund=RefundIn(f"reso-{purchase.key}", purchase.id, at, lines),
        recorded_by=None,
        recorded_at=at,
    )


def enter(cooperative: Node, figures: AccountsIn) -> None:
    """Enter accounts with their assembly's resolution."""
    refunds.enter_accounts(
        cooperative_id=cooperative.id,
        year=YEAR,
        figures=figures,
        entered_by=None,
        entered_at=AFTERWARDS,
    )
    refunds.attach_resolution(
        cooperative_id=cooperative.id,
        year=YEAR,
        resolution=ResolutionIn(date(2026, 4, 20), "12/2026"),
        title="Bilancio 2025",
        recorded_by=None,
        recorded_at=AFTERWARDS,
    )


def close(year: int = YEAR, at: datetime = AFTERWARDS) -> YearClose:
    return actions.close_year(year=year, closed_by=None, closed_at=at)
