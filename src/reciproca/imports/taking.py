"""Recording the rows that wait, batch by batch, so that a stopped import goes on where it was."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from django.db import transaction
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
    """Record all that waits, each batch with the forgetting of its rows; return late refusals."""
    marks: list[Mark] = []
    done = 0
    with garbage_by_batches() as batch_done:
        for facts in staging.good_facts(import_id=file.pk, in_baskets=in_baskets):
            progress("recording", done, file.row_count)
            came = _take_batch(file, reading, facts)
            done += sum(map(len, facts))
            marks += came.marks[: MOST_REFUSALS_KEPT - len(marks)]
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


def _take_batch(file: Import, reading: Reading, facts: Sequence[Fact]) -> Tally:
    with transaction.atomic():
        came = tally(facts=facts, verdicts=_take(reading, facts))
        numbers = [row.number for fact in facts for row in fact]
        staging.mark(import_id=file.pk, marks=came.marks)
        staging.drop_rows_done(import_id=file.pk, numbers=numbers)
        Import.objects.filter(pk=file.pk).update(
            accepted_count=F("accepted_count") + came.accepted,
            known_count=F("known_count") + came.known,
            refused_count=F("refused_count") + len(came.marks),
            amount_cents=F("amount_cents") + came.amount_cents,
        )
    return came


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


def _take(reading: Reading, facts: Sequence[Fact]) -> list[Verdict]:
    verdicts = reading.check(facts)
    good = [fact for fact, verdict in zip(facts, verdicts, strict=True) if verdict is None]
    if not good:
        return verdicts
    reading.prepare(good)
    outcomes = iter(_settle(reading, good))
    return [next(outcomes) if verdict is None else verdict for verdict in verdicts]


def _settle(reading: Reading, facts: Sequence[Fact]) -> list[Verdict]:
    """Accept facts; where the batch is refused, find out which fact it is by halving it."""
    try:
        with transaction.atomic():
            return reading.accept(facts)
    except DomainError as refused:
        if len(facts) == 1:
            return [refused]
    middle = len(facts) // 2
    return [*_settle(reading, facts[:middle]), *_settle(reading, facts[middle:])]
