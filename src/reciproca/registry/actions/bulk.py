"""A register brought in at once: an import, or the demo. A few statements, however many lines."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from reciproca.ledger.actions import post
from reciproca.registry.actions.capital import capital_law, check_holding, posting_of
from reciproca.registry.actions.memberships import MembershipAlreadyLive, NotACooperative
from reciproca.registry.bulk import copy_rows
from reciproca.registry.forms import MemberIn
from reciproca.registry.models import CapitalMovement, Membership, MembershipEvent, Node, NodeKind
from reciproca.registry.rules import check_day
from reciproca.shared.ids import fact_id, uuid7

BROUGHT_IN = "brought-in"
"""The key of the share capital somebody had when the register was brought in."""


@transaction.atomic
def register_members(
    *,
    members: Sequence[MemberIn],
    recorded_by: UUID | None,
    recorded_at: datetime,
    import_id: UUID | None = None,
) -> list[UUID]:
    """
    Enter these members in their cooperatives' registers and return the lines' ids, in order.

    All or none, in a number of SQL statements that does not depend on how many they are. Each
    register counts on from its last number, in the order given. Share capital goes to the ledger
    in one batch. Nobody is told: what they were told when they joined is long ago. `import_id` is
    the file they came in by.

    Raises: NotACooperative, MembershipAlreadyLive, ShareTooSmall, HoldingTooLarge, DayInFuture.
    """
    if not members:
        return []
    _check_days(members, recorded_at)
    lines = _lines(members, _locked_registers(members), import_id)
    _check_shares(members, recorded_at)
    try:
        with transaction.atomic():
            _write_lines(lines)
    except IntegrityError as mistake:
        raise MembershipAlreadyLive from mistake
    _write_events(lines, recorded_by, recorded_at)
    _write_capital(lines, members, recorded_by, recorded_at)
    return [line.id for line in lines]


def _check_days(members: Sequence[MemberIn], recorded_at: datetime) -> None:
    today = timezone.localdate(recorded_at)
    for on, last_on in {(each.registered_on, each.applied_on) for each in members}:
        check_day(on=on, last_on=last_on, today=today)


def _locked_registers(members: Sequence[MemberIn]) -> dict[UUID, int]:
    """Hold the registers, in order of id, and return the last number of each."""
    wanted = {each.cooperative_id for each in members}
    open_registers = Node.objects.filter(
        pk__in=wanted, kind=NodeKind.COOPERATIVE, closed_at=None
    ).order_by("pk")
    held = list(open_registers.select_for_update(no_key=True).values_list("pk", flat=True))
    if len(held) < len(wanted):
        raise NotACooperative
    lines = Membership.objects.filter(cooperative_id__in=held, number__isnull=False)
    last = lines.values("cooperative_id").annotate(last=Max("number"))
    return dict(last.values_list("cooperative_id", "last"))


def _lines(
    members: Sequence[MemberIn], last: dict[UUID, int], import_id: UUID | None
) -> list[Membership]:
    numbers = defaultdict(int, last)
    lines = []
    for each in members:
        numbers[each.cooperative_id] += 1
        lines.append(
            Membership(
                id=uuid7(),
                member_id=each.member_id,
                cooperative_id=each.cooperative_id,
                kind=each.kind,
                state="registered",
                number=numbers[each.cooperative_id],
                applied_on=each.applied_on or each.registered_on,
                registered_on=each.registered_on,
                imported_by_id=import_id,
            )
        )
    return lines


def _check_shares(members: Sequence[MemberIn], recorded_at: datetime) -> None:
    """Check what they hold today against the law of today; few different shares, many people."""
    paid = {each.member_id for each in members if each.share_cents}
    people = set(Node.objects.filter(pk__in=paid, kind="person").values_list("pk", flat=True))
    law = capital_law(on=timezone.localdate(recorded_at))
    for cents, is_person in {(each.share_cents, each.member_id in people) for each in members}:
        check_holding(held_cents=cents, is_person=is_person, law=law)


def _write_lines(lines: Sequence[Membership]) -> None:
    fields = (
        "id",
        "member_id",
        "cooperative_id",
        "kind",
        "state",
        "number",
        "applied_on",
        "registered_on",
        "imported_by_id",
    )
    copy_rows(model=Membership, fields=fields, rows=map(attrgetter(*fields), lines))


def _write_events(
    lines: Sequence[Membership], recorded_by: UUID | None, recorded_at: datetime
) -> None:
    """Write what is known of each history: the entry, and the application if it was earlier."""
    steps = (
        (line.id, state, on, "", recorded_by, recorded_at)
        for line in lines
        for state, on in (("applied", line.applied_on), ("registered", line.registered_on))
        if state == "registered" or line.applied_on != line.registered_on
    )
    fields = ("membership_id", "state", "happened_on", "note", "recorded_by", "recorded_at")
    copy_rows(model=MembershipEvent, fields=fields, rows=steps)


def _write_capital(
    lines: Sequence[Membership],
    members: Sequence[MemberIn],
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> None:
    movements = [
        CapitalMovement(
            id=fact_id(),
            membership=line,
            key=BROUGHT_IN,
            amount_cents=each.share_cents,
            happened_on=each.registered_on,
            recorded_by=recorded_by,
            recorded_at=recorded_at,
        )
        for line, each in zip(lines, members, strict=True)
        if each.share_cents
    ]
    fields = (
        "id",
        "membership_id",
        "key",
        "amount_cents",
        "happened_on",
        "recorded_by",
        "recorded_at",
    )
    copy_rows(model=CapitalMovement, fields=fields, rows=map(attrgetter(*fields), movements))
    post([posting_of(movement, movement.membership) for movement in movements])
