"""
Policies tried on a period that is over, before anybody votes: real figures, nothing moves.

Source: docs/rules/redistribution.md
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localtime

from reciproca.governance.rules import canonical, read_document
from reciproca.governance.schemas import Document
from reciproca.redistribution import errors
from reciproca.redistribution.gathering import gather
from reciproca.redistribution.models import SimulatedPart, Simulation
from reciproca.redistribution.opening import run_key
from reciproca.redistribution.rules import (
    Criterion,
    Eligibility,
    Measured,
    RedistributionPolicy,
    divide,
)
from reciproca.redistribution.rules import comparison as compared
from reciproca.redistribution.schema import check
from reciproca.shared.allocation import FloorsAboveTotal
from reciproca.shared.money import format_fraction
from reciproca.shared.progress import Progress, silent

MOST_POLICIES = 5
ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Tried:
    """One policy on the figures: what each person would get, nobody if its floors are too high."""

    policy: RedistributionPolicy
    common_cents: int
    parts: dict[str, int]
    is_feasible: bool = True


@transaction.atomic
def open_simulation(
    *,
    documents: Sequence[Document],
    starts_on: date,
    ends_on: date,
    pool_cents: int,
    made_by: UUID,
    made_at: datetime,
) -> Simulation:
    """
    Keep what is to be tried; the first document is what the others are compared with.

    Raises: TooFewPolicies, PeriodBackwards, PeriodNotOver, NothingToDivide, what the check of a
    document raises.
    """
    texts = list(dict.fromkeys(canonical(document) for document in documents))[:MOST_POLICIES]
    if not texts:
        raise errors.TooFewPolicies
    for text in texts:
        check(read_document(text))
    if starts_on > ends_on:
        raise errors.PeriodBackwards
    if ends_on >= localtime(made_at).date():
        raise errors.PeriodNotOver
    if pool_cents <= 0:
        raise errors.NothingToDivide
    return Simulation.objects.create(
        starts_on=starts_on,
        ends_on=ends_on,
        pool_cents=pool_cents,
        documents=texts,
        made_by=made_by,
        made_at=made_at,
    )


@transaction.atomic
def simulate(*, simulation_id: UUID, progress: Progress = silent) -> Simulation:
    """Try the policies of a simulation on what everybody did; done again it stays as it is."""
    simulation = Simulation.objects.select_for_update().get(id=simulation_id)
    if simulation.result is not None:
        return simulation
    policies = [
        RedistributionPolicy.from_document(read_document(text)) for text in simulation.documents
    ]
    compare_policies(simulation, policies, progress)
    return simulation


def compare_policies(
    simulation: Simulation,
    policies: Sequence[RedistributionPolicy],
    progress: Progress = silent,
) -> None:
    """Divide by each of these policies, and keep the comparison and everybody's parts."""
    count, figures = len(policies), Figures(simulation)
    tried = []
    for number, policy in enumerate(policies):
        progress("division", number, count)
        tried.append(_try(policy, simulation, figures))
    progress("comparison")
    people, kinds = _people(policies, tried, figures)
    amounts = [[each.parts.get(person, 0) for person in people] for each in tried]
    simulation.result = _result(tried, amounts, kinds, len(people))
    simulation.save(update_fields=["result"])
    _keep_parts(simulation, people, amounts)


class Figures:
    """What people did in a period; policies that look at the same things are told of it once."""

    def __init__(self, simulation: Simulation) -> None:
        self._period = (simulation.starts_on, simulation.ends_on)
        self._known: dict[object, Measured] = {}

    def of(self, policy: RedistributionPolicy) -> Measured:
        """Return everybody's scores on the criteria of a policy."""
        looks_at = tuple((each.id, each.categories) for each in policy.criteria)
        key = (looks_at, policy.eligibility, policy.recency)
        if key not in self._known:
            starts_on, ends_on = self._period
            self._known[key] = gather(
                policy=policy, starts_on=starts_on, ends_on=ends_on, carried=False
            ).measured
        return self._known[key]


def _try(policy: RedistributionPolicy, simulation: Simulation, figures: Figures) -> Tried:
    measured = figures.of(policy)
    try:
        found = divide(
            policy=policy,
            run_key=run_key(pool_id=policy.pool_id, ends_on=simulation.ends_on),
            pool_cents=simulation.pool_cents,
            measured=measured,
        )
    except FloorsAboveTotal:
        return Tried(policy, 0, {}, is_feasible=False)
    parts = dict(zip(measured.people, found.allocated_cents, strict=True))
    return Tried(policy, found.common_cents, parts)


def _people(
    policies: Sequence[RedistributionPolicy], tried: Sequence[Tried], figures: Figures
) -> tuple[list[str], dict[str, list[int]]]:
    """Return whom the figures are about, and the places of each kind of people among them."""
    categories = sorted({name for each in policies for c in each.criteria for name in c.categories})
    looking = replace(
        policies[0],
        criteria=(
            Criterion("patronage", Fraction(1, 3)),
            Criterion("km0", Fraction(1, 3), categories=tuple(categories)),
            Criterion("social", Fraction(1, 3)),
        ),
        eligibility=Eligibility(),
        recency=(),
    )
    measured = figures.of(looking)
    # Sorted, so that places mean the same for every policy and on every day.
    people = sorted({*measured.people, *(person for each in tried for person in each.parts)})
    scores = dict(zip(measured.people, zip(*measured.scores, strict=True), strict=True))
    bought, local, social = (
        zip(*(scores.get(person, (0, 0, 0)) for person in people), strict=True)
        if people
        else ((), (), ())
    )
    return people, dict(compared.archetypes(bought=bought, local=local, social=social))


def _result(
    tried: Sequence[Tried],
    amounts: Sequence[Sequence[int]],
    kinds: dict[str, list[int]],
    people: int,
) -> dict[str, object]:
    return {
        "people": people,
        "policies": [
            {
                "title": each.policy.title,
                "is_feasible": each.is_feasible,
                "common_cents": each.common_cents,
                "individual_cents": sum(each.parts.values()),
                "receivers": sum(1 for cents in mine if cents),
                "gini": format_fraction(compared.gini(mine)),
                "tenths": compared.tenths(mine),
                "change": asdict(compared.change(before=amounts[0], after=mine)),
            }
            for each, mine in zip(tried, amounts, strict=True)
        ],
        "kinds": [
            {
                "kind": kind,
                "people": len(places),
                "typical": [compared.typical(mine, places) for mine in amounts],
            }
            for kind, places in kinds.items()
            if len(places) >= compared.FEWEST
        ],
    }


def _keep_parts(
    simulation: Simulation, people: Sequence[str], amounts: Sequence[Sequence[int]]
) -> None:
    def rows() -> Iterator[str]:
        for person, cents in zip(people, zip(*amounts, strict=True), strict=True):
            yield f"{simulation.id}\t{person}\t{{{','.join(map(str, cents))}}}\n"

    table, kept = SimulatedPart._meta.db_table, rows()
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} (simulation_id, member_id, cents) FROM STDIN") as copy,
    ):
        while text := "".join(islice(kept, ROWS_AT_ONCE)):
            copy.write(text)
