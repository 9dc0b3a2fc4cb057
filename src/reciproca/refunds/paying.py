"""Cash refunds: the bank file of a cooperative, and what the bank confirmed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from reciproca.ledger import actions as ledger
from reciproca.ledger.rules import Move, Posting, bank, payable
from reciproca.refunds import errors
from reciproca.refunds.models import CashOrder, CashPayment, RefundLine, RefundRun
from reciproca.refunds.queries import unpaid_lines
from reciproca.registry import queries as registry
from reciproca.shared.calendar import next_working_day
from reciproca.shared.ids import fact_id
from reciproca.shared.sepa import Payment, credit_transfer_files, write_file


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file for the bank: its name and bytes, how many transfers of how much."""

    name: str
    content: bytes
    count: int
    amount_cents: int


def cash_file(*, run: RefundRun, created_at: datetime, remittance: str) -> BankFile:
    """
    Return the credit-transfer file of all cash refunds not yet paid to members with an IBAN.

    The same file may be made again until the bank confirms. What was in a file is written down, so
    that a confirmation never covers who wrote an IBAN only after it.

    Raises: NothingToPay, shared.AccountMissing (the cooperative's own), IdentifierRefused.
    """
    lines = [line for line in unpaid_lines(run=run) if line.member.iban]
    if not lines:
        raise errors.NothingToPay
    payer = run.accounts.cooperative_id
    parties = registry.bank_parties([payer, *(line.member_id for line in lines)])
    [file] = credit_transfer_files(
        payments=[
            Payment(str(payer), str(line.member_id), line.cash_cents, remittance) for line in lines
        ],
        parties={party.id: party for party in parties.values()},
        batch=f"RIST{run.accounts.year}",
        execution_on=next_working_day(localtime(created_at).date()),
    )
    CashOrder.objects.bulk_create(
        [CashOrder(line=line, ordered_at=created_at) for line in lines],
        batch_size=5_000,
        ignore_conflicts=True,
    )
    return BankFile(
        name=f"ristorno-{run.accounts.year}.xml",
        content=write_file(file=file, created_at=created_at),
        count=len(file.transfers),
        amount_cents=file.control_sum_cents,
    )


@transaction.atomic
def confirm_cash_payments(
    *,
    run_id: UUID,
    line_ids: list[UUID] | None,
    bank_reference: str,
    paid_on: date,
    confirmed_by: UUID | None,
    recorded_at: datetime,
) -> int:
    """
    Write down that the bank paid these cash refunds; return how many were not yet.

    Without `line_ids`: all that its files held; where none was made, because the cooperative pays
    in a way of its own, all those of members with an IBAN. A refund that is already paid stays as
    it is.

    Raises: ReferenceMissing, PaidInFuture.
    """
    if not bank_reference.strip():
        raise errors.ReferenceMissing
    if paid_on > localtime(recorded_at).date():
        raise errors.PaidInFuture
    # The run is the lock: two who confirm the same file meet here.
    run = RefundRun.objects.select_for_update().get(id=run_id)
    chosen = _ordered(run) if line_ids is None else set(line_ids)
    lines = [line for line in unpaid_lines(run=run) if line.id in chosen]
    paid = [
        CashPayment(
            id=fact_id(),
            line=line,
            bank_reference=bank_reference.strip(),
            paid_on=paid_on,
            confirmed_by=confirmed_by,
            recorded_at=recorded_at,
        )
        for line in lines
    ]
    CashPayment.objects.bulk_create(paid, batch_size=5_000)
    payer = run.accounts.cooperative_id
    ledger.post([_posting(payment.id, payer, payment.line, recorded_at) for payment in paid])
    return len(paid)


def _ordered(run: RefundRun) -> set[UUID]:
    """Return the refunds that files of this run held, or would hold if none was made."""
    ordered = set(CashOrder.objects.filter(line__run=run).values_list("line", flat=True))
    return ordered or {line.id for line in unpaid_lines(run=run) if line.member.iban}


def _posting(payment_id: UUID, payer: UUID, line: RefundLine, at: datetime) -> Posting:
    due = payable(member=line.member_id, cooperative=payer)
    return Posting(payment_id, at, [Move(due, bank(node=payer), line.cash_cents, "patronage-paid")])
