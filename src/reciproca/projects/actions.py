"""What a fund, those who propose, the community and an officer do about projects."""

from collections.abc import Sequence
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
from reciproca.ledger import actions as ledger
from reciproca.ledger.rules import Move, Posting, clearing
from reciproca.projects import queries, telling
from reciproca.projects.forms import CallIn, PhotoIn, ProjectIn
from reciproca.projects.models import (
    Assessment,
    Award,
    Call,
    CostLine,
    Photo,
    Project,
    Receipt,
    Report,
    Tranche,
    Voting,
)
from reciproca.registry import actions as registry_actions
from reciproca.registry import queries as registry
from reciproca.shared.documents import keep_pdf
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import fact_id, uuid7
from reciproca.shared.locks import wait_for_turn
from reciproca.shared.money import format_cents
from reciproca.shared.photos import as_jpeg
from reciproca.valueback import queries as valueback

MOST_PHOTOS = 3
MOST_COSTS = 20


class FundUnknown(DomainError):
    code = "fund-unknown"
    message = _("Scegli un fondo della comunità.")
    status = 422


class BudgetBeyondFund(DomainError):
    code = "budget-beyond-fund"
    message = _("Nel fondo ci sono %(free)s € non ancora promessi: scrivi al massimo quelli.")
    status = 422


class DayPast(DomainError):
    code = "day-past"
    message = _("Quel giorno è già passato: scegline uno che deve venire.")
    status = 422


class CallUnknown(DomainError):
    code = "call-unknown"
    message = _("Questo bando non c’è più: torna all’elenco.")
    status = 404


class ProposalsOver(DomainError):
    code = "proposals-over"
    message = _("Le proposte per questo bando si sono chiuse il %(day)s.")


class CostsMissing(DomainError):
    code = "costs-missing"
    message = _("Scrivi almeno una spesa, con che cosa e quanto: senza costi non si può votare.")
    status = 422


class CostBeyondBudget(DomainError):
    code = "cost-beyond-budget"
    message = _("Il bando ha %(budget)s €: nessun progetto può costare di più.")
    status = 422


class ReasonMissing(DomainError):
    code = "reason-missing"
    message = _("Scrivi perché: chi ha proposto deve poterlo leggere.")
    status = 422


class AlreadyAssessed(DomainError):
    code = "already-assessed"
    message = _("Questo progetto è già stato esaminato.")


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


class AwardUnknown(DomainError):
    code = "award-unknown"
    message = _("Questo progetto non è fra quelli finanziati, o non è il tuo.")
    status = 404


class AlreadyDecided(DomainError):
    code = "receipt-decided"
    message = _("Su questa spesa è già stato deciso.")


class BeyondGrant(DomainError):
    code = "beyond-grant"
    message = _(
        "Al progetto restano %(left)s €, contando i doni già ricevuti: questa spesa li supera."
    )


class TooManyPhotos(DomainError):
    code = "too-many-photos"
    message = _("Scegli al massimo %(most)s foto.")
    status = 422


@transaction.atomic
def open_call(*, call: CallIn, opened_by: UUID | None, opened_at: datetime) -> UUID:
    """
    Let a fund offer a budget and return the call's id; how it is voted on stands from now.

    The budget is set aside: no other call of the fund can promise it.

    Raises: FundUnknown, DayPast, BudgetBeyondFund.
    Source: docs/rules/projects.md
    """
    if not registry.open_node_ids([call.fund_id], kind="fund"):
        raise FundUnknown
    if call.proposals_by < localdate(opened_at):
        raise DayPast
    # Two calls that read the same balance would both promise it.
    wait_for_turn(f"projects-{call.fund_id}")
    free = queries.free_cents(fund_id=call.fund_id)
    if not 0 < call.budget_cents <= free:
        raise BudgetBeyondFund(free=format_cents(max(free, 0)))
    made = Call.objects.create(
        id=uuid7(),
        fund_id=call.fund_id,
        title=call.title.strip(),
        text=call.text.strip(),
        budget_cents=call.budget_cents,
        method=call.method,
        utility=call.utility,
        proposals_by=call.proposals_by,
        opened_by=opened_by,
        recorded_at=opened_at,
    )
    return made.id


@transaction.atomic
def propose_project(
    *, project: ProjectIn, proposed_by: UUID | None, proposed_at: datetime
) -> Project:
    """
    Propose a project for a call, with what it costs; sent again it is the same proposal.

    Raises: CallUnknown, ProposalsOver, CostsMissing, CostBeyondBudget.
    """
    known = Project.objects.filter(proposer=project.proposer_id, key=project.key).first()
    if known is not None:
        return known
    call = _call(project.call_id)
    if localdate(proposed_at) > call.proposals_by:
        raise ProposalsOver(day=call.proposals_by.strftime("%d/%m/%Y"))
    if not project.costs or any(cost.amount_cents <= 0 for cost in project.costs):
        raise CostsMissing
    _check_cost(call, sum(cost.amount_cents for cost in project.costs))
    made = Project.objects.create(
        id=uuid7(),
        call=call,
        proposer_id=project.proposer_id,
        key=project.key,
        title=project.title.strip(),
        text=project.text.strip(),
        proposed_by=proposed_by,
        recorded_at=proposed_at,
    )
    CostLine.objects.bulk_create(
        CostLine(project=made, what=cost.what.strip(), amount_cents=cost.amount_cents)
        for cost in project.costs
    )
    return made


@transaction.atomic
def assess_project(
    *,
    project_id: UUID,
    admissible: bool,
    cost_cents: int,
    reason: str,
    assessed_by: UUID | None,
    assessed_at: datetime,
) -> Assessment:
    """
    Admit a project to the vote with a checked cost, or refuse it with the reason; once.

    Raises: CallUnknown, AlreadyAssessed, ReasonMissing, CostBeyondBudget.
    """
    project = Project.objects.select_related("call").filter(id=project_id).first()
    if project is None:
        raise CallUnknown
    wait_for_turn(f"projects-{project.call.fund_id}")
    if Assessment.objects.filter(project=project).exists():
        raise AlreadyAssessed
    if not admissible and not reason.strip():
        raise ReasonMissing
    if admissible:
        _check_cost(project.call, cost_cents)
    made = Assessment.objects.create(
        project=project,
        admissible=admissible,
        cost_cents=cost_cents,
        reason=reason.strip(),
        assessed_by=assessed_by,
        recorded_at=assessed_at,
    )
    telling.tell_assessed(project=project, assessment=made, told_at=assessed_at)
    return made


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

    One head, one vote, open; it may be changed until the close. Ties go to the project proposed
    first. Returns the ballot's id.

    Raises: CallUnknown, ProposalsStillOpen, AlreadyVoting, NotYetAssessed, NothingToVote, DayPast,
    what `ballots.open_ballot` raises.
    """
    call = _call(call_id)
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
            electors=[Elector(person) for person in registry.living_members()],
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


@transaction.atomic
def hand_in_receipt(
    *,
    project_id: UUID,
    proposer_id: UUID,
    key: UUID,
    what: str,
    amount_cents: int,
    document_name: str,
    document: bytes,
    handed_in_by: UUID | None,
    handed_in_at: datetime,
) -> Receipt:
    """
    Hand in an expense of a funded project with its PDF; sent again it is the same receipt.

    Raises: AwardUnknown, BeyondGrant, what `shared.documents.keep_pdf` raises.
    """
    award = _award(project_id, proposer_id)
    known = Receipt.objects.filter(award=award, key=key).first()
    if known is not None:
        return known
    _check_left(award, amount_cents)
    return Receipt.objects.create(
        id=uuid7(),
        award=award,
        key=key,
        what=what.strip(),
        amount_cents=amount_cents,
        document=keep_pdf(name=document_name, content=document, added_by=handed_in_by),
        handed_in_by=handed_in_by,
        recorded_at=handed_in_at,
    )


@transaction.atomic
def decide_receipt(
    *,
    receipt_id: UUID,
    accepted: bool,
    reason: str,
    decided_by: UUID | None,
    decided_at: datetime,
) -> Tranche:
    """
    Pay a receipt out of its fund, which then owes it to the project, or refuse it with the reason.

    Raises: AwardUnknown, AlreadyDecided, ReasonMissing, BeyondGrant.
    Source: docs/rules/projects.md
    """
    found = Receipt.objects.select_related("award__project__call").filter(id=receipt_id).first()
    if found is None:
        raise AwardUnknown
    award, call = found.award, found.award.project.call
    wait_for_turn(f"projects-{call.fund_id}")
    if Tranche.objects.filter(receipt=found).exists():
        raise AlreadyDecided
    if not accepted and not reason.strip():
        raise ReasonMissing
    if accepted:
        _check_left(award, found.amount_cents)
    tranche = Tranche.objects.create(
        id=fact_id(),
        receipt=found,
        amount_cents=found.amount_cents if accepted else 0,
        reason="" if accepted else reason.strip(),
        decided_by=decided_by,
        recorded_at=decided_at,
    )
    if accepted:
        fund, project = clearing(node=call.fund_id), clearing(node=award.node_id)
        move = Move(fund, project, tranche.amount_cents, "tranche")
        ledger.post([Posting(tranche.id, decided_at, [move])])
    telling.tell_decided(receipt=found, tranche=tranche, told_at=decided_at)
    return tranche


@transaction.atomic
def report(
    *,
    project_id: UUID,
    proposer_id: UUID,
    key: UUID,
    text: str,
    photos: Sequence[PhotoIn],
    reported_by: UUID | None,
    reported_at: datetime,
) -> Report:
    """
    Tell what became of a funded project, with photos made small and bare; once for a `key`.

    Raises: AwardUnknown, TooManyPhotos, photos.PhotoUnreadable, photos.PhotoTooLarge.
    """
    award = _award(project_id, proposer_id)
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    pictures = [(as_jpeg(photo.content), photo.alt.strip()) for photo in photos]
    made, is_new = Report.objects.get_or_create(
        award=award,
        key=key,
        defaults={
            "id": uuid7(),
            "text": text.strip(),
            "reported_by": reported_by,
            "recorded_at": reported_at,
        },
    )
    if is_new:
        Photo.objects.bulk_create(
            Photo(
                id=uuid7(),
                report=made,
                alt=alt,
                width=picture.width,
                height=picture.height,
                content=picture.content,
            )
            for picture, alt in pictures
        )
    return made


def _call(call_id: UUID) -> Call:
    call = Call.objects.filter(id=call_id).first()
    if call is None:
        raise CallUnknown
    return call


def _award(project_id: UUID, proposer_id: UUID) -> Award:
    award = Award.objects.filter(project=project_id, project__proposer=proposer_id).first()
    if award is None:
        raise AwardUnknown
    return award


def _check_cost(call: Call, cost_cents: int) -> None:
    if not 0 < cost_cents <= call.budget_cents:
        raise CostBeyondBudget(budget=format_cents(call.budget_cents))


def _check_left(award: Award, amount_cents: int) -> None:
    """A gift is money too: the fund pays what gifts have not."""
    given = valueback.given_to([award.node_id]).get(award.node_id)
    paid = queries.paid_cents(award=award)
    left = award.granted_cents - paid - (given.cents if given else 0)
    if not 0 < amount_cents <= left:
        raise BeyondGrant(left=format_cents(max(left, 0)))
