"""Why one purchase, refund, gift or ended lot came to its figures, for the person it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext as _

from reciproca.governance import queries as governance
from reciproca.governance.queries import AdoptionRow
from reciproca.imports import queries as imports
from reciproca.ledger import queries as ledger
from reciproca.ledger.queries import Entry
from reciproca.purchases import queries as purchases
from reciproca.purchases.queries import LineReason, PurchaseReason, PurchaseRow
from reciproca.registry import queries as registry
from reciproca.valueback import queries as valueback
from reciproca.valueback.queries import ExpiredRow, GiftRow
from reciproca.valueback.rules import branch_name
from reciproca.valueback.rules.why import BranchWhy
from reciproca.web.member.branches import BranchPart, branch_parts
from reciproca.web.member.transfers import LotUse, Tally, Told, lots_used, parties, tally_of, told
from reciproca.web.words import euro, when

SPENT_CODES = ("spend",)
RETURNED_CODES = ("refund-spend",)
TAKEN_CODES = ("refund-value",)


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of a line before a correction and after it, in cents."""

    key: str
    name: str
    before: int
    after: int

    @property
    def cents(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class PartWords:
    """A branch of a line's value: its share, what that makes exactly, and to the cent."""

    key: str
    name: str
    share: Fraction
    exact_cents: Fraction
    cents: int
    takes_the_rest: bool


@dataclass(frozen=True, slots=True)
class LineWords:
    """A line of the purchase: `parts` of its value or, when it corrects one, its `changes`."""

    reason: LineReason
    name: str
    parts: Sequence[PartWords]
    changes: Sequence[Change]

    @property
    def money_back_cents(self) -> int:
        return -self.reason.base_cents

    @property
    def credit_back_cents(self) -> int:
        return -self.reason.credit_cents


@dataclass(frozen=True, slots=True)
class PurchasePage:
    """Everything on the page “why this amount”; `title` says the result, `lead` of what."""

    title: str
    lead: str
    reason: PurchaseReason
    lines: Sequence[LineWords]
    branches: Sequence[BranchPart]
    tally: Tally
    spent: Sequence[LotUse]
    returned: Sequence[LotUse]
    taken: Sequence[LotUse]
    transfers: Sequence[Told]
    recorded_by: str
    file_name: str
    adoption: AdoptionRow | None


@dataclass(frozen=True, slots=True)
class GiftPage:
    """A gift: what each lot gave of it, and what all gave to the project."""

    gift: GiftRow
    lots: Sequence[LotUse]
    transfers: Sequence[Told]
    project_cents: int
    giver_count: int


@dataclass(frozen=True, slots=True)
class ExpiredPage:
    """Credit that ended, and where it went."""

    lot: ExpiredRow
    transfers: Sequence[Told]


def purchase_page(*, purchase_id: UUID, buyer_id: UUID) -> PurchasePage | None:
    """Return why a purchase came to its figures, None if it is not of this person."""
    reason = purchases.purchase_reason(purchase_id=purchase_id, buyer_id=buyer_id)
    if reason is None:
        return None
    entries, names = _transfers(purchase_id)
    return PurchasePage(
        title=_title(reason.row),
        lead=_lead(reason.row),
        reason=reason,
        lines=[_line(line) for line in reason.lines],
        branches=branch_parts(reason.row, reason.policy),
        tally=tally_of(entries),
        spent=lots_used(entries, codes=SPENT_CODES, names=names),
        returned=lots_used(entries, codes=RETURNED_CODES, names=names),
        taken=lots_used(entries, codes=TAKEN_CODES, names=names),
        transfers=told(entries, names=names),
        recorded_by=_name_of_user(reason.recorded_by),
        file_name=_file_name(reason.import_id),
        adoption=_adoption(reason),
    )


def gift_page(*, gift_id: UUID, giver_id: UUID) -> GiftPage | None:
    """Return a gift of this person, None for one of anybody else."""
    gift = valueback.gift_of(gift_id=gift_id, giver_id=giver_id)
    if gift is None:
        return None
    entries, names = _transfers(gift_id)
    given = valueback.given_to([gift.project_id])[gift.project_id]
    return GiftPage(
        gift=gift,
        lots=lots_used(entries, codes=("gift",), names=names),
        transfers=told(entries, names=names),
        project_cents=given.cents,
        giver_count=given.giver_count,
    )


def expired_page(*, lot_id: UUID, member_id: UUID) -> ExpiredPage | None:
    """Return credit of this person that ended, None for anybody else's."""
    lot = valueback.expired_lot_of(lot_id=lot_id, member_id=member_id)
    if lot is None:
        return None
    entries, names = _transfers(lot_id)
    return ExpiredPage(lot=lot, transfers=told(entries, names=names))


def _transfers(fact_id: UUID) -> tuple[list[Entry], dict[UUID, str]]:
    entries = ledger.transfers_of(fact_id)
    return entries, registry.names_of(parties(entries))


def _title(row: PurchaseRow) -> str:
    if row.is_undo:
        return _("Che cosa torna com’era")
    if row.kind == "refund":
        return _("Che cosa cambia con il reso")
    told = {"amount": euro(row.member_cents)}
    if row.member_cents <= 0:
        return _("Perché da qui non torna niente")
    return (
        _("Perché sono in arrivo %(amount)s")
        if row.is_pooled
        else _("Perché ti tornano %(amount)s")
    ) % told


def _lead(row: PurchaseRow) -> str:
    told = {
        "amount": euro(abs(row.total_cents)),
        "seller": row.seller_name,
        "when": when(row.happened_at),
    }
    if row.is_undo:
        return _("Spesa di %(amount)s da %(seller)s, annullata %(when)s.") % told
    if row.kind == "refund":
        return _("Reso di %(amount)s su una spesa da %(seller)s, %(when)s.") % told
    return _("Spesa di %(amount)s da %(seller)s, %(when)s.") % told


def _line(line: LineReason) -> LineWords:
    name = line.description or line.category
    if line.after is None:
        return LineWords(line, name, (), ())
    if line.before is None:
        return LineWords(line, name, [_part(each) for each in line.after.branches], ())
    pairs = zip(line.before.branches, line.after.branches, strict=True)
    changes = [
        Change(was.branch.key, branch_name(was.branch), was.cents, now.cents) for was, now in pairs
    ]
    return LineWords(line, name, (), changes)


def _part(why: BranchWhy) -> PartWords:
    branch = why.branch
    return PartWords(
        key=branch.key,
        name=branch_name(branch),
        share=branch.share,
        exact_cents=why.exact_cents,
        cents=why.cents,
        takes_the_rest=why.takes_the_rest,
    )


def _name_of_user(user_id: UUID | None) -> str:
    return registry.names_of_users([user_id]).get(user_id, "") if user_id else ""


def _file_name(import_id: UUID | None) -> str:
    if import_id is None:
        return ""
    file = imports.find_import(import_id=import_id)
    return file.file_name if file else ""


def _adoption(purchase: PurchaseReason) -> AdoptionRow | None:
    """Return the adoption by which the purchase's policy ran."""
    if purchase.policy is None:
        return None
    adopted = [
        row
        for row in governance.adoptions()
        if (row.digest, row.in_force_on) == (purchase.policy.digest, purchase.policy.in_force_on)
    ]
    return adopted[0] if adopted else None
