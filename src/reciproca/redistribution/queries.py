"""Reads of redistributions: runs, a person's part and why, objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from reciproca.governance import queries as governance
from reciproca.governance.rules import read_document
from reciproca.governance.schemas import Document
from reciproca.redistribution.adopted import policy_of
from reciproca.redistribution.errors import PolicyTampered
from reciproca.redistribution.measuring import collected_cents
from reciproca.redistribution.models import (
    Line,
    Objection,
    PointLine,
    PointList,
    Run,
    SimulatedPart,
    Simulation,
)
from reciproca.redistribution.objecting import DAYS_TO_OBJECT
from reciproca.redistribution.rules import KIND, RedistributionPolicy
from reciproca.redistribution.rules.comparison import FEWEST, tenths
from reciproca.redistribution.rules.measures import MEASURES
from reciproca.redistribution.rules.why import Why
from reciproca.redistribution.rules.why import why as explained
from reciproca.redistribution.schema import sentences
from reciproca.shared.calendar import end_of_day, first_instant
from reciproca.shared.timeline import ANYTHING, Moment, Sought


def runs() -> list[Run]:
    """Return every run, the latest first, in one SQL query."""
    return list(Run.objects.select_related("pool", "corrects").order_by("-opened_at", "-id"))


def run_named(*, run_id: UUID) -> Run | None:
    """Return a run with its policy and pool, None for an id that names none."""
    return Run.objects.select_related("pool", "policy", "corrects").filter(pk=run_id).first()


def first_day_open() -> date | None:
    """Return the day after the last divided one, None before the first run."""
    last = Run.objects.filter(withdrawn_at=None, corrects=None).order_by("-ends_on").first()
    return last.ends_on + timedelta(days=1) if last else None


def policy_in_force(*, on: date) -> governance.Adopted | None:
    """Return the redistribution policy of a day, None before the first adoption."""
    adopted = governance.adopted_policies(kind=KIND)
    begun = [each for each in adopted if each.in_force_on <= on]
    return begun[-1] if begun else None


def objections_of(*, run: Run) -> list[Objection]:
    """Return the objections to a run, those without an answer first, in one SQL query."""
    found = Objection.objects.filter(run=run).select_related("member")
    return sorted(found, key=lambda each: (each.answered_at is not None, each.made_at, each.id))


@dataclass(frozen=True, slots=True)
class OwnPart:
    """
    A person's part of a paid run: the line, why it is that, and what they may still say.

    `line` and `why` are None for one who had no part; `objection` for one who said nothing. Where
    the policy's text is no longer the one that was adopted nothing is explained by it: `policy` and
    `why` are None and `tampered` says so.
    """

    run: Run
    policy: RedistributionPolicy | None
    tampered: PolicyTampered | None
    line: Line | None
    why: Why | None
    whole: "Whole"
    objection: Objection | None
    objects_until: datetime


def own_part(*, run_id: UUID, member_id: UUID) -> OwnPart | None:
    """Return a person's part of a run, None as long as it is not paid; five SQL queries at most."""
    run = run_named(run_id=run_id)
    if run is None or run.paid_at is None:
        return None
    line = Line.objects.filter(run=run, member=member_id).first()
    policy, tampered = None, None
    try:
        policy = policy_of(run.policy_id, run.policy.document)
    except PolicyTampered as trouble:
        tampered = trouble
    return OwnPart(
        run=run,
        policy=policy,
        tampered=tampered,
        line=line,
        why=_why(run, policy, line) if policy and line else None,
        whole=_whole(run),
        objection=Objection.objects.filter(run=run, member=member_id).first(),
        objects_until=run.paid_at + timedelta(days=DAYS_TO_OBJECT),
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """
    How a run was divided, for everybody to read: how many received, and the sums of ten groups who
    get least first; None where people are too few to stay unknown.
    """

    receivers: int | None
    tenths: Sequence[int] | None


def _whole(run: Run) -> Whole:
    parts = Line.objects.filter(run=run, allocated_cents__gt=0)
    given = list(parts.values_list("allocated_cents", flat=True))
    return Whole(len(given) if len(given) >= FEWEST else None, tenths(given))


def _why(run: Run, policy: RedistributionPolicy, line: Line) -> Why:
    return explained(
        policy=policy,
        scores=line.scores,
        totals=run.totals,
        scale_cents=Fraction(run.scale),
    )


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part in the list of everything that moved for a member; below zero it was taken back."""

    id: UUID
    run_id: UUID
    pool_id: UUID
    pool_name: str
    ends_on: date
    is_correction: bool
    paid_at: datetime
    paid_cents: int

    @property
    def moment(self) -> Moment:
        return Moment(self.paid_at, self.id)


def latest_parts_of(
    *, member_id: UUID, before: Moment | None = None, sought: Sought = ANYTHING, limit: int = 50
) -> Sequence[PartRow]:
    """Return what a member got of redistributions, latest first, in one SQL query."""
    wanted = sought.condition(node="run__pool", amount="paid_cents", at="run__paid_at")
    lines = Line.objects.filter(wanted, ~Q(paid_cents=0), member=member_id)
    lines = lines.filter(run__paid_at__isnull=False)
    if before is not None:
        lines = lines.filter(before.earlier(at="run__paid_at"))
    ordered = lines.select_related("run__pool").order_by("-run__paid_at", "-id")
    return [
        PartRow(
            id=line.id,
            run_id=line.run_id,
            pool_id=line.run.pool_id,
            pool_name=line.run.pool.name,
            ends_on=line.run.ends_on,
            is_correction=line.run.corrects_id is not None,
            paid_at=line.run.paid_at,
            paid_cents=line.paid_cents,
        )
        for line in ordered[:limit]
        if line.run.paid_at is not None
    ]


def objection_named(*, objection_id: UUID) -> Objection | None:
    """Return an objection with its run, None for an id that names none."""
    found = Objection.objects.select_related("run__pool", "run__policy", "run__corrects")
    return found.filter(pk=objection_id).first()


@dataclass(frozen=True, slots=True)
class RunSums:
    """What a run gives, in sums that name nobody; `tenths` None where people are too few."""

    receivers: int
    waiting: int
    waiting_cents: int
    at_cap: int
    at_floor: int
    tenths: Sequence[int] | None


def sums_of(*, run: Run) -> RunSums:
    """Return the sums of a measured run, in two SQL queries."""
    lines = Line.objects.filter(run=run)
    carried = F("allocated_cents") - F("before_cents") + F("carried_cents") - F("paid_cents")
    sums = lines.annotate(waits=carried).aggregate(
        receivers=Count("id", filter=Q(allocated_cents__gt=0)),
        waiting=Count("id", filter=Q(waits__gt=0)),
        waiting_cents=Sum("waits", default=0),
        at_cap=Count("id", filter=Q(bound="upper")),
        at_floor=Count("id", filter=Q(bound="lower")),
    )
    given = lines.filter(allocated_cents__gt=0).values_list("allocated_cents", flat=True)
    return RunSums(**sums, tenths=tenths(list(given)))


def sentences_of(*, run: Run) -> Sequence[str]:
    """Return what a run's policy does, in plain words. Raises: PolicyTampered."""
    return sentences(policy_of(run.policy_id, run.policy.document).as_document())


def read_aloud(*, document: Document) -> governance.PolicyDraft:
    """Return what a policy would do. Raises: what its check raises."""
    return governance.read_aloud(document=document)


@dataclass(frozen=True, slots=True)
class PointListRow:
    """A list of points that was handed in: what it attests, never who is in it."""

    title: str
    attested_by: str
    starts_on: date
    ends_on: date
    people: int
    handed_at: datetime


def point_lists(*, limit: int = 50) -> list[PointListRow]:
    """Return the lists of points that were handed in, the latest first, in one SQL query."""
    return [
        PointListRow(
            title=str(MEASURES[each.criterion].title),
            attested_by=each.attested_by,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            people=each.people,
            handed_at=each.handed_at,
        )
        for each in PointList.objects.order_by("-handed_at", "-id")[:limit]
    ]


@dataclass(frozen=True, slots=True)
class PointsRow:
    """Points that were attested of a person, and from which day to which."""

    criterion: str
    attested_by: str
    starts_on: date
    ends_on: date
    points: int


def points_of(*, member_id: UUID) -> list[PointsRow]:
    """Return what was attested of a person, the latest first, in one SQL query."""
    lines = PointLine.objects.filter(member=member_id).select_related("list")
    return [
        PointsRow(
            criterion=each.list.criterion,
            attested_by=each.list.attested_by,
            starts_on=each.list.starts_on,
            ends_on=each.list.ends_on,
            points=each.points,
        )
        for each in lines.order_by("-list__handed_at", "-id")
    ]


def simulations(*, limit: int = 20) -> list[Simulation]:
    """Return the last simulations, in one SQL query."""
    return list(Simulation.objects.order_by("-made_at", "-id")[:limit])


def collected_by(*, documents: Sequence[Document], starts_on: date, ends_on: date) -> int:
    """Return what the pool of the first policy took in over a period, zero without any."""
    if not documents:
        return 0
    policy = RedistributionPolicy.from_document(documents[0])
    return collected_cents(
        pool_id=policy.pool_id,
        begins_at=first_instant(starts_on),
        ends_at=end_of_day(ends_on),
    )


@dataclass(frozen=True, slots=True)
class TriedRow:
    """One policy of a simulation; figures of too few people are None."""

    title: str
    document: str
    sentences: Sequence[str]
    is_feasible: bool
    common_cents: int
    individual_cents: int
    receivers: int
    gini: Fraction
    tenths: Sequence[int] | None
    more: int | None
    less: int | None
    same: int | None


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of people, how many they are, and the middle amount by each policy's title."""

    kind: str
    people: int
    typical: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class SimulationPage:
    """A simulation; `rows` and `kinds` are empty as long as it is not done."""

    id: UUID
    starts_on: date
    ends_on: date
    pool_cents: int
    documents: Sequence[str]
    people: int
    rows: Sequence[TriedRow]
    kinds: Sequence[KindRow]
    result: object


def simulation_page(*, simulation_id: UUID) -> SimulationPage | None:
    """Return a simulation as its page shows it, None for an id that names none."""
    found = Simulation.objects.filter(pk=simulation_id).first()
    if found is None:
        return None
    result = found.result or {"people": 0, "policies": [], "kinds": []}
    titles = [row["title"] for row in result["policies"]]
    return SimulationPage(
        id=found.id,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        pool_cents=found.pool_cents,
        documents=found.documents,
        people=result["people"],
        rows=[
            _tried(text, row)
            for text, row in zip(found.documents, result["policies"], strict=False)
        ],
        kinds=[
            KindRow(row["kind"], row["people"], list(zip(titles, row["typical"], strict=True)))
            for row in result["kinds"]
        ],
        result=found.result,
    )


def _tried(text: str, row: dict[str, Any]) -> TriedRow:
    return TriedRow(
        title=row["title"],
        document=text,
        sentences=sentences(read_document(text)),
        is_feasible=row["is_feasible"],
        common_cents=row["common_cents"],
        individual_cents=row["individual_cents"],
        receivers=row["receivers"],
        gini=Fraction(row["gini"]),
        tenths=row["tenths"],
        **row["change"],
    )


def trial_of(*, document: str) -> UUID | None:
    """
    Return the last simulation that is done of a policy, alone or against others, None without any.

    What others were tried against it is not meant: that is told on their own pages.
    """
    done = Simulation.objects.filter(documents__contains=[document], result__isnull=False)
    found = done.filter(Q(documents__len=1) | ~Q(documents__0=document))
    return found.order_by("-made_at", "-id").values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class OwnEffect:
    """What each policy of a simulation would give one person: title, sentences, cents."""

    simulation: SimulationPage
    rows: Sequence[tuple[TriedRow, int]]


def own_effect(*, simulation_id: UUID, member_id: UUID) -> OwnEffect | None:
    """Return a person's own figures of a simulation that is done, in two SQL queries."""
    page = simulation_page(simulation_id=simulation_id)
    if page is None or page.result is None:
        return None
    part = SimulatedPart.objects.filter(simulation=simulation_id, member=member_id).first()
    cents = part.cents if part else [0] * len(page.rows)
    return OwnEffect(page, list(zip(page.rows, cents, strict=True)))
