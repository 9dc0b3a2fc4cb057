"""Rows that wait: recorded, taken back, given up."""

from datetime import datetime
from uuid import UUID

from django.db import OperationalError
from django.utils import timezone

from reciproca.imports import staging
from reciproca.imports.actions.reading import check
from reciproca.imports.actions.steps import (
    KNOWN_CODE,
    alone,
    changed,
    in_baskets,
    reading_of,
    refuse,
)
from reciproca.imports.models import Import, State
from reciproca.imports.reader import Reader
from reciproca.imports.refusals import (
    NotUndoable,
    PreviewForgotten,
    ReasonMissing,
    RecordingCrashed,
    RowsRefused,
    UndoRefused,
)
from reciproca.imports.taking import SomeRefused, take_all, take_all_or_nothing
from reciproca.shared.errors import DomainError
from reciproca.shared.job_progress import StopNow
from reciproca.shared.progress import Progress, silent

GOES_ON = (State.RUNNING, State.STOPPED)
"""Some of it may be recorded, and not all: it goes on where it was, or is undone."""


def accept_rows(
    *, import_id: UUID, reader: Reader, takes_good_rows: bool = False, progress: Progress = silent
) -> Import:
    """
    Record all waiting rows of a file, a few thousand at a time.

    Every batch is one transaction that also forgets its rows: stopped at any moment, the same call
    goes on where it was. Without `takes_good_rows` a file with any refused row moves nothing. What
    stopped it, a refusal or a crash of ours, stays on the import.

    Raises: RowsRefused, ImportBusy, and what the room refuses of the whole file.
    """
    with alone(import_id) as found:
        if found.state == State.READ and not takes_good_rows:
            found = check(found, reader, progress)
        if found.state in (State.READ, State.PREVIEWED):
            found = _begin(found, takes_good_rows=takes_good_rows)
        if found.state in GOES_ON:
            found = _take_or_say_why(found, reader, progress)
        return found


def undo_import(
    *, import_id: UUID, reader: Reader, reason: str, undone_by: UUID | None, undone_at: datetime
) -> Import:
    """
    Undo all that a file brought in, by contrary transfers that give the reason.

    Stopped halfway, the same call goes on where it was.

    Raises: NotUndoable, ReasonMissing, ImportBusy; UndoRefused, and all is as before.
    """
    with alone(import_id) as found:
        if found.state == State.UNDONE:
            return found
        if found.state not in (State.DONE, *GOES_ON, State.UNDOING):
            raise NotUndoable
        if not reason.strip():
            raise ReasonMissing
        before = State.DONE if found.state == State.UNDOING else found.state
        found = changed(
            found, state=State.UNDOING, undo_reason=reason.strip()[:300], undone_by=undone_by
        )
        try:
            reader.undo(
                import_id=import_id,
                reason=found.undo_reason,
                recorded_by=undone_by,
                recorded_at=undone_at,
            )
        except UndoRefused:
            changed(found, state=before, undo_reason="", undone_by=None)
            raise
        staging.keep_only_refused(import_id=import_id, known=KNOWN_CODE)
        return changed(found, state=State.UNDONE, undone_at=undone_at)


def give_up(*, import_id: UUID, refusal: DomainError) -> Import:
    """Close an import that moved nothing: refused rows stay, the others are forgotten."""
    with alone(import_id) as found:
        staging.keep_only_refused(import_id=import_id, known=KNOWN_CODE)
        return refuse(changed(found, accepted_count=0, known_count=0, amount_cents=0), refusal)


def give_up_old_previews(*, before: datetime) -> list[UUID]:
    """Give up the files that nobody accepted since; return their imports."""
    waiting = Import.objects.filter(
        state__in=[State.READING, State.READ, State.PREVIEWED], started_at__lt=before
    )
    given_up = list(waiting.order_by("started_at", "id").values_list("pk", flat=True))
    for import_id in given_up:
        give_up(import_id=import_id, refusal=PreviewForgotten())
    return given_up


def _begin(found: Import, *, takes_good_rows: bool) -> Import:
    """Note that the rows are being recorded; the counts begin anew, of what has really come in."""
    _waiting, refused, repeated, _cents = staging.counts(import_id=found.pk, known=KNOWN_CODE)
    if refused and not takes_good_rows:
        raise RowsRefused(refused=refused)
    return changed(
        found,
        state=State.RUNNING,
        takes_good_rows=takes_good_rows,
        accepted_count=0,
        refused_count=refused,
        known_count=repeated,
        amount_cents=0,
    )


def _take_or_say_why(found: Import, reader: Reader, progress: Progress) -> Import:
    """
    Record, and never be left running when nobody records.

    Whoever is told to stop, or loses the database, comes back: that is no end. A refusal of which
    nothing came in closes the file; of anything else the part that came in stays, to go on from.
    """
    if found.state == State.STOPPED:
        found = changed(
            found, state=State.RUNNING, refusal_code="", refusal_params={}, finished_at=None
        )
    try:
        return _take(found, reader, progress)
    except (RowsRefused, StopNow, OperationalError):
        raise
    except DomainError as refusal:
        found.refresh_from_db()
        if found.accepted_count:
            refuse(found, refusal, state=State.STOPPED)
        else:
            staging.keep_only_refused(import_id=found.pk, known=KNOWN_CODE)
            refuse(found, refusal)
        raise
    except Exception:
        found.refresh_from_db()
        refuse(found, RecordingCrashed(), state=State.STOPPED)
        raise


def _take(found: Import, reader: Reader, progress: Progress) -> Import:
    reading = reading_of(found, reader)
    whole = not found.takes_good_rows and reading.may_refuse_late()
    take = take_all_or_nothing if whole else take_all
    try:
        take(file=found, reading=reading, in_baskets=in_baskets(found), progress=progress)
    except SomeRefused as refusal:
        staging.mark(import_id=found.pk, marks=refusal.marks)
        refused = found.refused_count + len(refusal.marks)
        changed(found, state=State.PREVIEWED, refused_count=refused)
        raise RowsRefused(refused=refused) from refusal
    staging.keep_only_refused(import_id=found.pk, known=KNOWN_CODE)
    findings = found.findings | reading.finish()
    found = changed(found, state=State.DONE, findings=findings, finished_at=timezone.now())
    found.refresh_from_db()
    return found
