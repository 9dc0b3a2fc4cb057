"""A fund offers a budget, projects are proposed for it and checked."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.projects import queries, telling
from reciproca.projects.forms import CallIn, ProjectIn
from reciproca.projects.models import Assessment, Call, CostLine, Project
from reciproca.registry import queries as registry
from reciproca.registry.rules import LETTERS_OF_ORGANISATION, check_name
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import uuid7
from reciproca.shared.locks import wait_for_turn
from reciproca.shared.money import format_cents


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

    Raises: CallUnknown, ProposalsOver, NameUnreadable, CostsMissing, CostBeyondBudget.
    """
    known = Project.objects.filter(proposer=project.proposer_id, key=project.key).first()
    if known is not None:
        return known
    call = call_named(project.call_id)
    if localdate(proposed_at) > call.proposals_by:
        raise ProposalsOver(day=call.proposals_by.strftime("%d/%m/%Y"))
    check_name(project.title, least=LETTERS_OF_ORGANISATION)
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

    Raises: CallUnknown, AlreadyAssessed, ReasonMissing, NameUnreadable, CostBeyondBudget.
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
        # What wins becomes a node, and a node has a name.
        check_name(project.title, least=LETTERS_OF_ORGANISATION)
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


def call_named(call_id: UUID) -> Call:
    """Return a call. Raises: CallUnknown."""
    call = Call.objects.filter(id=call_id).first()
    if call is None:
        raise CallUnknown
    return call


def _check_cost(call: Call, cost_cents: int) -> None:
    if not 0 < cost_cents <= call.budget_cents:
        raise CostBeyondBudget(budget=format_cents(call.budget_cents))
