"""A cooperative's members' register, and one person's own memberships."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.paginator import Page
from django.db.models import Count, F, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproca.ledger import rules as accounts
from reciproca.ledger.queries import balances, movements
from reciproca.registry.models import (
    LIVE_STATES,
    Card,
    Membership,
    MembershipEvent,
    MembershipState,
    Node,
    NodeKind,
)
from reciproca.registry.queries.paging import page_of
from reciproca.registry.queries.search import prefix_query
from reciproca.registry.rules import NEXT_STATES

PAGE_SIZE = 50
MOST_MOVEMENTS = 500
CARD_DIGITS = 10
LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the register as the list shows it."""

    id: UUID
    member_id: UUID
    name: str
    number: int | None
    state: str
    state_title: str
    since: date


@dataclass(frozen=True, slots=True)
class EventRow:
    """One step of a membership's history."""

    state: str
    state_title: str
    happened_on: date
    note: str


@dataclass(frozen=True, slots=True)
class CapitalRow:
    """Share capital that moved, in cents: paid in or refunded (positive), given back (negative)."""

    happened_on: date
    code: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class MembershipPage:
    """One membership with its history; `next_states` are the steps that are possible now."""

    id: UUID
    member_id: UUID
    member_name: str
    member_is_person: bool
    cooperative_id: UUID
    cooperative_name: str
    kind_title: str
    state: str
    state_title: str
    number: int | None
    applied_on: date
    registered_on: date | None
    left_on: date | None
    shares_cents: int
    next_states: Sequence[str]
    events: Sequence[EventRow]


def members_page(*, cooperative_id: UUID, text: str, state: str, number: int) -> Page[MemberRow]:
    """
    Return a page of a cooperative's register, by number in it; applicants first, the latest on top.

    `text` is looked for in names (any part, whatever its accents), register and card numbers;
    `state` is a state, `live` for everybody who has not left, or empty for the whole book, which
    annulled lines are no part of. Three SQL queries.
    """
    lines = lines_sought(cooperative_id=cooperative_id, text=text, state=state)
    ordered = lines.select_related("member").order_by(
        F("number").asc(nulls_first=True), "-applied_on", "id"
    )
    return page_of(rows=ordered, number=number, size=PAGE_SIZE, make=_member_row)


def known_state(state: str) -> str:
    """Return what of a register is asked for: `live`, one of the states, or empty for all."""
    return state if state in [*MembershipState.values, "live"] else ""


def lines_sought(*, cooperative_id: UUID, text: str, state: str) -> QuerySet[Membership]:
    """Return the lines of a register that `members_page` lists, in no order yet."""
    lines = _matching(Membership.objects.filter(cooperative_id=cooperative_id), text)
    if not state:
        return lines.exclude(state="annulled")
    return lines.filter(state__in=LIVE_STATES if state == "live" else [state])


def state_counts(*, cooperative_id: UUID) -> dict[str, int]:
    """Return how many lines of a register are in each state, in one SQL query."""
    lines = Membership.objects.filter(cooperative_id=cooperative_id)
    return dict(lines.values_list("state").annotate(count=Count("state")))


def member_count(*, cooperative_id: UUID | None = None) -> int:
    """Return how many are in the register of a cooperative, or people in any, in one SQL query."""
    lines = Membership.objects.filter(state__in=["registered", "suspended"])
    if cooperative_id is not None:
        return lines.filter(cooperative_id=cooperative_id).count()
    people = lines.filter(member__kind=NodeKind.PERSON)
    return people.values("member_id").distinct().count()


def membership(*, membership_id: UUID) -> MembershipPage | None:
    """Return one membership with its history and share capital, in four SQL queries."""
    line = (
        Membership.objects.select_related("member", "cooperative").filter(pk=membership_id).first()
    )
    return _membership_pages([line])[0] if line else None


def memberships_of(*, member_id: UUID) -> list[MembershipPage]:
    """Return all memberships of one member, live ones first; as many queries as for one."""
    lines = Membership.objects.select_related("member", "cooperative").filter(member_id=member_id)
    return _membership_pages(
        list(lines.order_by(F("left_on").desc(nulls_first=True), "-applied_on", "id"))
    )


def live_cooperatives_of(*, member_id: UUID) -> set[UUID]:
    """Return where somebody is a member or has applied, in one SQL query."""
    lines = Membership.objects.filter(member_id=member_id, state__in=LIVE_STATES)
    return set(lines.values_list("cooperative_id", flat=True))


def member_since(*, member_id: UUID, cooperative_id: UUID) -> date | None:
    """Return since when somebody is in a register, None if they are not, in one SQL query."""
    lines = Membership.objects.filter(member_id=member_id, state__in=["registered", "suspended"])
    return lines.filter(cooperative=cooperative_id).values_list("registered_on", flat=True).first()


@dataclass(frozen=True, slots=True)
class Belonging:
    """Somebody who belongs to a cooperative, or has asked to; `since` is None before the book."""

    person_id: UUID
    name: str
    since: date | None


def belonging(*, membership_id: UUID, cooperative_id: UUID) -> Belonging | None:
    """Return whose a line of a cooperative is, unless they have left; one SQL query."""
    lines = Membership.objects.filter(pk=membership_id, state__in=LIVE_STATES)
    found = lines.filter(cooperative=cooperative_id, member__kind=NodeKind.PERSON)
    row = found.values_list("member_id", "member__name", "registered_on").first()
    return row and Belonging(*row)


def members_among(ids: Collection[UUID], /, *, cooperative_id: UUID) -> set[UUID]:
    """Return those of these nodes that are or were in a cooperative's register, in one query."""
    lines = Membership.objects.filter(cooperative_id=cooperative_id, member_id__in=set(ids))
    return set(lines.exclude(state="annulled").values_list("member_id", flat=True))


def live_memberships(pairs: Collection[tuple[UUID, UUID]], /) -> set[tuple[UUID, UUID]]:
    """Return those of these (member, cooperative) pairs that are or will be, in one SQL query."""
    lines = Membership.objects.filter(
        member_id__in={member for member, _cooperative in pairs}, state__in=LIVE_STATES
    )
    return set(lines.values_list("member_id", "cooperative_id")) & set(pairs)


def members_named(*, cooperative_id: UUID, text: str, limit: int = 200) -> set[UUID]:
    """
    Return who in a cooperative's register, past members too, a text may mean, in one SQL query.

    A part of the name, a number of the register, or a card.
    """
    if not text.strip():
        return set()
    lines = lines_sought(cooperative_id=cooperative_id, text=text, state="")
    return set(lines.order_by("id").values_list("member_id", flat=True)[:limit])


def capital_of(*, member_id: UUID, cooperative_id: UUID) -> list[CapitalRow]:
    """Return what a member's share capital in a cooperative is made of, latest first."""
    shares = accounts.shares(member=member_id, cooperative=cooperative_id)
    return [
        CapitalRow(
            happened_on=localdate(entry.happened_at),
            code=entry.code,
            amount_cents=entry.amount if entry.credit == shares else -entry.amount,
        )
        for entry in movements(owner=member_id, purposes=["shares"], limit=MOST_MOVEMENTS)
        if shares in (entry.credit, entry.debit)
    ]


def shown_name(member: Node) -> str:
    """Return a name, or the words for who was taken out again and has none any more."""
    return member.name or _("Scheda annullata")


def _matching(lines: QuerySet[Membership], text: str) -> QuerySet[Membership]:
    words = text.split()
    if not words:
        return lines
    bare = text.replace(" ", "")
    if bare.isascii() and bare.isdigit():
        # Register numbers are short; a longer row of digits is a card.
        if len(bare) < CARD_DIGITS:
            return lines.filter(number=int(bare[:LONGEST_NUMBER]))
        live = Card.objects.filter(number=bare, blocked_at=None)
        return lines.filter(member__in=live.values("person"))
    people = Node.objects.filter(kind=NodeKind.PERSON)
    indexed = people.annotate(words=SearchVector("name_key", config="simple"))
    wanted = SearchQuery(prefix_query(text), config="simple", search_type="raw")
    return lines.filter(member__in=indexed.filter(words=wanted).values("id"))


def _member_row(line: Membership) -> MemberRow:
    return MemberRow(
        id=line.id,
        member_id=line.member_id,
        name=shown_name(line.member),
        number=line.number,
        state=line.state,
        state_title=line.get_state_display(),
        since=line.registered_on or line.applied_on,
    )


def _membership_pages(lines: Sequence[Membership]) -> list[MembershipPage]:
    events: dict[UUID, list[EventRow]] = {line.id: [] for line in lines}
    for event in MembershipEvent.objects.filter(membership__in=lines).order_by("id"):
        row = EventRow(event.state, event.get_state_display(), event.happened_on, event.note)
        events[event.membership_id].append(row)
    shares = {
        line.id: accounts.shares(member=line.member_id, cooperative=line.cooperative_id)
        for line in lines
    }
    held = balances(shares.values())
    return [
        MembershipPage(
            id=line.id,
            member_id=line.member_id,
            member_name=shown_name(line.member),
            member_is_person=line.member.kind == NodeKind.PERSON,
            cooperative_id=line.cooperative_id,
            cooperative_name=line.cooperative.name,
            kind_title=line.get_kind_display(),
            state=line.state,
            state_title=line.get_state_display(),
            number=line.number,
            applied_on=line.applied_on,
            registered_on=line.registered_on,
            left_on=line.left_on,
            shares_cents=held[shares[line.id]],
            next_states=NEXT_STATES.get(line.state, ()),
            events=events[line.id],
        )
        for line in lines
    ]
