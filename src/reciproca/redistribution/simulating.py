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
    kinds_of = _looking_for_kinds(policies)
    figures = Figures(simulation, [*policies, kinds_of], progress)
    count, tried = len(policies), []
    for number, policy in enumerate(policies):
        measured = figures.of(policy)
        progress("division", number, count)
        tried.append(_try(policy, simulation, measured))
    bought = figures.of(kinds_of)
    progress("comparison")
    people, kinds = _people(tried, bought)
    amounts = [[each.parts.get(person, 0) for person in people] for each in tried]
    simulation.result = _result(tried, amounts, kinds, len(people))
    simulation.save(update_fields=["result"])
    _keep_parts(simulation, people, amounts, progress)


def _looking_for_kinds(policies: Sequence[RedistributionPolicy]) -> RedistributionPolicy:
    """Return a policy that looks at what tells kinds of people apart, among those of the first."""
    categories = {name for each in policies for name in _goods(each)}
    return replace(
        policies[0],
        criteria=(
            Criterion("patronage", Fraction(1, 3)),
            Criterion("km0", Fraction(1, 3), categories=tuple(sorted(categories))),
            Criterion("social", Fraction(1, 3)),
        ),
        recency=(),
    )


class Figures:
    """
    What people did in a period, gathered once for all policies that look at the same people, times
    and goods: their scores are so many columns of one statement.
    """

    def __init__(
        self,
        simulation: Simulation,
        policies: Sequence[RedistributionPolicy],
        progress: Progress = silent,
    ) -> None:
        self._period = (simulation.starts_on, simulation.ends_on)
        self._progress = progress
        self._known: dict[object, Measured] = {}
        self._criteria: dict[object, dict[str, Criterion]] = {}
        self._goods = tuple(sorted({name for each in policies for name in _goods(each)}))
        for policy in policies:
            asked = self._criteria.setdefault(self._looks_at(policy), {})
            asked |= {each.id: each for each in policy.criteria}

    def of(self, policy: RedistributionPolicy) -> Measured:
        """Return everybody's scores on the criteria of a policy, one of those announced."""
        key = self._looks_at(policy)
        asked = self._criteria[key]
        if key not in self._known:
            starts_on, ends_on = self._period
            self._known[key] = gather(
                policy=replace(policy, criteria=tuple(asked.values())),
                starts_on=starts_on,
                ends_on=ends_on,
                carried=False,
                progress=self._progress,
            ).measured
        columns = dict(zip(asked, self._known[key].scores, strict=True))
        return replace(self._known[key], scores=[columns[each.id] for each in policy.criteria])

    def _looks_at(self, policy: RedistributionPolicy) -> object:
        # Who names no goods is told of any together with those who do.
        return (policy.eligibility, policy.recency, _goods(policy) or self._goods)


def _goods(policy: RedistributionPolicy) -> tuple[str, ...]:
    return tuple(name for each in policy.criteria for name in each.categories)


def _try(policy: RedistributionPolicy, simulation: Simulation, measured: Measured) -> Tried:
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


def _people(tried: Sequence[Tried], bought: Measured) -> tuple[list[str], dict[str, list[int]]]:
    """Return whom the figures are about, and the places of each kind of people among them."""
    # Sorted, so that places mean the same for every policy and on every day.
    people = sorted({*bought.people, *(person for each in tried for person in each.parts)})
    place = dict(zip(bought.people, range(len(bought.people)), strict=True))
    columns = [
        [column[place[person]] if person in place else 0 for person in people]
        for column in bought.scores
    ]
    return people, dict(compared.archetypes(bought=columns[0], local=columns[1], social=columns[2]))


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
    simulation: Simulation,
    people: Sequence[str],
    amounts: Sequence[Sequence[int]],
    progress: Progress,
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
        for done in range(0, len(people), ROWS_AT_ONCE):
            progress("parts", done, len(people))
            copy.write("".join(islice(kept, ROWS_AT_ONCE)))
    progress("parts", len(people), len(people))
