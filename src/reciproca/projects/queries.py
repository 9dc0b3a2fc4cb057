"""Reads of calls, projects, and what each was granted and paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from reciproca.ballots.models import Elector, OpenVote
from reciproca.ballots.rules.budgeting import Group
from reciproca.ballots.rules.choices import Method
from reciproca.ballots.rules.counting import groups, weighed
from reciproca.ballots.rules.drawing import drawn
from reciproca.ledger import sums
from reciproca.projects import rules
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
from reciproca.valueback import queries as valueback

EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
SETTLING = ("netted", "to_pay", "settled")
"""What moves between a fund and its bank changes nothing of what the fund has."""

PROPOSING, ASSESSING, VOTING, COUNTING, DECIDED = (
    "proposing",
    "assessing",
    "voting",
    "count",
    "done",
)


@dataclass(frozen=True, slots=True)
class CallRow:
    """
    A call and how far it is.

    `state`: `proposing` until the last day for proposals, then `assessing` until the vote opens,
    `voting` until its time is over, `count` until somebody closes it, `done`.
    """

    id: UUID
    title: str
    text: str
    fund: str
    budget_cents: int
    method: str
    utility: str
    proposals_by: date
    state: str
    closes_at: datetime | None
    ballot_id: UUID | None
    project_count: int
    granted_cents: int


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """
    A project in a list: `state` is `proposed`, `admitted`, `refused`, `won` or `lost`.

    `cost_cents` is the checked cost, before that the proposed one.
    """

    id: UUID
    title: str
    proposer: str
    proposer_id: UUID
    cost_cents: int
    state: str
    why: rules.Why | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """An expense handed in; `paid_cents` None while nothing is decided, zero when refused."""

    id: UUID
    what: str
    amount_cents: int
    handed_in_at: datetime
    paid_cents: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What was told of a project, with its photos (their content is read one by one)."""

    id: UUID
    text: str
    reported_at: datetime
    photos: Sequence[Photo]


@dataclass(frozen=True, slots=True)
class Money:
    """What a funded project may have and has had; `node_id` is where tranches and gifts arrive."""

    node_id: UUID
    granted_cents: int
    paid_cents: int
    given_cents: int

    @property
    def left_cents(self) -> int:
        return max(self.granted_cents - self.paid_cents - self.given_cents, 0)


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A project whole."""

    call: CallRow
    row: ProjectRow
    text: str
    costs: Sequence[tuple[str, int]]
    reason: str
    money: Money | None
    receipts: Sequence[ReceiptRow]
    reports: Sequence[ReportRow]


def free_cents(*, fund_id: UUID) -> int:
    """
    Return what a fund has and has not promised, in three SQL queries.

    It has what came in for good, settled or not, less what it owes projects; promised is the budget
    of calls that are not decided, and what was granted and not yet paid.
    """
    begins, ends = EVER
    flows = sums.flows(owner=fund_id, purposes=["clearing"], begins_at=begins, ends_at=ends)
    has = sum(flow.amount for flow in flows if flow.code not in SETTLING)
    undecided = Call.objects.filter(fund=fund_id).filter(
        Q(voting=None) | Q(voting__ballot__closing=None)
    )
    budgets = undecided.aggregate(cents=Sum("budget_cents", default=0))["cents"]
    awards = Award.objects.filter(project__call__fund=fund_id)
    granted = awards.aggregate(cents=Sum("granted_cents", default=0))["cents"]
    paid = Tranche.objects.filter(receipt__award__project__call__fund=fund_id)
    out = paid.aggregate(cents=Sum("amount_cents", default=0))["cents"]
    return int(has - budgets - (granted - out))


def paid_cents(*, award: Award) -> int:
    """Return what a project's fund has paid of it."""
    paid = Tranche.objects.filter(receipt__award=award)
    return int(paid.aggregate(cents=Sum("amount_cents", default=0))["cents"])


def calls(*, today: date, now: datetime) -> list[CallRow]:
    """Return every call, the latest first, in one SQL query."""
    return [_call_row(call, today, now) for call in _calls().order_by("-id")]


def call_named(*, call_id: UUID, today: date, now: datetime) -> CallRow | None:
    """Return a call, None where there is none, in one SQL query."""
    call = _calls().filter(id=call_id).first()
    return _call_row(call, today, now) if call else None


def projects_of(*, call: CallRow) -> list[ProjectRow]:
    """Return a call's projects: those that won in their order, then by title."""
    found = _projects().filter(call=call.id).order_by("title", "id")
    why = _why(call) if call.state == DECIDED else {}
    rows = [_project_row(each, call, why) for each in found]
    return sorted(rows, key=lambda row: (row.state != "won", _place(row)))


def has_vote(*, call: CallRow, person_id: UUID) -> bool:
    """Tell whether somebody is on the roll of a call's vote, open or closed."""
    return Elector.objects.filter(ballot=call.ballot_id, caster=person_id).exists()


def project_page(*, project_id: UUID, today: date, now: datetime) -> ProjectPage | None:
    """Return a project with its costs, its money and its reports; None where there is none."""
    found = _projects().filter(id=project_id).first()
    if found is None:
        return None
    call = call_named(call_id=found.call_id, today=today, now=now)
    assert call is not None
    why = _why(call) if call.state == DECIDED else {}
    assessment: Assessment | None = getattr(found, "assessment", None)
    award: Award | None = getattr(found, "award", None)
    costs = CostLine.objects.filter(project=found).order_by("id")
    return ProjectPage(
        call=call,
        row=_project_row(found, call, why),
        text=found.text,
        costs=list(costs.values_list("what", "amount_cents")),
        reason=assessment.reason if assessment else "",
        money=_money(award) if award else None,
        receipts=_receipts(award) if award else [],
        reports=_reports(award) if award else [],
    )


def receipt_document(*, receipt_id: UUID) -> Receipt | None:
    """Return a receipt with its document and who proposed the project, in one SQL query."""
    found = Receipt.objects.select_related("document", "award__project")
    return found.filter(id=receipt_id).first()


def photo(*, photo_id: UUID) -> Photo | None:
    """Return a photo, None where there is none."""
    return Photo.objects.filter(id=photo_id).first()


def _calls() -> QuerySet[Any, Any]:
    granted = Award.objects.filter(project__call=OuterRef("pk")).order_by().values("project__call")
    return Call.objects.select_related("fund", "voting__ballot__closing").annotate(
        project_count=Count("projects"),
        granted_cents=Subquery(granted.annotate(cents=Sum("granted_cents")).values("cents")),
    )


def _projects() -> QuerySet[Project]:
    return Project.objects.select_related("proposer", "assessment", "award").annotate(
        asked_cents=Sum("costs__amount_cents")
    )


def _call_row(call: Any, today: date, now: datetime) -> CallRow:
    voting: Voting | None = getattr(call, "voting", None)
    closes_at = voting.ballot.closes_at if voting else None
    if voting is None:
        state = PROPOSING if today <= call.proposals_by else ASSESSING
    elif getattr(voting.ballot, "closing", None) is not None:
        state = DECIDED
    else:
        state = VOTING if closes_at is None or now < closes_at else COUNTING
    return CallRow(
        id=call.id,
        title=call.title,
        text=call.text,
        fund=call.fund.name,
        budget_cents=call.budget_cents,
        method=call.method,
        utility=call.utility,
        proposals_by=call.proposals_by,
        state=state,
        closes_at=closes_at,
        ballot_id=voting.ballot_id if voting else None,
        project_count=call.project_count,
        granted_cents=call.granted_cents or 0,
    )


def _project_row(found: Any, call: CallRow, why: Mapping[str, rules.Why]) -> ProjectRow:
    assessment: Assessment | None = getattr(found, "assessment", None)
    if assessment is None:
        state = "proposed"
    elif not assessment.admissible:
        state = "refused"
    elif call.state != DECIDED:
        state = "admitted"
    else:
        state = "won" if getattr(found, "award", None) else "lost"
    return ProjectRow(
        id=found.id,
        title=found.title,
        proposer=found.proposer.name,
        proposer_id=found.proposer_id,
        cost_cents=assessment.cost_cents if assessment else found.asked_cents,
        state=state,
        why=why.get(str(found.id)),
    )


def _why(call: CallRow) -> dict[str, rules.Why]:
    """Count a closed vote again, for its reasons: the papers are open, and so is the draw."""
    admitted = Assessment.objects.filter(project__call=call.id, admissible=True).values_list(
        "project", "cost_cents", "project__call__voting__ballot__seed"
    )
    costs = {str(project): cents for project, cents, _seed in admitted}
    seed = next(seed for _project, _cents, seed in admitted)
    return rules.reasons(
        method=Method(call.method),
        costs={each: costs[each] for each in drawn(costs, seed=seed)},
        groups=_voters(call),
        budget=call.budget_cents,
        utility="cardinality" if call.utility == "cardinality" else "cost",
    )


def _voters(call: CallRow) -> list[Group]:
    cast = OpenVote.objects.filter(elector__ballot=call.ballot_id).values_list("choice")
    papers = {(choice, False): count for choice, count in cast.annotate(Count("code"))}
    return groups(weighed(papers, coefficient=Fraction(1)))


def _money(award: Award) -> Money:
    given = valueback.given_to([award.node_id]).get(award.node_id)
    return Money(
        node_id=award.node_id,
        granted_cents=award.granted_cents,
        paid_cents=paid_cents(award=award),
        given_cents=given.cents if given else 0,
    )


def _receipts(award: Award) -> list[ReceiptRow]:
    found = Receipt.objects.filter(award=award).select_related("tranche").order_by("-id")
    return [_receipt_row(each, getattr(each, "tranche", None)) for each in found]


def _receipt_row(receipt: Receipt, tranche: Tranche | None) -> ReceiptRow:
    return ReceiptRow(
        id=receipt.id,
        what=receipt.what,
        amount_cents=receipt.amount_cents,
        handed_in_at=receipt.recorded_at,
        paid_cents=tranche.amount_cents if tranche else None,
        reason=tranche.reason if tranche else "",
    )


def _reports(award: Award) -> list[ReportRow]:
    pictures = Prefetch("photos", Photo.objects.defer("content").order_by("id"))
    found = Report.objects.filter(award=award).prefetch_related(pictures).order_by("-id")
    return [
        ReportRow(each.id, each.text, each.recorded_at, list(each.photos.all())) for each in found
    ]


def _place(row: ProjectRow) -> int:
    return row.why.place if row.why and row.why.place else 0
