"""Everything that moved for a member, in one list, latest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reciproca.ledger import queries as ledger
from reciproca.purchases import queries as purchases
from reciproca.purchases.queries import PurchaseRow
from reciproca.redistribution import queries as redistribution
from reciproca.redistribution.queries import PartRow
from reciproca.refunds import queries as refunds
from reciproca.refunds.queries import RefundedRow
from reciproca.shared.timeline import ANYTHING, Moment, Sought
from reciproca.valueback import queries as valueback
from reciproca.valueback.queries import ExpiredRow, GiftRow
from reciproca.web.member.transfers import Tally, tallies
from reciproca.web.words import euro, when

PURCHASES, REFUNDS, GIFTS = "purchases", "refunds", "gifts"
EXPIRED, PATRONAGE, RECOVERY = "expired", "patronage", "recovery"
PARTS = "parts"
KINDS = (PURCHASES, REFUNDS, GIFTS, EXPIRED, PATRONAGE, PARTS, RECOVERY)

MOST_RECOVERIES = 500
"""Far more refunds of value already spent than anybody ever has."""


@dataclass(frozen=True, slots=True)
class Movement:
    """
    One line of the list.

    `what` says what it was; `url` is the page that says why. `value_cents` is the value born (or
    taken back) with a purchase, of which `waiting_cents` will be divided later.
    """

    moment: Moment
    kind: str
    node_id: UUID
    name: str
    what: str
    url: str
    tally: Tally = field(default_factory=Tally)
    total_cents: int = 0
    credit_cents: int = 0
    value_cents: int = 0
    waiting_cents: int = 0

    @property
    def change_cents(self) -> int:
        """Return by how much the credit that can be spent changed."""
        return self.tally.change

    @property
    def minus_cents(self) -> int:
        return -self.tally.out

    @property
    def aside(self) -> str:
        """Return what stands under the amounts: what is neither in nor out of the credit."""
        if self.waiting_cents:
            return _("%(amount)s in arrivo") % {"amount": euro(self.waiting_cents, signed=True)}
        if self.tally.repaid:
            return _("%(amount)s ripagano un reso") % {"amount": euro(self.tally.repaid)}
        if self.tally.owed:
            return _("%(amount)s da ripagare") % {"amount": euro(self.tally.owed)}
        return ""


@dataclass(frozen=True, slots=True)
class Month:
    """The movements of one month, `title` empty where the page before already said it."""

    title: str
    movements: Sequence[Movement]


@dataclass(frozen=True, slots=True)
class MovementPage:
    """Some movements by month, and where the next page begins, None at the end."""

    months: Sequence[Month]
    next: Moment | None


_Row = PurchaseRow | GiftRow | ExpiredRow | RefundedRow | PartRow
_Reader = Callable[[UUID, Moment | None, Sought, int], Sequence[_Row]]


def movement_page(
    *,
    member_id: UUID,
    kind: str = "",
    sought: Sought = ANYTHING,
    before: Moment | None = None,
    size: int = 30,
) -> MovementPage:
    """Return a page of what moved for a member, in seven SQL queries at most."""
    rows = latest(member_id=member_id, kind=kind, sought=sought, before=before, limit=size + 1)
    shown = rows[:size]
    return MovementPage(
        months=_by_month(shown, before),
        next=shown[-1].moment if len(rows) > size else None,
    )


def latest(
    *,
    member_id: UUID,
    kind: str = "",
    sought: Sought = ANYTHING,
    before: Moment | None = None,
    limit: int,
) -> list[Movement]:
    """
    Return what moved last for a member, of one of `KINDS` or all.

    Every room is asked for as many as are wanted; the latest of all are kept.
    """
    readers = _READERS.get(kind, _READERS[""])
    rows = [row for read in readers for row in read(member_id, before, sought, limit)]
    rows.sort(key=lambda row: row.moment, reverse=True)
    kept = rows[:limit]
    done = tallies([row.id for row in kept])
    return [_movement(row, done.get(row.id, Tally())) for row in kept]


def all_movements(
    *, member_id: UUID, kind: str = "", sought: Sought = ANYTHING, at_once: int = 500
) -> Iterator[Movement]:
    """Yield everything that moved for a member, latest first, in constant memory."""
    before: Moment | None = None
    while True:
        rows = latest(member_id=member_id, kind=kind, sought=sought, before=before, limit=at_once)
        yield from rows
        if len(rows) < at_once:
            return
        before = rows[-1].moment


def _by_month(movements: Sequence[Movement], before: Moment | None) -> list[Month]:
    said = when(localtime(before.at), style="month") if before else ""
    months = groupby(movements, key=lambda each: when(localtime(each.moment.at), style="month"))
    return [Month("" if title == said else title, list(of_month)) for title, of_month in months]


# --- what each room answers ---


def _purchases(kind: str = "") -> _Reader:
    def read(
        member: UUID, before: Moment | None, sought: Sought, limit: int
    ) -> Sequence[PurchaseRow]:
        return purchases.purchases_of(
            buyer_id=member, before=before, kind=kind, sought=sought, limit=limit
        )

    return read


def _recoveries(
    member: UUID, before: Moment | None, sought: Sought, limit: int
) -> Sequence[PurchaseRow]:
    """Return the refunds that left a debt and the purchases that repaid one."""
    touched = ledger.movements(owner=member, purposes=["recovery"], limit=MOST_RECOVERIES)
    ids = {entry.reference for entry in touched}
    return purchases.purchases_of(
        buyer_id=member, before=before, ids=ids, sought=sought, limit=limit
    )


def _gifts(member: UUID, before: Moment | None, sought: Sought, limit: int) -> Sequence[GiftRow]:
    return valueback.gifts_of(giver_id=member, before=before, sought=sought, limit=limit)


def _expired(
    member: UUID, before: Moment | None, sought: Sought, limit: int
) -> Sequence[ExpiredRow]:
    return valueback.expired_of(member_id=member, before=before, sought=sought, limit=limit)


def _patronage(
    member: UUID, before: Moment | None, sought: Sought, limit: int
) -> Sequence[RefundedRow]:
    return refunds.latest_refunds_of(member_id=member, before=before, sought=sought, limit=limit)


def _parts(member: UUID, before: Moment | None, sought: Sought, limit: int) -> Sequence[PartRow]:
    return redistribution.latest_parts_of(
        member_id=member, before=before, sought=sought, limit=limit
    )


_READERS: Mapping[str, tuple[_Reader, ...]] = {
    "": (_purchases(), _gifts, _expired, _patronage, _parts),
    PURCHASES: (_purchases("sale"),),
    REFUNDS: (_purchases("refund"),),
    GIFTS: (_gifts,),
    EXPIRED: (_expired,),
    PATRONAGE: (_patronage,),
    PARTS: (_parts,),
    RECOVERY: (_recoveries,),
}


# --- how each row reads ---


def _movement(row: _Row, tally: Tally) -> Movement:
    match row:
        case PurchaseRow():
            return _of_purchase(row, tally)
        case GiftRow():
            return Movement(
                moment=row.moment,
                kind=GIFTS,
                node_id=row.project_id,
                name=row.project_name,
                what=_("Dono a un progetto, %(day)s") % {"day": _day(row.moment)},
                url=reverse("web:given", args=[row.id]),
                tally=tally,
            )
        case ExpiredRow():
            told = {"fund": row.fund_name, "day": _day(row.moment)}
            return Movement(
                moment=row.moment,
                kind=EXPIRED,
                node_id=row.issuer_id,
                name=row.issuer_name,
                what=_("Crediti scaduti, ora in “%(fund)s”, %(day)s") % told,
                url=reverse("web:expired", args=[row.id]),
                tally=tally,
            )
        case RefundedRow():
            return _of_refund(row, tally)
        case PartRow():
            return _of_part(row, tally)


def _of_purchase(row: PurchaseRow, tally: Tally) -> Movement:
    return Movement(
        moment=row.moment,
        kind=PURCHASES if row.kind == "sale" else REFUNDS,
        node_id=row.seller_id,
        name=row.seller_name,
        what=_what_was_bought(row),
        url=reverse("web:purchase", args=[row.id]),
        tally=tally,
        total_cents=row.total_cents,
        credit_cents=row.credit_cents,
        value_cents=row.value_cents,
        waiting_cents=row.member_cents if row.is_pooled else 0,
    )


def _what_was_bought(row: PurchaseRow) -> str:
    told = {
        "amount": euro(abs(row.total_cents)),
        "credit": euro(abs(row.credit_cents)),
        "day": _day(row.moment),
    }
    if row.is_undo:
        return _("Spesa di %(amount)s annullata, %(day)s") % told
    if row.kind == "refund":
        return _("Reso di %(amount)s, %(day)s") % told
    if row.credit_cents:
        return _("Spesa di %(amount)s, di cui %(credit)s in crediti, %(day)s") % told
    return _("Spesa di %(amount)s, %(day)s") % told


def _of_refund(row: RefundedRow, tally: Tally) -> Movement:
    parts = [
        _("%(amount)s con bonifico") % {"amount": euro(row.cash_cents)} if row.cash_cents else "",
        _("%(amount)s in capitale") % {"amount": euro(row.capital_cents)}
        if row.capital_cents
        else "",
    ]
    told = {"year": row.year, "day": _day(row.moment)}
    what = ", ".join([_("Ristorno %(year)s, %(day)s") % told, *filter(None, parts)])
    return Movement(
        moment=row.moment,
        kind=PATRONAGE,
        node_id=row.cooperative_id,
        name=row.cooperative_name,
        what=what,
        url=reverse("web:my_year", args=[row.year]),
        tally=tally,
        value_cents=row.amount_cents,
    )


def _of_part(row: PartRow, tally: Tally) -> Movement:
    told = {"until": when(row.ends_on, style="full"), "day": _day(row.moment)}
    if row.is_correction:
        what = _("Riparto fino al %(until)s, corretto, %(day)s") % told
    else:
        what = _("Riparto fino al %(until)s, %(day)s") % told
    return Movement(
        moment=row.moment,
        kind=PARTS,
        node_id=row.pool_id,
        name=row.pool_name,
        what=what,
        url=reverse("redistribution:own_part", args=[row.run_id]),
        tally=tally,
        value_cents=row.paid_cents,
    )


def _day(moment: Moment) -> str:
    return when(localtime(moment.at).date(), style="near")
