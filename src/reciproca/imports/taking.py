"""Recording the rows that wait, batch by batch, so that a stopped import goes on where it was."""

import gc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from reciproca.imports import staging
from reciproca.imports.models import Import
from reciproca.imports.reader import Fact, Known, Reading, Verdict
from reciproca.imports.staging import refusal
from reciproca.shared.errors import DomainError
from reciproca.shared.progress import Progress

MOST_REFUSALS_KEPT = 10_000
"""All or nothing: so many reasons are enough to know that it is nothing."""

BATCHES_BETWEEN_COLLECTIONS = 16

HANDS = 2
"""Python works on one batch while the database works on another; more would only wait."""

Mark = tuple[int, str, str]


class SomeRefused(Exception):
    """What was good until now cannot be recorded; `marks` say which rows and why."""

    def __init__(self, marks: list[Mark]) -> None:
        super().__init__()
        self.marks = marks


@dataclass(slots=True)
class Tally:
    """What came of facts: rows and cents of the accepted and the known, marks of the refused."""

    accepted: int = 0
    known: int = 0
    amount_cents: int = 0
    known_cents: int = 0
    marks: list[Mark] = field(default_factory=list)


def tally(*, facts: Sequence[Fact], verdicts: Sequence[Verdict]) -> Tally:
    """Return what came of some facts; a refused fact refuses all its rows."""
    found = Tally()
    for fact, verdict in zip(facts, verdicts, strict=True):
        if verdict is None:
            found.accepted += len(fact)
            found.amount_cents += sum(row.amount_cents for row in fact)
        elif isinstance(verdict, Known):
            found.known += len(fact)
            found.known_cents += sum(row.amount_cents for row in fact)
        else:
            found.marks += [(row.number, *refusal(verdict)) for row in fact]
    return found


def take_all(*, file: Import, reading: Reading, in_baskets: bool, progress: Progress) -> list[Mark]:
    """
    Record all that waits, each batch with the forgetting of its rows; return late refusals.

    Where order does not matter two batches are recorded at a time: while the database writes one,
    the next is made.
    """
    marks: list[Mark] = []
    done = 0

    def note(came: Tally) -> None:
        marks.extend(came.marks[: MOST_REFUSALS_KEPT - len(marks)])

    with garbage_by_batches() as batch_done, Hands(note) as hands:
        for facts in staging.good_facts(import_id=file.pk, in_baskets=in_baskets):
            progress("recording", done, file.row_count)
            batch = _prepared(file, reading, facts)
            if hands.are_free and reading.may_overlap(batch.things):
                hands.give(batch)
            else:
                hands.wait()
                note(_record(batch))
            done += sum(map(len, facts))
            batch_done()
    progress("recording", file.row_count, file.row_count)
    return marks


def take_all_or_nothing(
    *, file: Import, reading: Reading, in_baskets: bool, progress: Progress
) -> None:
    """
    Record all that waits in one transaction, or nothing.

    Raises: SomeRefused.
    """
    with transaction.atomic():
        marks = take_all(file=file, reading=reading, in_baskets=in_baskets, progress=progress)
        if marks:
            raise SomeRefused(marks)


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts to be recorded: the verdict on each, and the good ones as the room accepts them."""

    file: Import
    reading: Reading
    facts: Sequence[Fact]
    verdicts: Sequence[Verdict]
    things: Sequence[Any]


def _prepared(file: Import, reading: Reading, facts: Sequence[Fact]) -> Batch:
    verdicts = reading.check(facts)
    good = [fact for fact, verdict in zip(facts, verdicts, strict=True) if verdict is None]
    try:
        with transaction.atomic():
            things = reading.prepare(good) if good else []
    except DomainError:
        outcomes = iter(_prepared_apart(reading, good))
        things = []
        for at, verdict in enumerate(verdicts):
            if verdict is None:
                verdicts[at], ready = next(outcomes)
                things += ready
    return Batch(file, reading, facts, verdicts, things)


def _prepared_apart(
    reading: Reading, facts: Sequence[Fact]
) -> list[tuple[DomainError | None, Sequence[Any]]]:
    """Return why each fact cannot be prepared, or itself as it was: found by halving."""
    try:
        with transaction.atomic():
            return [(None, [thing]) for thing in reading.prepare(facts)]
    except DomainError as refused:
        if len(facts) == 1:
            return [(refused, [])]
    middle = len(facts) // 2
    return [*_prepared_apart(reading, facts[:middle]), *_prepared_apart(reading, facts[middle:])]


def _record(batch: Batch) -> Tally:
    with transaction.atomic():
        outcomes = iter(_settle(batch.reading, batch.things) if batch.things else [])
        verdicts = [next(outcomes) if verdict is None else verdict for verdict in batch.verdicts]
        came = tally(facts=batch.facts, verdicts=verdicts)
        numbers = [row.number for fact in batch.facts for row in fact]
        staging.mark(import_id=batch.file.pk, marks=came.marks)
        staging.drop_rows_done(import_id=batch.file.pk, numbers=numbers)
        Import.objects.filter(pk=batch.file.pk).update(
            accepted_count=F("accepted_count") + came.accepted,
            known_count=F("known_count") + came.known,
            refused_count=F("refused_count") + len(came.marks),
            amount_cents=F("amount_cents") + came.amount_cents,
        )
    return came


def _settle(reading: Reading, things: Sequence[Any]) -> list[Verdict]:
    """Accept facts; where the batch is refused, find out which fact it is by halving it."""
    try:
        with transaction.atomic():
            return reading.accept(things)
    except DomainError as refused:
        if len(things) == 1:
            return [refused]
    middle = len(things) // 2
    return [*_settle(reading, things[:middle]), *_settle(reading, things[middle:])]


class Hands:
    """
    Records batches in threads of its own, few at a time; a room's refusals come back through
    `note`.

    Within a transaction there are none: other connections would not see what it wrote.
    """

    def __init__(self, note: Callable[[Tally], None]) -> None:
        self.are_free = not connection.in_atomic_block
        self._note = note
        self._pool = ThreadPoolExecutor(HANDS, thread_name_prefix="import")
        self._working: deque[Future[Tally]] = deque()

    def __enter__(self) -> "Hands":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_more: object) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            # What has begun is finished, whatever went wrong beside it: its rows are forgotten
            # with it, so nothing is lost or done twice.
            self._pool.shutdown(wait=True, cancel_futures=True)

    def give(self, batch: Batch) -> None:
        """Record a batch as soon as a hand is free; wait for the first one when none is."""
        if len(self._working) == HANDS:
            self._note(self._working.popleft().result())
        self._working.append(self._pool.submit(_record_alone, batch))

    def wait(self) -> None:
        """Wait until all that was given is recorded. Raises: what went wrong with it."""
        while self._working:
            self._note(self._working.popleft().result())


def _record_alone(batch: Batch) -> Tally:
    try:
        return _record(batch)
    finally:
        connection.close()


@contextmanager
def garbage_by_batches() -> Iterator[Callable[[], None]]:
    """
    Look for cycles of garbage every few batches instead of every few hundred objects.

    A batch makes a hundred thousand objects and no cycles among them; looking for some all the
    time cost a third of an import.
    """
    was_enabled, batches = gc.isenabled(), count(1)

    def batch_done() -> None:
        if next(batches) % BATCHES_BETWEEN_COLLECTIONS == 0:
            gc.collect()

    gc.disable()
    try:
        yield batch_done
    finally:
        if was_enabled:
            gc.enable()
