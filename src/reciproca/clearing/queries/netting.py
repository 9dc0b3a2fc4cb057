"""Reads of who owes whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from reciproca.clearing.models import ClearingRun, Payment, RunKind
from reciproca.clearing.models import Obligation as Taken
from reciproca.clearing.rules import Obligation
from reciproca.ledger import queries as ledger
from reciproca.ledger import sums
from reciproca.registry import queries as registry
from reciproca.registry.places import plain_words
from reciproca.shared.calendar import end_of_day
from reciproca.shared.sepa.files import Party

OBLIGATION_CODES = (
    "branch",
    "spend-owed",
    "gift-owed",
    "expiry-owed",
    "refund-branch",
    "refund-spend-owed",
    "refund-expired",
    "redistributed-common",
    "redistributed-returned",
    "tranche",
)
"""Why one node comes to owe another; the ledger's other euro codes net and settle what is owed."""


def open_obligations(*, until: date) -> list[Obligation]:
    """
    Return what each node owes each other for facts up to a day, by debtor and creditor.

    What earlier runs took in no longer counts. A run that went further than `until` may have taken
    in all there is, never more: such a pair is left out.
    """
    owed: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for total in ledger.pair_totals(
        purpose="clearing", codes=OBLIGATION_CODES, before=end_of_day(until)
    ):
        owed[total.debit_owner, total.credit_owner] += total.amount
    taken = Taken.objects.values_list("debtor", "creditor").annotate(cents=Sum("amount_cents"))
    for debtor, creditor, cents in taken:
        owed[debtor, creditor] -= cents
    return [
        Obligation(debtor, creditor, cents)
        for (debtor, creditor), cents in sorted(owed.items())
        if cents > 0
    ]


@dataclass(frozen=True, slots=True)
class RunRow:
    """One netting in a list: how much was owed, and what of the payments it left is still open."""

    id: UUID
    label: str
    until: date
    gross_cents: int
    net_cents: int
    payment_count: int
    open_count: int
    open_cents: int
    recorded_at: datetime


def runs() -> list[RunRow]:
    """Return every netting, the latest first, in one SQL query."""
    found = (
        ClearingRun.objects.filter(kind=RunKind.NETTING)
        .annotate(
            payment_count=Count("payments"),
            open_count=Count("payments", filter=Q(payments__settlement=None)),
            open_cents=Sum(
                "payments__amount_cents", filter=Q(payments__settlement=None), default=0
            ),
        )
        .order_by("-recorded_at", "-id")
    )
    return [
        RunRow(
            id=run.id,
            label=run.label,
            until=run.until,
            gross_cents=run.gross_cents,
            net_cents=run.net_cents,
            payment_count=run.payment_count,
            open_count=run.open_count,
            open_cents=run.open_cents,
            recorded_at=run.recorded_at,
        )
        for run in found
    ]


def run_named(*, run_id: UUID) -> ClearingRun | None:
    """Return a run, None where there is none."""
    return ClearingRun.objects.filter(id=run_id).first()


def run_labelled(*, label: str) -> ClearingRun | None:
    """Return the netting of a label, None where there is none."""
    return ClearingRun.objects.filter(kind=RunKind.NETTING, label=label).first()


@dataclass(frozen=True, slots=True)
class Debt:
    """One debt or payment with the names of its two nodes, as charts and tables show it."""

    id: UUID
    debtor_id: UUID
    debtor: str
    creditor_id: UUID
    creditor: str
    cents: int


class Drawn(NamedTuple):
    """One debt or payment as a picture needs it."""

    debtor: str
    creditor: str
    cents: int


def drawn_debts(*, run: ClearingRun) -> list[Drawn]:
    """Return everything that a run took in, in one SQL query of names and sums."""
    return _drawn(Taken.objects.filter(run=run))


def drawn_payments(*, run: ClearingRun) -> list[Drawn]:
    """Return every payment that a run left, in one SQL query of names and sums."""
    return _drawn(Payment.objects.filter(run=run))


def _drawn(rows: "QuerySet[Taken] | QuerySet[Payment]") -> list[Drawn]:
    named = rows.order_by("-amount_cents", "id").values_list(
        "debtor__name", "creditor__name", "amount_cents"
    )
    return [Drawn(*row) for row in named]


def obligations_of(*, run: ClearingRun, text: str = "") -> "QuerySet[Taken]":
    """
    Return what a run took in, to be read a page at a time, the largest first.

    `text` is part of the name of one of the two.
    """
    found = Taken.objects.filter(_named(text), run=run).select_related("debtor", "creditor")
    return found.order_by("-amount_cents", "id")


def obligations_among(*, node_id: UUID, year: int) -> list[Debt]:
    """Return what runs of a year took in of this node's debts and credits, largest first."""
    return [
        debt_of(row)
        for row in Taken.objects.filter(
            Q(debtor=node_id) | Q(creditor=node_id), run__until__year=year
        )
        .select_related("debtor", "creditor")
        .order_by("-amount_cents", "id")
    ]


def payments(
    *,
    run: ClearingRun | None = None,
    state: str = "",
    node_id: UUID | None = None,
    text: str = "",
) -> "QuerySet[Payment]":
    """
    Return payments to be read a page at a time, the largest first; each with run and settlement.

    `state` is `open`, `settled` or empty for both; with `node_id` those that it pays or receives;
    `text` is part of the name of who pays or receives.
    """
    found = Payment.objects.select_related("debtor", "creditor", "run", "settlement")
    found = found.filter(_named(text))
    if run is not None:
        found = found.filter(run=run)
    if node_id is not None:
        found = found.filter(Q(debtor=node_id) | Q(creditor=node_id))
    if state == "open":
        found = found.filter(settlement=None)
    elif state == "settled":
        found = found.filter(settlement__isnull=False)
    return found.order_by("-amount_cents", "id")


def _named(text: str) -> Q:
    """Return the condition that one side's name has these words."""
    sides = Q(), Q()
    for word in plain_words(text):
        sides = (
            sides[0] & Q(debtor__name_key__contains=word),
            sides[1] & Q(creditor__name_key__contains=word),
        )
    return sides[0] | sides[1]


def chosen_payments(ids: Collection[UUID], /) -> list[Payment]:
    """Return those of these payments that are still open, the largest first, in one SQL query."""
    return list(payments(state="open").filter(id__in=ids))


@dataclass(frozen=True, slots=True)
class PaymentSums:
    """How much is still to be paid, and how much the bank has confirmed."""

    open_count: int
    open_cents: int
    settled_count: int
    settled_cents: int


def payment_sums(*, run: ClearingRun | None = None) -> PaymentSums:
    """Return the sums of the payments (of a run), in one SQL query."""
    still_open = Q(settlement=None)
    found = Payment.objects.filter(run=run) if run else Payment.objects.all()
    sums_of = found.aggregate(
        open_count=Count("id", filter=still_open),
        open_cents=Sum("amount_cents", filter=still_open, default=0),
        settled_count=Count("id", filter=~still_open),
        settled_cents=Sum("amount_cents", filter=~still_open, default=0),
    )
    return PaymentSums(**sums_of)


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A netting of which the bank has not confirmed everything: how many payments, what sum."""

    run_id: UUID
    count: int
    cents: int


def open_payments_by_run() -> list[OpenRun]:
    """Return the nettings that still have payments to be confirmed, in one SQL query."""
    still_open = Payment.objects.filter(settlement=None).values_list("run_id")
    counted = still_open.annotate(n=Count("id"), cents=Sum("amount_cents")).order_by("run_id")
    return [OpenRun(*row) for row in counted]


def payment_count(*, run: ClearingRun) -> int:
    """Return how many payments a run left."""
    return run.payments.count()


@dataclass(frozen=True, slots=True)
class FileRow:
    """
    One debtor's bank file: how much it holds, and whose IBAN is missing, if anybody's.

    `within` are the payments that it leaves out, as they would not leave the account.
    """

    debtor_id: UUID
    debtor: str
    count: int
    cents: int
    within: int
    missing: tuple[str, ...]


def in_one_account(payment: Payment, parties: Mapping[UUID, Party], /) -> bool:
    """Tell whether payer and payee have one account: two funds of one holder."""
    payer, payee = (parties[node].iban for node in _sides(payment))
    return bool(payer) and payer == payee


def debtors_of(*, run: ClearingRun, text: str = "") -> "QuerySet[Payment, UUID]":
    """Return who still has something to pay after a run, by name, to be read a page at a time."""
    still_open = payments(run=run, state="open").select_related(None)
    for word in plain_words(text):
        still_open = still_open.filter(debtor__name_key__contains=word)
    by_debtor = still_open.order_by("debtor__name", "debtor")
    return by_debtor.values_list("debtor", flat=True).distinct()


def files_of(*, run: ClearingRun, debtors: Iterable[UUID]) -> list[FileRow]:
    """Return the bank files of these debtors' open payments, by name, in two SQL queries."""
    by_debtor: dict[UUID, list[Payment]] = defaultdict(list)
    for payment in payments(run=run, state="open").filter(debtor__in=list(debtors)):
        by_debtor[payment.debtor_id].append(payment)
    involved = {node for paid in by_debtor.values() for each in paid for node in _sides(each)}
    parties = registry.bank_parties(involved)
    rows = [_file_row(paid, parties) for paid in by_debtor.values()]
    return sorted(rows, key=lambda row: (row.debtor, row.debtor_id))


def _file_row(paid: Sequence[Payment], parties: Mapping[UUID, Party]) -> FileRow:
    ordered = [each for each in paid if not in_one_account(each, parties)]
    sides = {parties[node] for each in paid for node in _sides(each)}
    return FileRow(
        debtor_id=paid[0].debtor_id,
        debtor=paid[0].debtor.name,
        count=len(ordered),
        cents=sum(each.amount_cents for each in ordered),
        within=len(paid) - len(ordered),
        missing=tuple(sorted({party.name for party in sides if not party.iban})),
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """
    What one debt is made of: by reason and month, sums and counts, never baskets.

    A run may have taken in less than all of it: `other_cents` is what others set off before it, or
    what a set-off left.
    """

    debt: Debt
    run: ClearingRun
    reasons: list[sums.Reason]

    @property
    def cents(self) -> int:
        return sum(reason.amount for reason in self.reasons)

    @property
    def other_cents(self) -> int:
        return self.cents - self.debt.cents


def obligation_named(*, obligation_id: UUID) -> Taken | None:
    """Return a debt that a run took in, with its run and nodes; None where there is none."""
    return (
        Taken.objects.select_related("run", "debtor", "creditor").filter(id=obligation_id).first()
    )


def behind(*, obligation: Taken) -> Behind:
    """Return what a debt is made of, by reason and month, in two SQL queries."""
    within, without = _windows(obligation.run)
    return Behind(
        debt=debt_of(obligation),
        run=obligation.run,
        reasons=sums.reasons_between(
            purpose="clearing",
            debit_owner=obligation.debtor_id,
            credit_owner=obligation.creditor_id,
            codes=OBLIGATION_CODES,
            within=within,
            without=without,
            zone=settings.TIME_ZONE,
        ),
    )


def facts_behind(*, obligation: Taken, limit: int, offset: int = 0) -> list[tuple[UUID, int]]:
    """Return (fact, cents) of what a debt is made of, the latest first."""
    within, without = _windows(obligation.run)
    return sums.references_between(
        purpose="clearing",
        debit_owner=obligation.debtor_id,
        credit_owner=obligation.creditor_id,
        codes=OBLIGATION_CODES,
        within=within,
        without=without,
        limit=limit,
        offset=offset,
    )


def _windows(run: ClearingRun) -> tuple[sums.Window, list[sums.Window]]:
    """Return what a run could see, and what the nettings before it had taken in whole."""
    earlier = ClearingRun.objects.filter(kind=RunKind.NETTING, id__lt=run.id).order_by("id")
    return _window(run), [_window(each) for each in earlier]


def _window(run: ClearingRun) -> sums.Window:
    return sums.Window(run.id, end_of_day(run.until))


def _sides(payment: Payment) -> tuple[UUID, UUID]:
    return payment.debtor_id, payment.creditor_id


def debt_of(row: Taken | Payment) -> Debt:
    """Return a debt or payment, read with its nodes, as charts and tables show it."""
    return Debt(
        id=row.id,
        debtor_id=row.debtor_id,
        debtor=row.debtor.name,
        creditor_id=row.creditor_id,
        creditor=row.creditor.name,
        cents=row.amount_cents,
    )
