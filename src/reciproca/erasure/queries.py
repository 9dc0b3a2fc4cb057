"""What an erasure of somebody would meet, and those that were done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.timezone import localdate

from reciproca.erasure import errors
from reciproca.ledger import queries as ledger
from reciproca.market import queries as market
from reciproca.parameters.queries import values_on
from reciproca.purchases import queries as purchases
from reciproca.registry import queries as registry
from reciproca.shared.dates import kept_until
from reciproca.shared.errors import DomainError
from reciproca.shared.models import ErasedPerson
from reciproca.shared.money import format_euro
from reciproca.transparency import queries as transparency

REGISTER, BOOKS = "members_register_retention", "accounting_retention"
"""How many months the law has members' registers and accounts kept, after their last entry."""

OWED: Sequence[tuple[str, type[DomainError]]] = (
    ("payable", errors.CashUnpaid),
    ("shares", errors.SharesNotRepaid),
    ("recovery", errors.RecoveryOpen),
)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line of a members' register that keeps its name; `until` is None for a member."""

    membership_id: UUID
    cooperative_name: str
    number: int
    until: date | None


@dataclass(frozen=True, slots=True)
class Prospect:
    """
    What an erasure would meet: what hinders it, and what stays.

    `books_until` is the last day on which amounts are kept, with no name; None without any.
    """

    hindrances: Sequence[DomainError]
    register: Sequence[KeptLine]
    books_until: date | None

    @property
    def kept_until(self) -> date | None:
        days = [line.until for line in self.register if line.until]
        return max([*days, *([self.books_until] if self.books_until else [])], default=None)

    @property
    def credit(self) -> str:
        """Return how much credit is left, as it is shown; empty where there is none."""
        left = (each for each in self.hindrances if isinstance(each, errors.CreditLeft))
        return next((str(each.params["amount"]) for each in left), "")


@dataclass(frozen=True, slots=True)
class ErasedRow:
    """An erasure that was done; `by` is who acted for the person, empty where they did it."""

    erased_at: datetime
    paper: str
    by: str
    kept_until: date | None


def prospect(*, person_id: UUID, on: date) -> Prospect:
    """Return what an erasure of an open person's entry would meet on a day."""
    people = registry.identity_of(person_id=person_id).people
    months = {name: int(value) for name, value in values_on(names=[REGISTER, BOOKS], on=on).items()}
    moved = [ledger.last_moved_at(people), purchases.last_bought_at(people)]
    days = [localdate(at) for at in moved if at]
    register = [
        KeptLine(
            each.membership_id,
            each.cooperative_name,
            each.number,
            kept_until(on=each.last_on, months=months[REGISTER]) if each.last_on else None,
        )
        for each in registry.register_entries_of(people=people)
    ]
    books = kept_until(on=max(days), months=months[BOOKS]) if days else None
    return Prospect(
        hindrances=list(_hindrances(people, on)),
        register=[line for line in register if line.until is None or line.until >= on],
        books_until=books if books and books >= on else None,
    )


def leaves_about(people: Sequence[UUID], /) -> dict[UUID, int | None]:
    """
    Return the facts whose leaves in the log tell of people and can still be opened, each with its
    index (None: it waits for one); three SQL queries.
    """
    about = ledger.facts_of_owners(people) | purchases.facts_of_buyers(people)
    return transparency.openings_among(about)


def erased_people() -> list[ErasedRow]:
    """Return the latest erasures, the newest first, naming nobody; two SQL queries."""
    main = registry.heirs_of(ErasedPerson.objects.values_list("person", flat=True))
    rows = ErasedPerson.objects.exclude(person__in=main).order_by("-erased_at", "person")
    shown = list(rows[:MOST_SHOWN])
    names = registry.names_of_users({row.erased_by for row in shown if row.erased_by and row.paper})
    return [
        ErasedRow(
            row.erased_at,
            row.paper,
            names.get(row.erased_by, "") if row.paper and row.erased_by else "",
            row.kept_until,
        )
        for row in shown
    ]


def _hindrances(people: Sequence[UUID], on: date) -> Iterator[DomainError]:
    held = {node for person in people for node in registry.live_cooperatives_of(member_id=person)}
    if names := sorted(registry.names_of(held).values()):
        yield errors.StillMember(cooperatives=", ".join(names))
    mandates = [each for one in people for each in registry.mandates_of(person_id=one, on=on)]
    if acts_for := sorted({mandate.organisation_name for mandate in mandates}):
        yield errors.StillActs(organisations=", ".join(acts_for))
    if market.has_open_orders(people):
        yield errors.OrdersOpen()
    if credit := sum(lot.cents for lot in ledger.lots(members=people)):
        yield errors.CreditLeft(amount=format_euro(credit))
    for purpose, hindrance in OWED:
        if owed := sum(ledger.balances_of(owners=people, purpose=purpose).values()):
            yield hindrance(amount=format_euro(abs(owed)))
    if None in leaves_about(people).values():
        yield errors.LeavesWaiting()
