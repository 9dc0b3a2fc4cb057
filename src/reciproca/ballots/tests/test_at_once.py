"""What happens at once: one elector fifty times, votes at the very close, two who close."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from tests.makers import NOON

from reciproca.ballots import actions, queries
from reciproca.ballots.actions import Reading
from reciproca.ballots.forms import UrnIn
from reciproca.ballots.models import Elector as Line
from reciproca.ballots.models import OpenVote, SecretVote, UrnPaper
from reciproca.ballots.tests.world import close, make_ballot, make_electors, vote
from reciproca.shared.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Make calls from as many threads at one moment; return what each gave or was refused with."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


@pytest.mark.parametrize("secret", [False, True])
def test_fifty_votes_of_one_elector_at_once_leave_one(secret: bool) -> None:
    electors = make_electors(1)
    ballot = make_ballot(electors, secret=secret)

    answers = at_once([lambda: vote(ballot, electors[0], "yes")] * 50)

    assert answers.count("already-voted") == 49
    assert (SecretVote if secret else OpenVote).objects.count() == 1
    assert close(ballot).cast == 1


def test_fifty_changes_at_once_leave_one_vote() -> None:
    electors = make_electors(1)
    ballot = make_ballot(electors, may_change=True)

    at_once([partial(vote, ballot, electors[0], choice) for choice in ["yes", "no"] * 25])

    assert OpenVote.objects.count() == 1
    assert close(ballot).cast == 1


@pytest.mark.parametrize("secret", [False, True])
def test_votes_at_the_very_close_are_counted_or_refused(secret: bool) -> None:
    electors = make_electors(12)
    ballot = make_ballot(electors, secret=secret, closes_at=None)
    voters = [partial(vote, ballot, each, "yes") for each in electors]

    *answers, found = at_once([*voters, lambda: close(ballot, at=NOON)])

    accepted = [each for each in answers if each != "ballot-closed"]
    assert found.cast == len(accepted)
    assert (SecretVote if secret else OpenVote).objects.count() == len(accepted)
    assert Line.objects.exclude(channel="").count() == len(accepted)


def test_a_vote_that_comes_while_the_chair_marks_who_is_there_keeps_nobody_from_closing() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors, closes_at=None)
    marked, voting = Event(), Event()

    def chair() -> object:
        with transaction.atomic():
            actions.mark_present(ballot_id=ballot, members=[electors[0].member_id])
            marked.set()
            voting.wait()
            wait_until_somebody_waits()
            return close(ballot, at=NOON).present

    def voter() -> object:
        marked.wait()
        voting.set()
        return vote(ballot, electors[0], "yes")

    assert at_once([chair, voter]) == [1, "ballot-closed"]


def wait_until_somebody_waits() -> None:
    """Return once another connection waits for a lock of this database."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            sleep(0.01)


def test_a_ballot_is_closed_once() -> None:
    ballot = make_ballot(make_electors(1))

    answers = at_once([lambda: close(ballot)] * 6)

    assert answers.count("ballot-closed") == 5


def test_the_hour_is_the_databases() -> None:
    now = queries.database_now()
    due, later = (
        make_ballot(
            make_electors(1), secret=True, opens_at=NOON, closes_at=now + timedelta(seconds=seconds)
        )
        for seconds in (-1, 3600)
    )

    assert actions.close_due_ballots() == 1
    assert actions.close_due_ballots() == 0
    assert queries.outcome(due) is not None
    assert queries.outcome(later) is None


def test_one_ballot_that_does_not_add_up_keeps_no_other_open() -> None:
    electors = make_electors(1)
    broken = make_ballot(electors, secret=True)
    vote(broken, electors[0], "yes")
    SecretVote.objects.all().delete()
    sound = make_ballot(make_electors(1))

    assert actions.close_due_ballots() == 1
    assert queries.outcome(broken) is None
    assert queries.outcome(sound) is not None


def test_whoever_votes_and_puts_a_paper_in_at_once_does_one_of_the_two() -> None:
    electors = make_electors(12)
    ballot = make_ballot(electors, secret=True)
    calls: list[Callable[[], Any]] = []
    for each in electors:
        calls += [partial(vote, ballot, each, "yes"), partial(put_in_urn, ballot, each.member_id)]

    at_once(calls)

    in_urn = UrnPaper.objects.count()
    assert SecretVote.objects.count() + in_urn == 12
    assert not UrnPaper.objects.exclude(elector__channel="").exists()
    for reader in (uuid4(), uuid4()) if in_urn else ():
        count_urn(ballot, in_urn, reader)
    assert close(ballot).cast == 12


def test_an_urn_that_many_count_at_once_is_counted_once() -> None:
    electors = make_electors(3)
    ballot = make_ballot(electors, secret=True)
    for each in electors:
        put_in_urn(ballot, each.member_id)

    answers = at_once([partial(count_urn, ballot, 3, uuid4()) for _reader in range(6)])

    assert answers.count(Reading.COUNTED) == 1
    assert close(ballot).tally["yes"] == 3


def put_in_urn(ballot: UUID, member_id: UUID) -> None:
    actions.put_in_urn(ballot_id=ballot, member_id=member_id, put_by=uuid4(), put_at=NOON)


def count_urn(ballot: UUID, papers: int, reader: UUID) -> Reading:
    urn = UrnIn(ballot, {'"yes"': papers})
    return actions.count_urn(urn=urn, entered_by=reader, entered_at=NOON)
