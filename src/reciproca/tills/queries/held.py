"""Sales that wait for a person, and what was decided of those that did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Q, QuerySet

from reciproca.registry import queries as registry
from reciproca.registry.places import plain_words
from reciproca.registry.queries.paging import page_of
from reciproca.shared.sentences import sentence
from reciproca.tills.forms import Line, read_payload
from reciproca.tills.models import HeldSale

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A held sale in a list; what could not be read of it is None."""

    id: UUID
    till_name: str
    happened_at: datetime | None
    received_at: datetime
    operator: str | None
    total_cents: int | None
    why: str
    purchase_id: UUID | None
    reason: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldPage:
    """
    A held sale on its page. `lines` is empty and `payload` says everything where it cannot be read.

    `holder` is whose the card is by which it was made, if it is anybody's.
    """

    row: HeldRow
    lines: Sequence[Line]
    payload: str
    card: str
    holder: str
    holder_id: UUID | None
    settled_by: str

    @property
    def readable(self) -> bool:
        return bool(self.lines)


def why_held(*, code: str, params: Mapping[str, object]) -> str:
    """Return why a sale is held, in the language of whoever reads."""
    return sentence(code=code, params=params)


def held_sales(
    *, organisation_id: UUID, settled: bool, number: int, text: str = ""
) -> Page[HeldRow]:
    """
    Return a page of a cooperative's held sales, the last received first, in two SQL queries.

    `text` is a part of the till's name or of who sold.
    """
    rows = _sought(organisation_id, settled, text)
    return page_of(rows=rows, number=number, size=PAGE_SIZE, make=_row)


def all_held(*, organisation_id: UUID, settled: bool, text: str) -> Iterator[HeldRow]:
    """Yield all that `held_sales` lists, in one SQL query."""
    return map(_row, _sought(organisation_id, settled, text).iterator(chunk_size=2_000))


def _sought(organisation_id: UUID, settled: bool, text: str) -> QuerySet[HeldSale]:
    rows = _of(organisation_id).filter(settlement__isnull=not settled)
    for word in plain_words(text):
        named = Q(till__name__icontains=word) | Q(operator__name_key__contains=word)
        rows = rows.filter(named)
    return rows.order_by("-received_at", "-id")


def held_count(*, organisation_id: UUID) -> int:
    """Return how many held sales of a cooperative wait, in one SQL query."""
    return HeldSale.objects.filter(organisation=organisation_id, settlement=None).count()


def held_sale(*, held_id: UUID, organisation_id: UUID) -> HeldPage | None:
    """Return one of a cooperative's held sales, in three SQL queries at most."""
    held = _of(organisation_id).filter(pk=held_id).first()
    if held is None:
        return None
    told = read_payload(held.payload)
    card = "".join((told.card or "").split()) if told else ""
    holder = registry.holder_of(number=card) if card else None
    settlement = getattr(held, "settlement", None)
    by = settlement and settlement.settled_by
    return HeldPage(
        row=_row(held),
        lines=told.lines if told else (),
        payload=held.payload,
        card=card,
        holder=holder.name if holder else "",
        holder_id=holder.person_id if holder else None,
        settled_by=next(iter(registry.names_of_users([by]).values()), "") if by else "",
    )


def _of(organisation_id: UUID) -> QuerySet[HeldSale]:
    rows = HeldSale.objects.filter(organisation=organisation_id)
    return rows.select_related("till", "operator", "settlement")


def _row(held: HeldSale) -> HeldRow:
    settlement = getattr(held, "settlement", None)
    return HeldRow(
        id=held.id,
        till_name=held.till.name,
        happened_at=held.happened_at,
        received_at=held.received_at,
        operator=held.operator.name if held.operator else None,
        total_cents=held.total_cents,
        why=why_held(code=held.code, params=held.params),
        purchase_id=settlement.purchase_id if settlement else None,
        reason=settlement.reason if settlement else "",
        settled_at=settlement.settled_at if settlement else None,
    )
