"""The community votes on the projects of a call, and what won is granted."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.ballots import actions as ballots
from reciproca.ballots.forms import BallotIn, Elector, OptionIn
from reciproca.ballots.rules.choices import Method
from reciproca.ballots.rules.counting import Outcome
from reciproca.projects import telling
from reciproca.projects.actions.calls import CallUnknown, DayPast, call_named
from reciproca.projects.models import Assessment, Award, Voting
from reciproca.registry import actions as registry_actions
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.shared.locks import wait_for_turn


class NotYetAssessed(DomainError):
    code = "not-yet-assessed"
    message = _("Esamina prima tutti i progetti: ne mancano %(count)s.")


class ProposalsStillOpen(DomainError):
    code = "proposals-still-open"
    message = _("Si può ancora proporre fino al %(day)s: la votazione si apre dal giorno dopo.")


class NothingToVote(DomainError):
    code = "nothing-to-vote"
    message = _("Nessun progetto è ammesso: non c’è nulla da votare.")


class AlreadyVoting(DomainError):
    code = "already-voting"
    message = _("La votazione di questo bando è già stata aperta.")


@transaction.atomic
def open_voting(
    *,
    call_id: UUID,
    federation_id: UUID,
    closes_at: datetime,
    opened_by: UUID | None,
    opened_at: datetime,
) -> UUID:
    """
    Put a call's admissible projects to the vote of everybody who is a member of a cooperative.

    The roll is that of an assembly of everybody. One head, one vote, open; it may be changed until
    the close. Ties are drawn, as on every ballot. Returns the ballot's id.

    Raises: CallUnknown, ProposalsStillOpen, AlreadyVoting, NotYetAssessed, NothingToVote, DayPast,
    what `ballots.open_ballot` raises.
    """
    call = call_named(call_id)
    wait_for_turn(f"projects-{call.fund_id}")
    if localdate(opened_at) <= call.proposals_by:
        raise ProposalsStillOpen(day=call.proposals_by.strftime("%d/%m/%Y"))
    if Voting.objects.filter(call=call).exists():
        raise AlreadyVoting
    if closes_at <= opened_at:
        raise DayPast
    if missing := call.projects.filter(assessment=None).count():
        raise NotYetAssessed(count=missing)
    admitted = list(
        Assessment.objects.filter(project__call=call, admissible=True)
        .select_related("project")
        .order_by("project_id")
    )
    if not admitted:
        raise NothingToVote
    ballot_id = ballots.open_ballot(
        ballot=BallotIn(
            reference=call.id,
            body_id=federation_id,
            question=call.title,
            text=call.text,
            method=Method(call.method),
            utility="cardinality" if call.utility == "cardinality" else "cost",
            budget_cents=call.budget_cents,
            may_change=True,
            options=[
                OptionIn(str(each.project_id), each.project.title, cost_cents=each.cost_cents)
                for each in admitted
            ],
            electors=[
                Elector(line.member_id) for line in registry.people_on_roll(on=localdate(opened_at))
            ],
            opens_at=opened_at,
            closes_at=closes_at,
        ),
        opened_by=opened_by,
        opened_at=opened_at,
    )
    Voting.objects.create(call=call, ballot_id=ballot_id, recorded_at=opened_at)
    return ballot_id


@transaction.atomic
def close_voting(*, call_id: UUID, closed_by: UUID | None, closed_at: datetime) -> list[Award]:
    """
    Close a call's vote, unless the hour did, and return what won.

    Raises: CallUnknown, what `ballots.close_ballot` raises.
    """
    voting = Voting.objects.filter(call=call_id).first()
    if voting is None:
        raise CallUnknown
    with suppress(ballots.BallotClosed):
        ballots.close_ballot(ballot_id=voting.ballot_id, closed_by=closed_by, closed_at=closed_at)
    return list(Award.objects.filter(project__call=call_id).order_by("project_id"))


def grant_what_won(
    ballot_id: UUID, outcome: Outcome, closed_by: UUID | None, closed_at: datetime
) -> None:
    """Grant what a call's vote chose: each project becomes a node that takes money and gifts."""
    voting = Voting.objects.select_related("call").filter(ballot=ballot_id).first()
    if voting is None:
        return
    wait_for_turn(f"projects-{voting.call.fund_id}")
    won = Assessment.objects.filter(project__in=map(UUID, outcome.winners)).select_related(
        "project"
    )
    awards = [
        Award.objects.create(
            project=each.project,
            node_id=registry_actions.create_fund(
                kind="project",
                name=each.project.title,
                held_by=each.project.proposer_id,
                description=each.project.text,
                created_by=closed_by,
                created_at=closed_at,
            ),
            granted_cents=each.cost_cents,
            recorded_at=closed_at,
        )
        for each in won.order_by("project_id")
    ]
    telling.tell_awarded(awards=awards, told_at=closed_at)
