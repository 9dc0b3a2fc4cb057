"""Two checks at a time see the same moment, speak the asker's language and stop when told."""

from collections.abc import Callable
from threading import Barrier, Event, Thread

import pytest
from django.db import connection
from django.utils.translation import get_language, override

from reciproca.control_room.verification.all import run_checks
from reciproca.control_room.verification.base import Check, Count, Faults, rows
from reciproca.shared.ids import uuid7
from reciproca.shared.models import AccessLog

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 20


def check(name: str, look: Callable[[Count], str]) -> Check:
    def run(count: Count) -> Faults:
        yield from ()
        return look(count)

    return Check(name, name, run)


def write_a_row() -> None:
    AccessLog.objects.create(subject=uuid7(), what="statement")


def rows_seen() -> str:
    return str(rows("SELECT count(*) FROM shared_accesslog")[0][0])


def test_what_is_written_meanwhile_is_seen_by_neither() -> None:
    begun, written = (Barrier(3, timeout=PATIENCE_SECONDS) for _ in range(2))
    write_a_row()

    def look(_count: Count) -> str:
        begun.wait()
        written.wait()
        return rows_seen()

    def write() -> None:
        begun.wait()
        write_a_row()
        connection.close()
        written.wait()

    writer = Thread(target=write)
    writer.start()
    verdicts = run_checks(checks=[check("one", look), check("two", look)])
    writer.join()

    assert [verdict.details for verdict in verdicts] == [["1"], ["1"]]
    assert rows_seen() == "2"


def test_they_speak_the_language_of_who_asked() -> None:
    with override("en"):
        [verdict] = run_checks(checks=[check("words", lambda _count: get_language() or "")])

    assert verdict.details == ["en"]


def test_who_is_told_of_one_check_may_stop_them_all() -> None:
    told, stopped = Event(), Event()

    def go_on_counting(count: Count) -> str:
        try:
            for done in range(PATIENCE_SECONDS * 1_000):
                count(done)
                told.wait(0.001)
        finally:
            stopped.set()
        return "nobody stopped it"

    def progress(step: str, done: int = 0, total: int = 0) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_checks(checks=[check("endless", go_on_counting)], progress=progress)

    assert stopped.is_set()


def test_a_check_that_breaks_is_not_mistaken_for_one_that_is_slow() -> None:
    def take_too_long(_count: Count) -> str:
        raise TimeoutError("the pool is empty")

    [verdict] = run_checks(checks=[check("broken", take_too_long)])

    assert not verdict.ok
    assert "the pool is empty" in verdict.details[0]
