"""Netting a period's debts, and settling the few payments that remain."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from reciproca.clearing import queries, rules
from reciproca.clearing.models import ClearingRun, Obligation, Payment, RunKind, Settlement
from reciproca.ledger import actions as ledger
from reciproca.ledger.rules import Move, Posting, clearing
from reciproca.registry import queries as registry
from reciproca.shared.calendar import next_working_day
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import fact_id
from reciproca.shared.locks import wait_for_turn
from reciproca.shared.sepa import Payment as BankPayment
from reciproca.shared.sepa import bounded_id, credit_transfer_files, write_file
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import leaf


class LabelTaken(DomainError):
    code = "label-taken"
    message = _(
        "“%(label)s” è già il nome della compensazione fino al %(until)s: scegline un altro."
    )


class LabelMissing(DomainError):
    code = "label-missing"
    message = _("Dai un nome al periodo, per esempio “3º trimestre 2026”.")
    status = 422


class PeriodNotOver(DomainError):
    code = "period-not-over"
    message = _("Si compensa ciò che è già successo: scegli un giorno fino a oggi.")
    status = 422


class NothingOwed(DomainError):
    code = "nothing-owed"
    message = _("Fino a quel giorno nessuno deve niente a nessuno: non c’è nulla da compensare.")


class NothingToPay(DomainError):
    code = "nothing-to-pay"
    message = _("Dopo questa compensazione non resta nulla da pagare.")
    status = 404


class OneAccount(DomainError):
    code = "one-account"
    message = _(
        "Chi paga e chi riceve hanno lo stesso IBAN: in banca non c’è nulla da ordinare. Conferma"
        " il pagamento con il riferimento dell’annotazione interna."
    )


class PaymentUnknown(DomainError):
    code = "payment-unknown"
    message = _("Uno dei pagamenti scelti non c’è: torna alla lista e riprova.")
    status = 404


class PaymentSettled(DomainError):
    code = "payment-settled"
    message = _("Il pagamento %(payment)s risulta già confermato con il riferimento %(reference)s.")


class ReferenceMissing(DomainError):
    code = "reference-missing"
    message = _("Scrivi per ogni pagamento il riferimento che la banca gli ha dato.")
    status = 422


class ReferenceUsed(DomainError):
    code = "reference-used"
    message = _(
        "Il riferimento %(reference)s è già di un altro pagamento: ogni bonifico ha il suo."
    )


class SettledInFuture(DomainError):
    code = "settled-in-future"
    message = _("Il giorno del pagamento non può essere nel futuro.")
    status = 422


class Confirmation(NamedTuple):
    """The bank's own reference of one payment."""

    payment_id: UUID
    bank_reference: str


@transaction.atomic
def run_clearing(
    *, label: str, until: date, recorded_by: UUID | None, recorded_at: datetime
) -> ClearingRun:
    """
    Take in what everybody owes up to a day, and leave the few payments that settle it.

    One run per `label`: asked again it returns the first and moves nothing. What arrives later for
    days already taken in belongs to the next run.

    Raises: LabelMissing, PeriodNotOver, LabelTaken (the label names another day), NothingOwed.
    Source: docs/rules/netting.md
    """
    check_period(label=label, until=until, at=recorded_at)
    # Two runs that read the same debts would both take them in: one at a time.
    wait_for_turn("clearing")
    earlier = queries.run_labelled(label=label)
    if earlier is None:
        return _run(label, until, recorded_by, recorded_at)
    if earlier.until != until:
        raise LabelTaken(label=label, until=earlier.until.strftime("%d/%m/%Y"))
    return earlier


def check_period(*, label: str, until: date, at: datetime) -> None:
    """Raises: LabelMissing, PeriodNotOver."""
    if not label.strip():
        raise LabelMissing
    if until > localtime(at).date():
        raise PeriodNotOver


def _run(label: str, until: date, recorded_by: UUID | None, recorded_at: datetime) -> ClearingRun:
    # Before the debts are read: what is recorded from now on is not in this run.
    run_id = fact_id()
    owed = queries.open_obligations(until=until)
    if not owed:
        raise NothingOwed
    to_pay = rules.netted_payments(rules.positions(owed))
    run = ClearingRun(
        id=run_id,
        kind=RunKind.NETTING,
        label=label,
        until=until,
        gross_cents=rules.gross_cents(owed),
        net_cents=rules.gross_cents(to_pay),
        obligations_digest=obligations_digest(owed),
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )
    obligations = take_in(run=run, name="clearing", owed=owed)
    payments = [
        Payment(
            id=fact_id(),
            run=run,
            debtor_id=debtor,
            creditor_id=creditor,
            amount_cents=cents,
            end_to_end_id=end_to_end_id(label=label, debtor_id=debtor, creditor_id=creditor),
        )
        for debtor, creditor, cents in to_pay
    ]
    Payment.objects.bulk_create(payments)
    # One batch: that everybody's position stays the same is then seen in every state of the ledger.
    ledger.post(
        [netted(each, recorded_at) for each in obligations]
        + [_posting(each, recorded_at, "to_pay") for each in payments]
    )
    return run


def take_in(*, run: ClearingRun, name: str, owed: Sequence[rules.Obligation]) -> list[Obligation]:
    """Write down a run, what it takes in, and its leaf in the log, where it is called `name`."""
    run.save(force_insert=True)
    transparency.record(
        [
            leaf(
                kind="R",
                id=run.id,
                content={
                    "run": name,
                    "label": run.label,
                    "until": run.until.isoformat(),
                    "gross_cents": run.gross_cents,
                    "net_cents": run.net_cents,
                    "obligations_digest": run.obligations_digest,
                },
            )
        ]
    )
    return Obligation.objects.bulk_create(
        Obligation(
            id=fact_id(), run=run, debtor_id=debtor, creditor_id=creditor, amount_cents=cents
        )
        for debtor, creditor, cents in owed
    )


def netted(obligation: Obligation, at: datetime) -> Posting:
    """Return what cancels a debt that a run took in: the contrary of it."""
    return _posting(obligation, at, "netted", contrary=True)


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file for the bank: its name and bytes, how many transfers of how much."""

    name: str
    content: bytes
    count: int
    amount_cents: int


def payment_file(*, run: ClearingRun, debtor_id: UUID, created_at: datetime) -> BankFile:
    """
    Return the credit-transfer file of what a debtor still has to pay after a run.

    A fund's or project's payments are ordered by who holds its money; one that would stay in the
    same account is left out. The same file may be made again until the bank confirms.

    Raises: NothingToPay, OneAccount, shared.AccountMissing (names whose), shared.IdentifierRefused.
    Source: docs/rules/netting.md
    """
    open_payments = [
        each for each in queries.payments(run=run, state="open") if each.debtor_id == debtor_id
    ]
    if not open_payments:
        raise NothingToPay
    parties = registry.bank_parties([debtor_id, *(each.creditor_id for each in open_payments)])
    ordered = [each for each in open_payments if not queries.in_one_account(each, parties)]
    if not ordered:
        raise OneAccount
    [file] = credit_transfer_files(
        payments=[
            BankPayment(
                debtor_id=str(debtor_id),
                creditor_id=str(each.creditor_id),
                amount_cents=each.amount_cents,
                remittance=_remittance(run, each),
            )
            for each in ordered
        ],
        parties={party.id: party for party in parties.values()},
        batch=run.label,
        execution_on=next_working_day(localtime(created_at).date()),
    )
    return BankFile(
        name=f"{slugify(f'compensazione-{run.label}-{open_payments[0].debtor.name}')}.xml",
        content=write_file(file=file, created_at=created_at),
        count=len(file.transfers),
        amount_cents=file.control_sum_cents,
    )


def _remittance(run: ClearingRun, payment: Payment) -> str:
    """Return what both banks will print: in the house's language, whoever makes the file."""
    with override(settings.LANGUAGE_CODE):
        return gettext("Compensazione %(label)s, %(debtor)s a %(creditor)s") % {
            "label": run.label,
            "debtor": payment.debtor.name,
            "creditor": payment.creditor.name,
        }


@transaction.atomic
def confirm_payments(
    *,
    confirmations: Sequence[Confirmation],
    settled_on: date,
    confirmed_by: UUID | None,
    recorded_at: datetime,
) -> list[Settlement]:
    """
    Write down that the bank made these payments, all or none; what was owed is settled.

    The same reference again for the same payment changes nothing.

    Raises: PaymentUnknown, PaymentSettled (with another reference), ReferenceMissing,
    ReferenceUsed, SettledInFuture.
    """
    if settled_on > localtime(recorded_at).date():
        raise SettledInFuture
    references = {each.payment_id: each.bank_reference.strip() for each in confirmations}
    if not all(references.values()):
        raise ReferenceMissing
    # Two officers with the same list on screen: the second waits here and then finds it done.
    wait_for_turn("clearing")
    payments = list(Payment.objects.filter(id__in=references).order_by("id"))
    if len(payments) != len(references):
        raise PaymentUnknown
    known = {each.payment_id: each for each in Settlement.objects.filter(payment__in=payments)}
    _check_references(references, known)
    fresh = [
        Settlement(
            id=fact_id(),
            payment=payment,
            bank_reference=references[payment.id],
            settled_on=settled_on,
            confirmed_by=confirmed_by,
            recorded_at=recorded_at,
        )
        for payment in payments
        if payment.id not in known
    ]
    Settlement.objects.bulk_create(fresh)
    ledger.post(
        [
            _posting(each.payment, recorded_at, "settled", contrary=True, reference=each.id)
            for each in fresh
        ]
    )
    return [*known.values(), *fresh]


def _check_references(references: dict[UUID, str], known: dict[UUID, Settlement]) -> None:
    for payment_id, settlement in known.items():
        if settlement.bank_reference != references[payment_id]:
            raise PaymentSettled(
                payment=settlement.payment.end_to_end_id, reference=settlement.bank_reference
            )
    wanted = [reference for payment, reference in references.items() if payment not in known]
    used = Settlement.objects.filter(bank_reference__in=wanted).values_list(
        "bank_reference", flat=True
    )
    twice = set(used) | {reference for reference in wanted if wanted.count(reference) > 1}
    if twice:
        raise ReferenceUsed(reference=min(twice))


def obligations_digest(obligations: Sequence[rules.Obligation]) -> str:
    """Return the SHA-256 of what a run took in: debtor, creditor and cents, one pair a line."""
    lines = (f"{debtor} {creditor} {cents}\n" for debtor, creditor, cents in obligations)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def end_to_end_id(*, label: str, debtor_id: UUID, creditor_id: UUID) -> str:
    """Return the id that a payment carries through the banks, at most 35 characters."""
    return bounded_id(f"{label}-{debtor_id}-{creditor_id}")


def _posting(
    debt: Obligation | Payment,
    at: datetime,
    code: str,
    *,
    contrary: bool = False,
    reference: UUID | None = None,
) -> Posting:
    debtor, creditor = clearing(node=debt.debtor_id), clearing(node=debt.creditor_id)
    sides = (creditor, debtor) if contrary else (debtor, creditor)
    return Posting(reference or debt.id, at, [Move(*sides, debt.amount_cents, code)])
