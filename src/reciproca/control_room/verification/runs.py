"""Every run computed again from what it froze: refunds, nettings; and policies by their text."""

from collections.abc import Iterator
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.clearing.actions import end_to_end_id, obligations_digest
from reciproca.clearing.models import ClearingRun, RunKind
from reciproca.clearing.queries import agreed_lines
from reciproca.clearing.rules import (
    Obligation,
    gross_cents,
    netted_payments,
    positions,
    set_off,
)
from reciproca.control_room.verification.base import Count, Faults, with_count
from reciproca.governance.models import Policy
from reciproca.governance.rules import canonical, digest, read_document
from reciproca.refunds.models import RefundLine, RefundRun
from reciproca.refunds.rules import ExchangeKind, MemberExchange, patronage_refund, split_payment
from reciproca.refunds.waterfall import (
    Law,
    as_stored,
    inputs_digest,
    pot_cents,
    stored_mutuality,
    surplus_of,
)
from reciproca.shared.errors import DomainError

ALL_BP = 10_000
COLUMNS = ("debtor_id", "creditor_id", "amount_cents")


def refund_runs_recomputed(count: Count) -> Faults:
    """The waterfall and every member's cents come out again from accounts, law and claims."""
    runs = list(RefundRun.objects.select_related("accounts__cooperative").order_by("id"))
    lines = 0
    for done, run in enumerate(runs, start=1):
        found = list(RefundLine.objects.filter(run=run).order_by("member_id"))
        lines += len(found)
        for fault in _told_of_what_lacks(_refund_faults(run, found)):
            yield _("Ristorno %(year)s di %(cooperative)s: %(fault)s") % {
                "year": run.accounts.year,
                "cooperative": run.accounts.cooperative.name,
                "fault": fault,
            }
        count(done, len(runs))
    return ", ".join(
        (
            with_count(ngettext("%(n)s ristorno", "%(n)s ristorni", len(runs)), len(runs)),
            with_count(ngettext("%(n)s parte", "%(n)s parti", lines), lines),
        )
    )


def _told_of_what_lacks(faults: Iterator[str]) -> Iterator[str]:
    """Yield these faults; something that a run should have kept and did not is one more."""
    try:
        yield from faults
    except (KeyError, TypeError, ValueError) as lack:
        sentence = _("non si può ricalcolare: fra ciò che ne fu conservato manca %(what)s.")
        yield sentence % {"what": lack}


def _refund_faults(run: RefundRun, lines: list[RefundLine]) -> Iterator[str]:
    accounts, law = run.accounts, Law.from_stored(run.waterfall["law"])
    kind, prevails = ExchangeKind(run.waterfall["kind"]), stored_mutuality(run.waterfall)
    inputs = inputs_digest(
        run_key=run.run_key,
        accounts=accounts,
        law=law,
        kind=kind,
        prevails=prevails,
        claims=[(line.member_id, line.claim, line.ceiling_cents) for line in lines],
    )
    if inputs != run.inputs_digest:
        yield _("conti o richieste non sono più quelli su cui fu diviso.")
        return
    surplus = surplus_of(accounts=accounts, law=law, prevails=prevails is not False)
    if run.waterfall != as_stored(surplus=surplus, law=law, kind=kind, prevails=prevails):
        yield _("i passi dell’avanzo, ricalcolati, sono diversi.")
    divided = patronage_refund(
        run_id=run.run_key,
        kind=kind,
        pot_cents=pot_cents(surplus),
        members=[_exchange(line, kind) for line in lines],
        # The ceilings are frozen line by line, so nothing is left to cap.
        worker_cap=Fraction(1),
    ).allocation
    if (run.pot_cents, run.undistributed_cents, run.member_count) != (
        pot_cents(surplus),
        divided.undistributed_cents,
        sum(1 for cents in divided.cents if cents),
    ):
        yield _("il totale da dividere, ricalcolato, è diverso.")
    for line, cents in zip(lines, divided.cents, strict=True):
        if line.amount_cents != cents or not _paid_as_said(run, line):
            yield _("la parte di %(member)s, ricalcolata, è diversa.") % {"member": line.member_id}


def _exchange(line: RefundLine, kind: ExchangeKind) -> MemberExchange:
    ceiling = line.ceiling_cents or 0
    return MemberExchange(str(line.member_id), line.claim, yearly_cents=ceiling)


def _paid_as_said(run: RefundRun, line: RefundLine) -> bool:
    paid = split_payment(
        amount_cents=line.amount_cents,
        cash=Fraction(run.accounts.cash_share_bp, ALL_BP),
        capital=Fraction(run.accounts.capital_share_bp, ALL_BP),
        share_value_cents=run.accounts.share_value_cents,
    )
    return (line.credit_cents, line.cash_cents, line.capital_cents) == (
        paid.credit_cents,
        paid.cash_cents,
        paid.share_capital_cents,
    )


def clearing_runs_recomputed(count: Count) -> Faults:
    """
    The payments of every netting come out again from the debts it took in; every set-off took no
    position away, and as much as ran in circles among who had accepted.
    """
    runs = list(ClearingRun.objects.select_related("closing__proposal").order_by("id"))
    for done, run in enumerate(runs, start=1):
        if run.kind == RunKind.NETTING and not _nets_again(run):
            yield _("La compensazione “%(label)s”, ricalcolata, dà pagamenti diversi.") % {
                "label": run.label
            }
        if run.kind == RunKind.SET_OFF and not _sets_off_again(run):
            yield _("I debiti in cerchio di “%(label)s”, ricalcolati, sono diversi.") % {
                "label": run.label
            }
        count(done, len(runs))
    return with_count(ngettext("%(n)s compensazione", "%(n)s compensazioni", len(runs)), len(runs))


def _nets_again(run: ClearingRun) -> bool:
    taken = _taken(run)
    to_pay = netted_payments(positions(taken))
    expected = {
        (*each, end_to_end_id(label=run.label, debtor_id=each.debtor, creditor_id=each.creditor))
        for each in to_pay
    }
    return (
        obligations_digest(taken) == run.obligations_digest
        and (gross_cents(taken), gross_cents(to_pay)) == (run.gross_cents, run.net_cents)
        and set(run.payments.values_list(*COLUMNS, "end_to_end_id")) == expected
    )


def _sets_off_again(run: ClearingRun) -> bool:
    """Several parts may cancel as much: the total is computed again, and this part checked."""
    taken = _taken(run)
    agreed = {pair[:2]: pair.amount_cents for pair in agreed_lines(proposal=run.closing.proposal)}
    again = set_off(Obligation(*pair, cents) for pair, cents in agreed.items())
    return (
        obligations_digest(taken) == run.obligations_digest
        and gross_cents(taken) == gross_cents(again) == run.gross_cents
        and not any(positions(taken).values())
        and all(each.amount_cents <= agreed.get(each[:2], 0) for each in taken)
        and not run.payments.exists()
    )


def _taken(run: ClearingRun) -> list[Obligation]:
    rows = run.obligations.order_by(*COLUMNS).values_list(*COLUMNS)
    return [Obligation(*row) for row in rows]


def policies_equal_their_digest(count: Count) -> Faults:
    """Every policy is the text that its hash names, written in the one canonical way."""
    policies = list(Policy.objects.order_by("digest"))
    for policy in policies:
        try:
            is_canonical = canonical(read_document(policy.document)) == policy.document
        except DomainError:
            is_canonical = False
        if digest(policy.document) != policy.digest or not is_canonical:
            yield _("I criteri “%(title)s” non sono il testo che la loro impronta nomina.") % {
                "title": policy.title
            }
    return with_count(ngettext("%(n)s testo", "%(n)s testi", len(policies)), len(policies))
