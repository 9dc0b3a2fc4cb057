from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from reciproca.imports import actions, queries, staging
from reciproca.imports.columns import ColumnsMissing
from reciproca.imports.models import Import, Row, State
from reciproca.imports.refusals import (
    BasketColumnMissing,
    ImportBusy,
    MarksUnclear,
    NoRows,
    NotUndoable,
    ReasonMissing,
    RowsRefused,
)
from reciproca.imports.tests.toys import (
    NOON,
    Box,
    BoxTooSmall,
    ToysPlayedWith,
    bring_in,
    receive,
)
from reciproca.shared.job_progress import StopNow

pytestmark = pytest.mark.django_db

GOOD = "codice,nome,prezzo\n1,trottola,2.50\n2,palla,3.00\n"
ONE_BAD = "codice,nome,prezzo\n1,trottola,2.50\n2,,3.00\n3,palla,tre\n"


@pytest.fixture
def box() -> Box:
    return Box()


def reasons(done: Import) -> dict[str, int]:
    return {reason.code: reason.count for reason in queries.reasons(import_id=done.pk)}


def test_good_rows_come_in_and_are_counted(tmp_path: Path, box: Box) -> None:
    done = bring_in(GOOD, tmp_path, box)

    assert (done.state, done.row_count, done.accepted_count) == (State.DONE, 2, 2)
    assert (done.refused_count, done.known_count, done.amount_cents) == (0, 0, 550)
    assert box.toys == [("1", ["trottola"]), ("2", ["palla"])]
    assert done.findings["toys"] == 2
    assert not Row.objects.exists()


def test_one_refused_row_moves_nothing_unless_somebody_says_so(tmp_path: Path, box: Box) -> None:
    with pytest.raises(RowsRefused) as refusal:
        bring_in(ONE_BAD, tmp_path, box)

    assert refusal.value.params == {"refused": 2}
    assert box.toys == []


def test_taking_the_good_rows_keeps_the_others_with_their_reasons(tmp_path: Path, box: Box) -> None:
    done = bring_in(ONE_BAD, tmp_path, box, good_rows=True)

    assert (done.accepted_count, done.refused_count, done.amount_cents) == (1, 2, 250)
    assert reasons(done) == {"amount-unreadable": 1, "toy-name-missing": 1}
    assert [row.number for row in queries.refused_rows(import_id=done.pk)] == [3, 4]


def test_the_preview_says_what_would_happen_and_moves_nothing(tmp_path: Path, box: Box) -> None:
    box.toys.append(("1", ["trottola"]))
    received, path = receive(GOOD + "3,rotto,1.00\n4,,1.00\n", tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)

    seen = actions.check_rows(import_id=received.pk, reader=box)

    assert seen.state == State.PREVIEWED
    assert (seen.accepted_count, seen.known_count, seen.refused_count) == (1, 1, 2)
    assert seen.amount_cents == 300
    assert seen.findings["toys_seen"]
    assert len(box.toys) == 1
    assert queries.first_good_rows(import_id=seen.pk, limit=1) == [(2, ["1", "trottola"])]


def test_the_same_file_twice_is_recognised(tmp_path: Path, box: Box) -> None:
    first = bring_in(GOOD, tmp_path, box)

    received, path = receive(GOOD, tmp_path)
    again = actions.read_file(import_id=received.pk, reader=box, path=path)

    assert (again.state, again.accepted_count, again.known_count) == (State.DONE, 0, 2)
    assert again.findings["same_as"] == str(first.pk)
    assert len(box.toys) == 2


def test_a_file_of_which_rows_were_refused_may_be_tried_again(tmp_path: Path, box: Box) -> None:
    bring_in(ONE_BAD, tmp_path, box, good_rows=True)

    again = bring_in(ONE_BAD, tmp_path, box, good_rows=True)

    assert (again.accepted_count, again.known_count, again.refused_count) == (0, 1, 2)
    assert len(box.toys) == 1


def test_two_equal_rows_without_a_key_are_two_and_a_longer_file_knows_both(
    tmp_path: Path, box: Box
) -> None:
    equal = "nome,prezzo\npalla,3.00\npalla,3.00\n"
    first = bring_in(equal, tmp_path, box)

    longer = bring_in(equal + "palla,3.00\ntrottola,1.00\n", tmp_path, box)

    assert first.accepted_count == 2
    assert (longer.accepted_count, longer.known_count) == (2, 2)
    assert len({key for key, _names in box.toys}) == 4


def test_the_same_rows_with_another_separator_are_the_same_rows(tmp_path: Path, box: Box) -> None:
    bring_in("nome,prezzo\npalla,3\n", tmp_path, box)

    again = bring_in("nome;prezzo\npalla;3\ntrottola;4\n", tmp_path, box)

    assert (again.accepted_count, again.known_count) == (1, 1)


def test_a_key_twice_in_a_file_is_known_when_equal_and_refused_when_not(
    tmp_path: Path, box: Box
) -> None:
    text = "codice,nome,prezzo\n1,palla,3.00\n1,palla,3.00\n1,trottola,3.00\n"

    done = bring_in(text, tmp_path, box, good_rows=True)

    assert (done.accepted_count, done.known_count, done.refused_count) == (1, 1, 1)
    [refused] = queries.refused_rows(import_id=done.pk)
    assert refused.code == "key-repeated"
    assert "riga 2" in refused.reason.lower()


def test_rows_of_a_basket_are_one_fact_wherever_they_stand(tmp_path: Path, box: Box) -> None:
    text = "scontrino,nome,prezzo\nA,palla,1.00\nB,cubo,2.00\nA,trottola,3.00\n"

    done = bring_in(text, tmp_path, box, grouping={"by": "basket", "column": "scontrino"})

    assert box.toys == [("A", ["palla", "trottola"]), ("B", ["cubo"])]
    assert (done.accepted_count, done.amount_cents) == (3, 600)


def test_a_basket_with_a_bad_row_is_refused_whole(tmp_path: Path, box: Box) -> None:
    text = "codice,nome,prezzo\nA,palla,1.00\nB,cubo,2.00\nA,,3.00\n,treno,1.00\n"

    done = bring_in(text, tmp_path, box, good_rows=True, grouping={"by": "basket"})

    assert box.toys == [("B", ["cubo"])]
    assert reasons(done) == {"basket-broken": 1, "basket-missing": 1, "toy-name-missing": 1}


def test_a_basket_without_end_is_refused(
    tmp_path: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "MOST_ROWS_IN_BASKET", 3)
    text = "codice,nome,prezzo\n" + "A,palla,1.00\n" * 4 + "B,cubo,2.00\n"

    done = bring_in(text, tmp_path, box, good_rows=True, grouping={"by": "basket"})

    assert reasons(done) == {"basket-too-long": 4}
    assert done.accepted_count == 1


def test_grouping_by_basket_needs_its_column(tmp_path: Path, box: Box) -> None:
    with pytest.raises(BasketColumnMissing):
        bring_in("nome,prezzo\npalla,1\n", tmp_path, box, grouping={"by": "basket"})


def test_a_stopped_import_goes_on_where_it_was(
    tmp_path: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", 10)
    rows = "".join(f"{number},palla,1.00\n" for number in range(35))
    received, path = receive("codice,nome,prezzo\n" + rows, tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)
    box.crash_at = 25
    with pytest.raises(RuntimeError):
        actions.accept_rows(import_id=received.pk, reader=box)
    stopped = Import.objects.get(pk=received.pk)
    box.crash_at = 0

    done = actions.accept_rows(import_id=received.pk, reader=box)

    assert (stopped.state, stopped.accepted_count, stopped.amount_cents) == ("stopped", 20, 2_000)
    assert stopped.refusal_code == "recording-crashed"
    assert (done.state, done.accepted_count, done.amount_cents) == (State.DONE, 35, 3_500)
    assert [key for key, _names in box.toys] == [str(number) for number in range(35)]
    unfinished = queries.unfinished_import(digest=stopped.digest, kind="toys", organisation_id=None)
    assert unfinished is None
    assert (done.refusal_code, done.refusal_params) == ("", {})


@pytest.mark.parametrize("signal", [KeyboardInterrupt(), StopNow(), OperationalError()])
def test_whoever_is_told_to_stop_comes_back_to_a_running_import(
    tmp_path: Path, box: Box, monkeypatch: pytest.MonkeyPatch, signal: BaseException
) -> None:
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", 1)
    received, path = receive(GOOD, tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)
    box.stopped_by = signal
    with pytest.raises(type(signal)):
        actions.accept_rows(import_id=received.pk, reader=box)
    stopped = Import.objects.get(pk=received.pk)
    box.stopped_by = None

    done = actions.accept_rows(import_id=received.pk, reader=box)

    assert (stopped.state, stopped.accepted_count) == (State.RUNNING, 1)
    assert (done.state, done.accepted_count) == (State.DONE, 2)


def test_a_refusal_while_making_ready_takes_its_own_row_alone(tmp_path: Path, box: Box) -> None:
    text = "codice,nome,prezzo\n1,palla,1.00\n2,smontato,1.00\n3,rotto,1.00\n4,cubo,1.00\n"

    done = bring_in(text, tmp_path, box, good_rows=True)

    assert [names for _key, names in box.toys] == [["palla"], ["cubo"]]
    assert (done.state, done.accepted_count, done.refused_count) == (State.DONE, 2, 2)
    assert [row.number for row in queries.refused_rows(import_id=done.pk)] == [3, 4]


def test_a_refusal_of_the_whole_closes_the_file_when_nothing_came_in(
    tmp_path: Path, box: Box
) -> None:
    box.refuses_at_the_end = True
    received, path = receive("nome,prezzo\nrotto,1\n", tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)

    with pytest.raises(BoxTooSmall):
        actions.accept_rows(import_id=received.pk, reader=box, takes_good_rows=True)

    closed = Import.objects.get(pk=received.pk)
    assert (closed.state, closed.refusal_code) == (State.FAILED, "box-too-small")
    assert not Row.objects.filter(code="").exists()


def test_a_refusal_of_the_whole_stops_a_file_of_which_something_came_in(
    tmp_path: Path, box: Box
) -> None:
    box.refuses_at_the_end = True
    received, path = receive(GOOD, tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)
    with pytest.raises(BoxTooSmall):
        actions.accept_rows(import_id=received.pk, reader=box)
    stopped = Import.objects.get(pk=received.pk)

    undone = actions.undo_import(
        import_id=received.pk, reader=box, reason="basta", undone_by=None, undone_at=NOON
    )

    assert (stopped.state, stopped.refusal_code) == (State.STOPPED, "box-too-small")
    assert stopped.accepted_count == 2
    assert undone.state == State.UNDONE


def test_a_refusal_that_shows_only_while_recording_takes_its_own_row_alone(
    tmp_path: Path, box: Box
) -> None:
    text = "codice,nome,prezzo\n1,palla,1.00\n2,tardi,1.00\n3,cubo,1.00\n4,tardi,1.00\n"

    done = bring_in(text, tmp_path, box, good_rows=True)

    assert [names for _key, names in box.toys] == [["palla"], ["cubo"]]
    assert (done.accepted_count, done.refused_count) == (2, 2)
    assert reasons(done) == {"toy-broken": 2}


def test_without_good_rows_alone_a_late_refusal_leaves_nothing_behind(
    tmp_path: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", 2)
    box.late = True
    text = "codice,nome,prezzo\n1,palla,1.00\n2,cubo,1.00\n3,tardi,1.00\n"
    received, path = receive(text, tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)

    with pytest.raises(RowsRefused):
        actions.accept_rows(import_id=received.pk, reader=box)

    stopped = Import.objects.get(pk=received.pk)
    assert (stopped.state, stopped.refused_count) == (State.PREVIEWED, 1)
    assert Row.objects.filter(file=received, code="").count() == 2


def test_a_file_given_up_keeps_its_refused_rows_alone(tmp_path: Path, box: Box) -> None:
    received, path = receive(ONE_BAD, tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)

    left = actions.give_up(import_id=received.pk, refusal=RowsRefused(refused=2))

    assert (left.state, left.accepted_count, left.refusal_code) == ("failed", 0, "rows-refused")
    assert [row.number for row in Row.objects.order_by("number")] == [3, 4]


def test_files_that_nobody_accepts_are_forgotten(tmp_path: Path, box: Box) -> None:
    received, path = receive(GOOD, tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)

    assert actions.give_up_old_previews(before=NOON) == []
    later = NOON.replace(day=9)
    assert actions.give_up_old_previews(before=later) == [received.pk]
    assert not Row.objects.exists()


def test_an_undo_asks_for_a_reason_and_lets_the_file_come_again(tmp_path: Path, box: Box) -> None:
    done = bring_in(GOOD, tmp_path, box)
    with pytest.raises(ReasonMissing):
        actions.undo_import(
            import_id=done.pk, reader=box, reason=" ", undone_by=None, undone_at=NOON
        )

    undone = actions.undo_import(
        import_id=done.pk, reader=box, reason="file sbagliato", undone_by=None, undone_at=NOON
    )
    box.toys.clear()
    again = bring_in(GOOD, tmp_path, box)

    assert (undone.state, undone.undo_reason) == (State.UNDONE, "file sbagliato")
    assert box.undone == ["file sbagliato"]
    assert again.accepted_count == 2


def test_an_undo_that_is_refused_leaves_all_as_it_was(tmp_path: Path, box: Box) -> None:
    done = bring_in(GOOD, tmp_path, box)
    box.undo_refused = True

    with pytest.raises(ToysPlayedWith):
        actions.undo_import(
            import_id=done.pk, reader=box, reason="no", undone_by=None, undone_at=NOON
        )

    done.refresh_from_db()
    assert (done.state, done.undo_reason, box.undone) == (State.DONE, "", [])


def test_what_was_not_recorded_cannot_be_undone(tmp_path: Path, box: Box) -> None:
    received, path = receive(GOOD, tmp_path)
    actions.read_file(import_id=received.pk, reader=box, path=path)

    with pytest.raises(NotUndoable):
        actions.undo_import(
            import_id=received.pk, reader=box, reason="no", undone_by=None, undone_at=NOON
        )


def test_missing_columns_are_named_with_those_that_the_file_has(tmp_path: Path, box: Box) -> None:
    with pytest.raises(ColumnsMissing) as refusal:
        bring_in("Giocattolo;Quando\npalla;ieri\n", tmp_path, box)

    assert "prezzo" in str(refusal.value)
    assert "Giocattolo, Quando" in str(refusal.value)
    [failed] = Import.objects.all()
    assert (failed.state, failed.refusal_code) == (State.FAILED, "columns-missing")


def test_a_file_without_rows_is_refused(tmp_path: Path, box: Box) -> None:
    with pytest.raises(NoRows):
        bring_in("nome,prezzo\n\n\n", tmp_path, box)


def test_an_amount_that_could_be_two_is_asked_about(tmp_path: Path, box: Box) -> None:
    with pytest.raises(MarksUnclear):
        bring_in("nome;prezzo\npalla;1.234\n", tmp_path, box)

    done = bring_in("nome;prezzo\npalla;1.234\n", tmp_path, box, file={"decimal_mark": ","})

    assert done.amount_cents == 123_400


def test_marks_that_show_only_far_down_the_file_are_found(tmp_path: Path, box: Box) -> None:
    whole = "".join(f"palla {n};{n}\n" for n in range(1, 1_500))
    italian = bring_in(f"nome;prezzo\n{whole}cubo;1,50\n", tmp_path, box)
    english = bring_in(f"nome;prezzo\n{whole}cubo;1.50\ntreno;2,345.50\n", tmp_path, box)

    assert italian.mapping["file"]["decimal_mark"] == ","
    assert english.mapping["file"]["decimal_mark"] == "."
    assert (english.refused_count, english.amount_cents) == (0, 150 + 234_550)


def test_an_amount_that_could_be_two_is_decided_by_one_far_below(tmp_path: Path, box: Box) -> None:
    whole = "".join(f"palla {n};{n}\n" for n in range(1, 1_500))

    done = bring_in(f"nome;prezzo\ntreno;1.234\n{whole}cubo;1,50\n", tmp_path, box)

    assert done.refused_count == 0
    assert done.amount_cents == 123_400 + 150 + 100 * sum(range(1, 1_500))


def test_a_repeated_key_speaks_of_receipts_only_where_there_are_some(
    tmp_path: Path, box: Box
) -> None:
    text = "codice,nome,prezzo\n1,palla,3.00\n1,trottola,3.00\n"
    toys = bring_in(text, tmp_path, box, good_rows=True)
    box.has_baskets = True
    sold = bring_in(text.replace("1,", "2,"), tmp_path, box, good_rows=True)

    [of_toys] = queries.refused_rows(import_id=toys.pk)
    [of_sold] = queries.refused_rows(import_id=sold.pk)
    assert "scontrino" not in of_toys.reason
    assert (of_sold.code, "scontrino" in of_sold.reason) == ("receipt-repeated", True)


def test_two_at_one_import_wait_for_nobody(tmp_path: Path, box: Box) -> None:
    received, path = receive(GOOD, tmp_path)
    with somebody_at(received), pytest.raises(ImportBusy):
        actions.read_file(import_id=received.pk, reader=box, path=path)

    assert actions.read_file(import_id=received.pk, reader=box, path=path).state == State.READ


@contextmanager
def somebody_at(received: Import) -> Iterator[None]:
    other = connections["default"].copy()
    key = received.pk.int & (1 << 63) - 1
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    other.close()
