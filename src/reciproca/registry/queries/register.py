"""A cooperative's members' register as a book: as it stood at the end of a day, or as it stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F

from reciproca.ledger import rules as accounts
from reciproca.ledger.queries import balances_of
from reciproca.ledger.sums import held_at
from reciproca.registry.models import (
    Membership,
    MembershipEvent,
    MembershipState,
)
from reciproca.registry.queries.members import lines_sought, shown_name
from reciproca.shared.calendar import end_of_day

LINES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of the book; `number` is None for who is not in it yet."""

    number: int | None
    name: str
    kind_title: str
    state: str
    state_title: str
    applied_on: date
    registered_on: date | None
    left_on: date | None
    shares_cents: int


def register_at(*, cooperative_id: UUID, on: date, text: str = "") -> list[BookLine]:
    """
    Return a register as it stood at the end of a day, by number; four SQL queries.

    Everybody entered by then, with who had left: `left_on` is None for who was a member on that
    day. `text` is looked for as in `members_page`.
    """
    sought = lines_sought(cooperative_id=cooperative_id, text=text, state="")
    entered = sought.filter(number__isnull=False, registered_on__lte=on)
    lines = list(entered.select_related("member").order_by("number"))
    suspended = _suspended(cooperative_id, on)
    held = held_at(
        owners=[line.member_id for line in lines],
        party=cooperative_id,
        purpose="shares",
        before=end_of_day(on),
    )
    latest = _latest(lines)
    return [
        _line(
            line,
            state=_state_at(line, on, suspended),
            left_on=line.left_on if line.left_on and line.left_on <= on else None,
            shares_cents=held.get(line.member_id, 0) if line.id in latest else 0,
        )
        for line in lines
    ]


def register_members(*, cooperative_id: UUID, text: str, state: str) -> list[UUID]:
    """Return who is on the lines that `register_lines` yields, in one SQL query."""
    sought = lines_sought(cooperative_id=cooperative_id, text=text, state=state)
    return list(sought.order_by().values_list("member_id", flat=True).distinct())


def register_count(*, cooperative_id: UUID, text: str, state: str) -> int:
    """Return how many lines `register_lines` yields, in one SQL query."""
    return lines_sought(cooperative_id=cooperative_id, text=text, state=state).count()


def register_lines(*, cooperative_id: UUID, text: str, state: str) -> Iterator[BookLine]:
    """Yield what `members_page` lists, whole and as it stands, three SQL queries for each batch."""
    sought = lines_sought(cooperative_id=cooperative_id, text=text, state=state)
    ids = list(sought.order_by("number", "applied_on", "id").values_list("id", flat=True))
    for begin in range(0, len(ids), LINES_AT_ONCE):
        some = ids[begin : begin + LINES_AT_ONCE]
        by_id = Membership.objects.select_related("member").in_bulk(some)
        yield from _as_it_stands([by_id[each] for each in some], cooperative_id)


def _as_it_stands(lines: Sequence[Membership], cooperative_id: UUID) -> Iterator[BookLine]:
    people = [line.member_id for line in lines]
    held = balances_of(owners=people, purpose="shares")
    every = Membership.objects.filter(cooperative=cooperative_id, member__in=people)
    latest = _latest(every.order_by(F("number").asc(nulls_first=True)))
    for line in lines:
        shares = accounts.shares(member=line.member_id, cooperative=cooperative_id)
        cents = held.get(shares, 0) if line.id in latest else 0
        yield _line(line, state=line.state, left_on=line.left_on, shares_cents=cents)


def _latest(lines: Iterable[Membership]) -> set[UUID]:
    """
    Return the line of each member on which their shares stand: the last number of the register.

    Whoever left and came back has two lines and one holding.
    """
    return set({line.member_id: line.id for line in lines}.values())


def _suspended(cooperative_id: UUID, on: date) -> set[UUID]:
    """Return the lines that were suspended at the end of a day."""
    ever = MembershipEvent.objects.filter(
        membership__cooperative=cooperative_id, state="suspended", happened_on__lte=on
    )
    steps = MembershipEvent.objects.filter(
        membership__in=ever.values("membership"), happened_on__lte=on
    ).order_by("happened_on", "id")
    last = dict(steps.values_list("membership_id", "state"))
    return {line for line, state in last.items() if state == "suspended"}


def _state_at(line: Membership, on: date, suspended: set[UUID]) -> str:
    if line.left_on and line.left_on <= on:
        return line.state
    return "suspended" if line.id in suspended else "registered"


def _line(line: Membership, *, state: str, left_on: date | None, shares_cents: int) -> BookLine:
    return BookLine(
        number=line.number,
        name=line.kept_name or shown_name(line.member),
        kind_title=line.get_kind_display(),
        state=state,
        state_title=str(MembershipState(state).label),
        applied_on=line.applied_on,
        registered_on=line.registered_on,
        left_on=left_on,
        shares_cents=shares_cents,
    )
