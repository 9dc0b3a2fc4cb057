"""Reads of debts that run in circles: what was proposed, who said what, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, OuterRef, Q, QuerySet, Subquery

from reciproca.clearing.models import (
    ClearingRun,
    Obligation,
    RunKind,
    SetOffAnswer,
    SetOffLine,
    SetOffParty,
    SetOffProposal,
)
from reciproca.clearing.rules import Obligation as Owed
from reciproca.ledger import queries as ledger
from reciproca.ledger.rules import clearing
from reciproca.registry import queries as registry
from reciproca.registry.places import plain_words

OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """
    A proposal and how far it is: who said what, and, once it is done, how much was cancelled.

    `state` is `open`, `done` or `withdrawn`.
    """

    id: UUID
    label: str
    until: date
    answers_by: date
    owed_cents: int
    set_off_cents: int
    only_way: bool
    state: str
    run_id: UUID | None
    cancelled_cents: int
    accepted_count: int
    refused_count: int
    party_count: int

    @property
    def waiting_count(self) -> int:
        return self.party_count - self.accepted_count - self.refused_count

    @property
    def stays_cents(self) -> int:
        return self.owed_cents - self.set_off_cents


@dataclass(frozen=True, slots=True)
class Party:
    """Who is asked, with what it would be forgiven; `accepted` None: no answer yet."""

    node_id: UUID
    name: str
    amount_cents: int
    accepted: bool | None
    on_paper: bool


@dataclass(frozen=True, slots=True)
class Line:
    """
    One debt from a node's side: `own` is the node or the fund it holds, `other` the far side.

    `done_cents` is None while nothing is concluded; `silent` and `refused` say of the far side's
    holder why less was cancelled than proposed.
    """

    own: str
    other: str
    owed_cents: int
    amount_cents: int
    done_cents: int | None
    other_refused: bool
    other_silent: bool


@dataclass(frozen=True, slots=True)
class PartyPage:
    """
    A proposal explained to one who is asked: what it gives up, is forgiven, and where it stands.

    The two sums are one and the same, so `position_cents`, owed to it less owed by it, stays.
    """

    proposal: ProposalRow
    party: Party
    gives_up: Sequence[Line]
    forgiven: Sequence[Line]
    position_cents: int

    @property
    def gives_up_cents(self) -> int:
        return sum(line.amount_cents for line in self.gives_up)

    @property
    def forgiven_cents(self) -> int:
        return sum(line.amount_cents for line in self.forgiven)

    @property
    def done_cents(self) -> int:
        return sum(line.done_cents or 0 for line in self.forgiven)


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal that waits for a node's answer."""

    proposal_id: UUID
    label: str
    answers_by: date
    amount_cents: int


def proposals() -> list[ProposalRow]:
    """Return every proposal, the latest first, in one SQL query."""
    return [_row(each) for each in _counted().order_by("-id")]


def proposal_named(*, proposal_id: UUID) -> ProposalRow | None:
    """Return a proposal, None where there is none, in one SQL query."""
    found = _counted().filter(id=proposal_id).first()
    return _row(found) if found else None


def proposal_of(*, run: ClearingRun) -> UUID | None:
    """Return the proposal that a set-off came of, None for a netting."""
    closing = getattr(run, "closing", None)
    return closing.proposal_id if closing else None


def parties_of(*, proposal_id: UUID, text: str = "") -> QuerySet[Any, Any]:
    """Return who is asked, to be read a page at a time: who has not answered first, the largest."""
    found = _answered(SetOffParty.objects.filter(proposal=proposal_id)).select_related("node")
    for word in plain_words(text):
        found = found.filter(node__name_key__contains=word)
    return found.order_by("-accepted", "-amount_cents", "id")


def party_of(row: Any) -> Party:
    """Return a row of `parties_of` as pages show it."""
    return Party(row.node_id, row.node.name, row.amount_cents, row.accepted, bool(row.on_paper))


def party_page(*, proposal_id: UUID, node_id: UUID) -> PartyPage | None:
    """Explain a proposal to one who is asked; None for anybody else. Six SQL queries at most."""
    proposal = proposal_named(proposal_id=proposal_id)
    row = parties_of(proposal_id=proposal_id).filter(node=node_id).first()
    if proposal is None or row is None:
        return None
    mine = Q(debtor=node_id) | Q(debtor__held_by=node_id)
    theirs = Q(creditor=node_id) | Q(creditor__held_by=node_id)
    lines = SetOffLine.objects.filter(mine | theirs, proposal=proposal_id)
    lines = lines.select_related("debtor", "creditor").order_by("-amount_cents", "id")
    done = _done(proposal, mine | theirs)
    said = _said(proposal_id)
    gives_up, forgiven, nodes = [], [], {node_id}
    for line in lines:
        pair = line.debtor_id, line.creditor_id
        cents = done.get(pair, 0) if done is not None else None
        debtor_holder = line.debtor.held_by_id or line.debtor_id
        creditor_holder = line.creditor.held_by_id or line.creditor_id
        # Between two nodes of one holder a line is on both sides.
        if creditor_holder == node_id:
            nodes.add(line.creditor_id)
            gives_up.append(_line(line, cents, said.get(debtor_holder), as_creditor=True))
        if debtor_holder == node_id:
            nodes.add(line.debtor_id)
            forgiven.append(_line(line, cents, said.get(creditor_holder), as_creditor=False))
    balances = ledger.balances([clearing(node=node) for node in nodes])
    return PartyPage(proposal, party_of(row), gives_up, forgiven, sum(balances.values()))


def asked_now(*, node_id: UUID) -> list[Asked]:
    """Return the open proposals that wait for a node's answer, in one SQL query."""
    waiting = _answered(SetOffParty.objects.filter(node=node_id, proposal__closing=None))
    return [
        Asked(row.proposal_id, row.proposal.label, row.proposal.answers_by, row.amount_cents)
        for row in waiting.filter(accepted=None).select_related("proposal").order_by("id")
    ]


def answers_of(*, proposal: SetOffProposal) -> dict[UUID, bool | None]:
    """Return what each party said last, None for who said nothing, in one SQL query."""
    return _said(proposal.id)


def agreed_lines(*, proposal: SetOffProposal) -> list[Owed]:
    """Return the lines of a proposal whose two sides have accepted, in three SQL queries."""
    said = answers_of(proposal=proposal)
    lines = list(
        SetOffLine.objects.filter(proposal=proposal).values_list(
            "debtor", "creditor", "amount_cents"
        )
    )
    holders = registry.holders_among({node for line in lines for node in line[:2]})
    return [
        Owed(debtor, creditor, cents)
        for debtor, creditor, cents in lines
        if said.get(holders[debtor]) and said.get(holders[creditor])
    ]


def _said(proposal_id: UUID) -> dict[UUID, bool | None]:
    parties = _answered(SetOffParty.objects.filter(proposal=proposal_id))
    return dict(parties.values_list("node", "accepted"))


def _counted() -> QuerySet[SetOffProposal]:
    last = _last_answer("parties__pk")
    found = SetOffProposal.objects.select_related("closing__run")
    return found.alias(said=last).annotate(
        party_count=Count("parties"),
        accepted_count=Count("parties", filter=Q(said=True)),
        refused_count=Count("parties", filter=Q(said=False)),
    )


def _last_answer(party: str) -> Subquery:
    answers = SetOffAnswer.objects.filter(party=OuterRef(party)).order_by("-id")
    return Subquery(answers.values("accepted")[:1], output_field=BooleanField(null=True))


def _answered(parties: QuerySet[SetOffParty]) -> QuerySet[Any, Any]:
    answers = SetOffAnswer.objects.filter(party=OuterRef("pk")).order_by("-id")
    return parties.annotate(
        accepted=_last_answer("pk"), on_paper=Subquery(answers.values("on_paper")[:1])
    )


def _row(found: SetOffProposal) -> ProposalRow:
    closing = getattr(found, "closing", None)
    run = closing.run if closing else None
    state = OPEN if closing is None else DONE if run else WITHDRAWN
    counts = vars(found)
    return ProposalRow(
        id=found.id,
        label=found.label,
        until=found.until,
        answers_by=found.answers_by,
        owed_cents=found.owed_cents,
        set_off_cents=found.set_off_cents,
        only_way=found.only_way,
        state=state,
        run_id=run.id if run else None,
        cancelled_cents=run.gross_cents if run else 0,
        accepted_count=counts["accepted_count"],
        refused_count=counts["refused_count"],
        party_count=counts["party_count"],
    )


def _done(proposal: ProposalRow, of_node: Q) -> dict[tuple[UUID, UUID], int] | None:
    """Return what was cancelled of a node's debts and credits, None while nothing is concluded."""
    if proposal.run_id is None:
        return None
    found = Obligation.objects.filter(of_node, run=proposal.run_id, run__kind=RunKind.SET_OFF)
    return {
        (debtor, creditor): cents
        for debtor, creditor, cents in found.values_list("debtor", "creditor", "amount_cents")
    }


def _line(
    line: SetOffLine, done_cents: int | None, other_said: bool | None, *, as_creditor: bool
) -> Line:
    own, other = (line.creditor, line.debtor) if as_creditor else (line.debtor, line.creditor)
    return Line(
        own=own.name,
        other=other.name,
        owed_cents=line.owed_cents,
        amount_cents=line.amount_cents,
        done_cents=done_cents,
        other_refused=other_said is False,
        other_silent=other_said is None,
    )
