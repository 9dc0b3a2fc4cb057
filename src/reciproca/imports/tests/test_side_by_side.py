"""Batches that are recorded two at a time, each in a thread and a transaction of its own."""

from pathlib import Path

import pytest

from reciproca.imports import actions, queries, staging
from reciproca.imports.models import Import, Row, State
from reciproca.imports.tests.toys import Box, receive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Box:
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", 10)
    box = Box()
    box.in_any_order = True
    return box


def toys(count: int) -> str:
    return "codice,nome,prezzo\n" + "".join(f"{n},palla,1.00\n" for n in range(count))


def test_all_rows_come_in_once(tmp_path: Path, box: Box) -> None:
    received, path = receive(toys(95), tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)

    done = actions.accept_rows(import_id=received.pk, reader=box)

    assert (done.state, done.accepted_count, done.amount_cents) == (State.DONE, 95, 9_500)
    assert sorted(int(key) for key, _names in box.toys) == list(range(95))
    assert not Row.objects.exists()


def test_a_batch_that_crashes_takes_none_of_the_others_with_it(tmp_path: Path, box: Box) -> None:
    received, path = receive(toys(95), tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)
    box.crash_at = 45
    with pytest.raises(RuntimeError):
        actions.accept_rows(import_id=received.pk, reader=box)
    stopped = Import.objects.get(pk=received.pk)
    box.crash_at = 0

    done = actions.accept_rows(import_id=received.pk, reader=box)

    assert 0 < stopped.accepted_count < 95
    assert Row.objects.count() == 0
    assert (done.state, done.accepted_count) == (State.DONE, 95)
    assert sorted(int(key) for key, _names in box.toys) == list(range(95))


def test_refusals_come_back_from_the_other_threads(tmp_path: Path, box: Box) -> None:
    text = toys(40) + "41,tardi,1.00\n" + "".join(f"5{n},cubo,1.00\n" for n in range(20))
    received, path = receive(text, tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)

    done = actions.accept_rows(import_id=received.pk, reader=box, takes_good_rows=True)

    [refused] = queries.refused_rows(import_id=done.pk)
    assert refused.cells[0] == "41"
    assert (done.accepted_count, done.refused_count) == (60, 1)
