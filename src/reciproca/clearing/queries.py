"""Reads of who owes whom."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.db.models import Sum

from reciproca.clearing.models import ClearingRun
from reciproca.clearing.models import Obligation as Taken
from reciproca.clearing.rules import Obligation
from reciproca.ledger import queries as ledger
from reciproca.shared.calendar import end_of_day

OBLIGATION_CODES = (
    "branch",
    "spend-owed",
    "gift-owed",
    "expiry-owed",
    "refund-branch",
    "refund-spend-owed",
    "refund-expired",
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


def payment_count(*, run: ClearingRun) -> int:
    """Return how many payments a run left."""
    return run.payments.count()
