"""The credit that somebody can spend today, lot by lot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from reciproca.registry import queries as registry
from reciproca.valueback import queries as valueback
from reciproca.web.member.transfers import LotUse
from reciproca.web.words import when


@dataclass(frozen=True, slots=True)
class Purse:
    """What can be spent, what of it ends first, and whose credit it is, in spending order."""

    cents: int
    ends_first_on: date | None
    ends_first_cents: int
    lots: Sequence[LotUse]


def purse_of(*, member_id: UUID, today: date) -> Purse:
    """Return somebody's credit with its lots, in two SQL queries."""
    held = valueback.spendable(member_id=member_id, on=today)
    names = registry.names_of([lot.issuer for lot in held.lots])
    return Purse(
        cents=held.cents,
        ends_first_on=held.ends_first_on,
        ends_first_cents=held.ends_first_cents,
        lots=[
            LotUse(
                issuer_id=lot.issuer,
                issuer=names[lot.issuer],
                ends=when(lot.expires_on, style="full"),
                amount_cents=lot.cents,
            )
            for lot in held.lots
        ],
    )
