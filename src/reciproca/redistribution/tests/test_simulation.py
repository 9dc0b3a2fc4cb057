"""Policies are tried on last period's figures, side by side, before anybody votes."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.ledger.models import Transfer
from reciproca.redistribution import actions, errors, gathering, simulating
from reciproca.redistribution.models import SimulatedPart, Simulation
from reciproca.redistribution.rules import Criterion
from reciproca.redistribution.rules.comparison import Change, archetypes, change, gini, tenths
from reciproca.redistribution.tasks import SIMULATE
from reciproca.redistribution.tests.cast import (
    AFTERWARDS,
    HALF,
    OPENER,
    Valley,
    make_membership,
    make_person,
    make_valley,
)
from reciproca.shared.jobs import job_kind

amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


# --- figures ---


@given(amounts)
def test_the_gini_is_half_the_mean_difference_over_the_mean(found: list[int]) -> None:
    differences = sum(abs(one - other) for one in found for other in found)
    expected = Fraction(differences, 2 * len(found) * sum(found)) if sum(found) else Fraction()

    assert gini(found) == expected


@given(st.lists(st.integers(0, 10**6), min_size=50, max_size=120))
def test_tenths_hold_everything_and_rise(found: list[int]) -> None:
    parts = tenths(found)

    assert parts is not None
    assert sum(parts) == sum(found)
    means = [Fraction(part, size) for part, size in zip(parts, _sizes(len(found)), strict=True)]
    assert means == sorted(means)


def _sizes(count: int) -> list[int]:
    return [count * (n + 1) // 10 - count * n // 10 for n in range(10)]


def test_of_fewer_than_five_in_a_group_nothing_is_told() -> None:
    assert tenths(list(range(49))) is None
    assert change(before=[0] * 12, after=[1] * 5 + [0] * 7) == Change(5, 0, 7)
    assert change(before=[0] * 12, after=[1] * 4 + [0] * 8) == Change(None, None, None)


def test_kinds_of_people_are_told_by_what_they_bought() -> None:
    kinds = archetypes(
        bought=[900, 0, 100, 500, 200, 300, 700],
        local=[0, 0, 50, 0, 0, 0, 349],
        social=[900, 0, 0, 0, 0, 0, 0],
    )

    assert kinds["little"] == [2, 4]
    assert kinds["middle"] == [5, 3]
    assert kinds["much"] == [6, 0]
    assert (kinds["local"], kinds["social"], kinds["nothing"]) == ([2], [0], [1])


# --- on what people did ---

PEOPLE = 60


@pytest.fixture
def valley(db: None) -> Valley:
    valley = make_valley()
    valley.people = [make_person(name=f"Socia {n}") for n in range(PEOPLE)]
    for n, person in enumerate(valley.people):
        make_membership(member=person, cooperative=valley.cast.lievito_id)
        valley.buy(person, 1_000 * (n + 1), shop=valley.social if n < 20 else None)
    return valley


def by_purchases(valley: Valley) -> dict[str, object]:
    return valley.policy(common_share=Fraction()).as_document()


def by_social(valley: Valley) -> dict[str, object]:
    return valley.policy(
        Criterion("patronage", Fraction(1, 2)),
        Criterion("social", Fraction(1, 2)),
        title="Più alle sociali",
    ).as_document()


def tried(valley: Valley, *documents: dict[str, object], pool_cents: int = 183_000) -> Simulation:
    opened = actions.open_simulation(
        documents=documents,
        starts_on=HALF[0],
        ends_on=HALF[1],
        pool_cents=pool_cents,
        made_by=OPENER,
        made_at=AFTERWARDS,
    )
    return actions.simulate(simulation_id=opened.id)


def test_two_policies_stand_side_by_side_and_nothing_moves(valley: Valley) -> None:
    transfers = Transfer.objects.count()

    result = tried(valley, by_purchases(valley), by_social(valley)).result

    assert result is not None
    first, second = result["policies"]
    assert result["people"] == PEOPLE
    assert (first["common_cents"], first["individual_cents"]) == (0, 183_000)
    assert (second["common_cents"], second["individual_cents"]) == (36_600, 146_400)
    assert sum(first["tenths"]) == 183_000
    assert second["change"]["more"] + second["change"]["less"] == PEOPLE
    assert Fraction(first["gini"]) == gini([100 * (n + 1) for n in range(PEOPLE)])
    assert {kind["kind"] for kind in result["kinds"]} == {"little", "middle", "much", "social"}
    assert Transfer.objects.count() == transfers


def test_each_person_reads_their_own_part_under_each_policy(valley: Valley) -> None:
    simulation = tried(valley, by_purchases(valley), by_social(valley))

    last = SimulatedPart.objects.get(simulation=simulation, member=valley.people[-1])
    assert last.cents == [6_000, 2_400]


def test_what_is_simulated_is_what_would_run(valley: Valley) -> None:
    valley.adopt()
    run = valley.measure(valley.open())

    simulation = tried(valley, valley.policy().as_document(), pool_cents=run.whole_cents)

    lines = dict(run.lines.values_list("member", "allocated_cents"))
    parts = dict(SimulatedPart.objects.filter(simulation=simulation).values_list("member", "cents"))
    assert {member: cents[0] for member, cents in parts.items()} == lines


def test_a_policy_whose_floors_are_too_high_is_told_as_such(valley: Valley) -> None:
    high = valley.policy(floor_cents=10_000, title="Troppo").as_document()

    result = tried(valley, by_purchases(valley), high).result

    assert result is not None
    assert [each["is_feasible"] for each in result["policies"]] == [True, False]


def test_policies_that_look_at_the_same_are_gathered_in_one_statement(
    valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered = []

    def counted(**given: Any) -> gathering.Snapshot:
        gathered.append(given["policy"])
        return gathering.gather(**given)

    monkeypatch.setattr(simulating, "gather", counted)

    tried(valley, by_purchases(valley), by_social(valley))

    assert len(gathered) == 1


def test_one_policy_says_how_far_it_is_from_the_scores_to_the_last_part(valley: Valley) -> None:
    opened = actions.open_simulation(
        documents=[by_purchases(valley)],
        starts_on=HALF[0],
        ends_on=HALF[1],
        pool_cents=183_000,
        made_by=OPENER,
        made_at=AFTERWARDS,
    )
    told: list[tuple[str, int, int]] = []

    actions.simulate(
        simulation_id=opened.id,
        progress=lambda step, done=0, total=0: told.append((step, done, total)),
    )

    assert list(dict.fromkeys(step for step, _done, _total in told)) == list(
        job_kind(SIMULATE).steps
    )
    assert ("scores", PEOPLE, 0) in told
    assert told[-1] == ("parts", PEOPLE, PEOPLE)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"documents": []}, errors.TooFewPolicies),
        ({"ends_on": AFTERWARDS.date()}, errors.PeriodNotOver),
        ({"ends_on": date(2024, 1, 1)}, errors.PeriodBackwards),
        ({"pool_cents": 0}, errors.NothingToDivide),
    ],
)
def test_what_cannot_be_tried_is_refused(
    valley: Valley, changes: dict[str, object], refusal: type[Exception]
) -> None:
    given_figures: dict[str, object] = {
        "documents": [by_purchases(valley)],
        "starts_on": HALF[0],
        "ends_on": HALF[1],
        "pool_cents": 1,
        "made_by": OPENER,
        "made_at": AFTERWARDS,
    }

    with pytest.raises(refusal):
        actions.open_simulation(**{**given_figures, **changes})  # type: ignore[arg-type]
