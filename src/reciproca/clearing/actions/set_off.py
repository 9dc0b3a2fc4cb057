"""Cancelling debts that run in circles: simulated, put to who is concerned, then done."""

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.clearing import queries, rules, telling
from reciproca.clearing.actions.netting import (
    LabelTaken,
    NothingOwed,
    check_period,
    netted,
    obligations_digest,
    take_in,
)
from reciproca.clearing.models import (
    ClearingRun,
    RunKind,
    SetOffAnswer,
    SetOffClosing,
    SetOffLine,
    SetOffParty,
    SetOffProposal,
)
from reciproca.ledger import actions as ledger
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import fact_id
from reciproca.shared.locks import share_turn, wait_for_turn


class NothingRunsInCircles(DomainError):
    code = "nothing-runs-in-circles"
    message = _(
        "Nessun debito torna da dove è partito: non c’è nulla da annullare in cerchio. Puoi"
        " compensarli tutti in pochi pagamenti."
    )


class ProposalOpen(DomainError):
    code = "proposal-open"
    message = _("“%(label)s” aspetta ancora risposte: concludila o ritirala, poi proponi la nuova.")


class AnswersByPast(DomainError):
    code = "answers-by-past"
    message = _("Lascia almeno fino a domani per rispondere: scegli un giorno che deve venire.")
    status = 422


class NotAsked(DomainError):
    code = "not-asked"
    message = _("Questa proposta non ti riguarda, oppure non c’è più.")
    status = 404


class ProposalClosed(DomainError):
    code = "proposal-closed"
    message = _("“%(label)s” è già conclusa: le risposte non si cambiano più.")


class AnswersAwaited(DomainError):
    code = "answers-awaited"
    message = _(
        "Ne mancano ancora %(count)s: aspetta fino al %(day)s, poi chi non ha risposto resta fuori."
    )


class ProposalOvertaken(DomainError):
    code = "proposal-overtaken"
    message = _(
        "Nel frattempo una compensazione ha preso parte di questi debiti: ritira la proposta, e se"
        " serve fanne una nuova."
    )


@transaction.atomic
def propose_set_off(
    *,
    label: str,
    until: date,
    answers_by: date,
    federation_id: UUID,
    proposed_by: UUID | None,
    proposed_at: datetime,
) -> SetOffProposal:
    """
    Simulate what the debts up to a day would cancel in circles, and ask who is concerned.

    Nothing moves. A node is asked for itself and for the funds and projects it holds; the
    federation, which proposes, has thereby accepted. One proposal is open at a time.

    Raises: LabelMissing, PeriodNotOver, AnswersByPast, LabelTaken, ProposalOpen, NothingOwed,
    NothingRunsInCircles, rules.DebtsTooLarge.
    Source: docs/rules/set-off.md
    """
    check_period(label=label, until=until, at=proposed_at)
    if answers_by <= localdate(proposed_at):
        raise AnswersByPast
    wait_for_turn("clearing")
    if taken := SetOffProposal.objects.filter(label=label).first():
        raise LabelTaken(label=label, until=taken.until.strftime("%d/%m/%Y"))
    if unfinished := SetOffProposal.objects.filter(closing=None).first():
        raise ProposalOpen(label=unfinished.label)
    owed = queries.open_obligations(until=until)
    if not owed:
        raise NothingOwed
    cancelled = rules.set_off(owed)
    if not cancelled:
        raise NothingRunsInCircles
    proposal = SetOffProposal.objects.create(
        id=fact_id(),
        label=label,
        until=until,
        answers_by=answers_by,
        owed_cents=rules.gross_cents(owed),
        set_off_cents=rules.gross_cents(cancelled),
        only_way=rules.only_set_off(owed, cancelled),
        proposed_by=proposed_by,
        recorded_at=proposed_at,
    )
    _write_lines(proposal, owed, cancelled)
    parties = _write_parties(proposal, cancelled)
    if federation_id in parties:
        _answer(parties[federation_id], True, False, proposed_by, proposed_at)
    asked = parties.keys() - {federation_id}
    telling.tell_asked(proposal=proposal, nodes=asked, told_at=proposed_at)
    return proposal


@transaction.atomic
def answer_set_off(
    *,
    proposal_id: UUID,
    node_id: UUID,
    accepted: bool,
    on_paper: bool,
    answered_by: UUID | None,
    answered_at: datetime,
) -> SetOffAnswer:
    """
    Say for a node whether it takes part; of several answers the last one counts.

    Accepted is what the proposal says, debt by debt, as the most that the node gives up: where
    others stay out it may become less, never more.

    Raises: NotAsked, ProposalClosed.
    """
    # Whoever concludes the proposal waits for the answers under way, and they for it.
    share_turn("clearing")
    party = SetOffParty.objects.filter(proposal=proposal_id, node=node_id).first()
    if party is None:
        raise NotAsked
    _refuse_closed(party.proposal)
    return _answer(party, accepted, on_paper, answered_by, answered_at)


@transaction.atomic
def close_set_off(
    *, proposal_id: UUID, closed_by: UUID | None, closed_at: datetime
) -> ClearingRun | None:
    """
    Cancel, of what was proposed, all that still runs in circles among who accepted.

    If everybody accepted that is the whole proposal. None where nothing was left: the proposal is
    then closed as if it had been withdrawn. Asked again it returns the first answer.

    Raises: NotAsked, AnswersAwaited, ProposalOvertaken.
    Source: docs/rules/set-off.md
    """
    wait_for_turn("clearing")
    proposal = _proposal(proposal_id)
    if (closing := SetOffClosing.objects.filter(proposal=proposal).first()) is not None:
        return closing.run
    answers = queries.answers_of(proposal=proposal)
    missing = sum(1 for answer in answers.values() if answer is None)
    if missing and localdate(closed_at) <= proposal.answers_by:
        raise AnswersAwaited(count=missing, day=proposal.answers_by.strftime("%d/%m/%Y"))
    agreed = queries.agreed_lines(proposal=proposal)
    _refuse_overtaken(proposal, agreed)
    cancelled = rules.set_off(agreed)
    run = _run(proposal, cancelled, closed_by, closed_at) if cancelled else None
    SetOffClosing.objects.create(
        proposal=proposal, run=run, closed_by=closed_by, recorded_at=closed_at
    )
    if run is not None:
        telling.tell_done(proposal=proposal, nodes=answers.keys(), told_at=closed_at)
    return run


@transaction.atomic
def withdraw_set_off(
    *, proposal_id: UUID, withdrawn_by: UUID | None, withdrawn_at: datetime
) -> None:
    """
    Take a proposal back: nothing moves. Withdrawn again it changes nothing.

    Raises: NotAsked, ProposalClosed (it was carried out).
    """
    wait_for_turn("clearing")
    proposal = _proposal(proposal_id)
    closing, _is_new = SetOffClosing.objects.get_or_create(
        proposal=proposal, defaults={"closed_by": withdrawn_by, "recorded_at": withdrawn_at}
    )
    if closing.run_id is not None:
        raise ProposalClosed(label=proposal.label)


def _proposal(proposal_id: UUID) -> SetOffProposal:
    proposal = SetOffProposal.objects.filter(id=proposal_id).first()
    if proposal is None:
        raise NotAsked
    return proposal


def _refuse_closed(proposal: SetOffProposal) -> None:
    if SetOffClosing.objects.filter(proposal=proposal).exists():
        raise ProposalClosed(label=proposal.label)


def _refuse_overtaken(proposal: SetOffProposal, agreed: list[rules.Obligation]) -> None:
    """What one owes another grows until a run takes it in: less than then is a run meanwhile."""
    still = {
        (debtor, creditor): cents
        for debtor, creditor, cents in queries.open_obligations(until=proposal.until)
    }
    if any(still.get((debtor, creditor), 0) < cents for debtor, creditor, cents in agreed):
        raise ProposalOvertaken


def _write_lines(
    proposal: SetOffProposal, owed: list[rules.Obligation], cancelled: list[rules.Obligation]
) -> None:
    whole = {(debtor, creditor): cents for debtor, creditor, cents in owed}
    SetOffLine.objects.bulk_create(
        SetOffLine(
            id=fact_id(),
            proposal=proposal,
            debtor_id=debtor,
            creditor_id=creditor,
            owed_cents=whole[debtor, creditor],
            amount_cents=cents,
        )
        for debtor, creditor, cents in cancelled
    )


def _write_parties(
    proposal: SetOffProposal, cancelled: list[rules.Obligation]
) -> dict[UUID, SetOffParty]:
    """Write down who is asked, with what all of their nodes would be forgiven together."""
    holders = registry.holders_among({node for each in cancelled for node in each[:2]})
    forgiven: Counter[UUID] = Counter()
    for debtor, _creditor, cents in cancelled:
        forgiven[holders[debtor]] += cents
    parties = [
        SetOffParty(id=fact_id(), proposal=proposal, node_id=node, amount_cents=cents)
        for node, cents in sorted(forgiven.items())
    ]
    return {party.node_id: party for party in SetOffParty.objects.bulk_create(parties)}


def _answer(
    party: SetOffParty, accepted: bool, on_paper: bool, by: UUID | None, at: datetime
) -> SetOffAnswer:
    return SetOffAnswer.objects.create(
        id=fact_id(),
        party=party,
        accepted=accepted,
        on_paper=on_paper,
        answered_by=by,
        recorded_at=at,
    )


def _run(
    proposal: SetOffProposal, cancelled: list[rules.Obligation], by: UUID | None, at: datetime
) -> ClearingRun:
    run = ClearingRun(
        id=fact_id(),
        kind=RunKind.SET_OFF,
        label=proposal.label,
        until=proposal.until,
        gross_cents=rules.gross_cents(cancelled),
        net_cents=0,
        obligations_digest=obligations_digest(cancelled),
        recorded_by=by,
        recorded_at=at,
    )
    obligations = take_in(run=run, name="set-off", owed=cancelled)
    # One batch: half a circle would change a position.
    ledger.post([netted(each, at) for each in obligations])
    return run
