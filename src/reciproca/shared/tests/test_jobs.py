from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, transaction
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from reciproca.shared import jobs
from reciproca.shared.errors import DomainError
from reciproca.shared.job_progress import AlreadyRunning, StopNow, only_runner
from reciproca.shared.jobs import job, resume_job, run_job, start_job, why
from reciproca.shared.models import Job, JobState
from reciproca.shared.progress import Progress

RunJobs = Callable[[], list[Job]]


class TooManyCooks(DomainError):
    code = "too-many-cooks"
    message = "Troppi cuochi: %(cooks)s."


@pytest.fixture
def soup() -> Iterator[list[int]]:
    """Register a kind of job for the length of a test; gives the servings it made."""
    served: list[int] = []

    @job(kind="soup", title="Minestra", steps={"cook": "Cottura"})
    def cook(progress: Progress, *, servings: int, cooks: int = 1) -> dict[str, object]:
        if cooks > 1:
            raise TooManyCooks(cooks=cooks)
        if servings < 0:
            raise ValueError("no soup")
        for serving in range(servings):
            progress("cook", serving + 1, servings)
            served.append(serving)
        return {"servings": servings}

    yield served
    del jobs._kinds["soup"]


@pytest.mark.usefixtures("soup")
class TestAJob:
    def test_waits_for_a_worker_and_says_what_came_of_it(self, run_jobs: RunJobs) -> None:
        started = start_job(kind="soup", args={"servings": 2}, started_by=None)
        assert started.state == JobState.QUEUED
        assert ProcrastinateJob.objects.get().args == {"job_id": str(started.id)}

        [done] = run_jobs()

        assert (done.state, done.result, done.title) == ("done", {"servings": 2}, "Minestra")
        assert done.finished_at is not None

    def test_that_is_refused_ends_with_the_refusals_own_words(self, run_jobs: RunJobs) -> None:
        start_job(kind="soup", args={"servings": 1, "cooks": 3}, started_by=None)

        [failed] = run_jobs()

        assert (failed.state, failed.code) == ("failed", "too-many-cooks")
        assert failed.message == why(failed) == "Troppi cuochi: 3."

    def test_that_failed_says_why_in_the_language_of_whoever_reads(self, run_jobs: RunJobs) -> None:
        start_job(kind="soup", args={"servings": -1}, started_by=None)

        [failed] = run_jobs()

        assert why(failed).startswith("Il lavoro si è interrotto per un guasto nostro")
        with override("en"):
            assert why(failed).startswith("The job stopped because of a fault of ours")

    def test_that_crashes_hides_the_fault_and_keeps_it_in_the_log(
        self, run_jobs: RunJobs, caplog: pytest.LogCaptureFixture
    ) -> None:
        start_job(kind="soup", args={"servings": -1}, started_by=None)

        [failed] = run_jobs()

        assert (failed.state, failed.code) == ("failed", "crashed")
        assert "no soup" not in failed.message
        assert "no soup" in caplog.text

    def test_is_not_started_by_a_transaction_that_rolls_back(self, db: None) -> None:
        with transaction.atomic():
            start_job(kind="soup", args={"servings": 1}, started_by=None)
            transaction.set_rollback(True)

        assert not Job.objects.exists()
        assert not ProcrastinateJob.objects.exists()

    def test_of_one_subject_is_started_once_until_it_ends(self, run_jobs: RunJobs) -> None:
        first = start_job(kind="soup", args={"servings": 1}, started_by=None, subject="2025")
        second = start_job(kind="soup", args={"servings": 9}, started_by=None, subject="2025")
        assert second == first

        run_jobs()

        assert start_job(kind="soup", args={}, started_by=None, subject="2025") != first

    def test_that_failed_is_resumed_and_one_that_is_done_is_not(self, run_jobs: RunJobs) -> None:
        start_job(kind="soup", args={"servings": -1}, started_by=None)
        [failed] = run_jobs()
        Job.objects.filter(pk=failed.pk).update(args={"servings": 1})

        resume_job(job_id=failed.pk)
        [done] = run_jobs()
        resume_job(job_id=failed.pk)

        assert (done.state, done.code) == ("done", "")
        assert run_jobs() == []

    def test_that_is_done_is_not_done_again(self, soup: list[int], run_jobs: RunJobs) -> None:
        start_job(kind="soup", args={"servings": 1}, started_by=None)
        [done] = run_jobs()

        run_job(job_id=done.pk)

        assert soup == [0]


@pytest.mark.django_db(transaction=True)
class TestARunningJob:
    def test_shows_how_far_it_is_while_it_runs(self, soup: list[int]) -> None:
        started = start_job(kind="soup", args={"servings": 3}, started_by=None)

        def stop_at_the_second_serving() -> bool:
            return len(soup) == 1

        with pytest.raises(StopNow):
            run_job(job_id=started.pk, told_to_stop=stop_at_the_second_serving)

        left = Job.objects.get()
        assert (left.state, left.step, left.done, left.total) == ("queued", "cook", 1, 3)
        assert left.heartbeat_at is not None

    def test_is_left_alone_by_a_second_worker(self, soup: list[int]) -> None:
        started = start_job(kind="soup", args={"servings": 1}, started_by=None)

        with only_runner(started.pk), pytest.raises(AlreadyRunning):
            run_job(job_id=started.pk)

        assert soup == []

    def test_that_loses_its_database_waits_for_another_try(
        self, soup: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lose(*_: object, **__: object) -> dict[str, object]:
            raise OperationalError("gone")

        monkeypatch.setitem(jobs._kinds, "soup", jobs.JobKind("soup", "Minestra", lose))
        started = start_job(kind="soup", args={}, started_by=None)

        with pytest.raises(OperationalError):
            run_job(job_id=started.pk, may_retry=True)
        assert Job.objects.get().state == "queued"

        run_job(job_id=started.pk, may_retry=False)
        assert Job.objects.get().code == "crashed"
