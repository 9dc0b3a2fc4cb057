"""A worker calls an assembly: it may be stopped anywhere, and nobody is told twice or forgotten."""

import os
import signal
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone
from tests.makers import NOON, Cast, make_cast, make_membership, make_person

from reciproca.assemblies import actions
from reciproca.assemblies.actions import sending
from reciproca.assemblies.actions.calling import CALL, NobodyToCall
from reciproca.assemblies.actions.common import AlreadyCalled
from reciproca.assemblies.models import Assembly, Body, Elector, Sending
from reciproca.assemblies.queries.meetings import state_of
from reciproca.assemblies.rules import Electorate
from reciproca.assemblies.tests.world import draft, make_body, members_of, record_statute
from reciproca.notices.models import Notice
from reciproca.shared.jobs import resume_job, run_job
from reciproca.shared.models import Job, JobState

pytestmark = pytest.mark.django_db

MEMBERS = 9


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def asked(cast: Cast, *, body: Body | None = None) -> tuple[Assembly, Job]:
    """Let somebody ask to call an assembly that meets in twenty days."""
    now = timezone.now()
    assembly = draft(
        body or make_body(cast.lievito_id),
        first_call_at=now + timedelta(days=20),
        second_call_at=None,
    )
    actions.ask_to_call(
        assembly_id=assembly.id,
        reference_on=timezone.localdate(now),
        called_by=cast.ada.user.pk,
        person_id=cast.ada.id,
        asked_at=now,
    )
    assembly.refresh_from_db()
    return assembly, Job.objects.get(kind=CALL)


def told(assembly: Assembly) -> Counter[UUID]:
    notices = Notice.objects.filter(kind="assembly-called", url=f"/assembly/{assembly.id}/")
    return Counter(notices.values_list("recipient", flat=True))


def proved(assembly: Assembly) -> Counter[UUID]:
    proofs = Sending.objects.filter(elector__assembly=assembly)
    return Counter(proofs.values_list("elector__member", flat=True))


def test_a_call_is_a_job_and_nothing_changes_while_it_waits(cast: Cast) -> None:
    unreached = make_person()
    make_membership(member=unreached, cooperative=cast.lievito_id)
    assembly, job = asked(cast)

    assert state_of(assembly) == "calling"
    with pytest.raises(AlreadyCalled):
        actions.add_item(assembly_id=assembly.id, title="Altro", text="")
    run_job(job_id=job.id)

    job.refresh_from_db()
    assembly.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"told": 2})
    assert state_of(assembly) == "called"
    assert set(Elector.objects.filter(assembly=assembly).values_list("member", flat=True)) == {
        cast.ada.id,
        cast.bruno.id,
        unreached,
    }
    assert told(assembly) == proved(assembly) == {cast.ada.id: 1, cast.bruno.id: 1}
    done = Notice.objects.get(kind="assembly-call-sent")
    assert (done.recipient_id, done.params["untold"]) == (cast.ada.id, 1)


def test_a_call_that_cannot_be_leaves_the_assembly_to_be_prepared(cast: Cast) -> None:
    empty = actions.open_body(
        node_id=cast.lievito_id, kind="board", name="Consiglio", opened_by=None, opened_at=NOON
    )
    record_statute(empty, electorate=Electorate.SEATS, notice_days=3, most_mandates=0)
    assembly, job = asked(cast, body=empty)

    run_job(job_id=job.id)

    job.refresh_from_db()
    assembly.refresh_from_db()
    assert (job.state, job.code) == (JobState.FAILED, NobodyToCall.code)
    assert state_of(assembly) == "draft"
    actions.add_item(assembly_id=assembly.id, title="Altro", text="")


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_the_rest_to_the_next_and_nobody_is_told_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = members_of(cast, MEMBERS)
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    assembly, job = asked(cast)
    everybody = {cast.ada.id, cast.bruno.id, *(each.id for each in people)}

    seen = set()
    for batch in range(MEMBERS):
        _killed_after(job.id, batch)
        seen.add(sum(told(assembly).values()))
        assert told(assembly) == proved(assembly)
    # Before the roll, and after each two people or so.
    assert len(seen) > 3

    run_job(job_id=job.id)

    assert told(assembly) == proved(assembly) == dict.fromkeys(everybody, 1)
    run_job(job_id=job.id)
    resume_job(job_id=job.id)
    assert told(assembly) == dict.fromkeys(everybody, 1)


def _killed_after(job_id: UUID, reports: int) -> None:
    """Let a process of its own run the job and die, by SIGKILL, at its so manieth report."""
    connections.close_all()
    child = os.fork()
    if not child:
        from reciproca.shared.job_progress import JobProgress

        left = [reports]
        report = JobProgress.__call__

        def die(self: JobProgress, step: str, done: int = 0, total: int = 0) -> None:
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            report(self, step, done, total)

        JobProgress.__call__ = die  # type: ignore[method-assign]
        try:
            run_job(job_id=job_id)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
