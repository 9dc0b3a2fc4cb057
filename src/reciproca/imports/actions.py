"""What is done with a file: received, read, checked, accepted, undone, given up."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import connections, transaction
from django.utils import timezone

from reciproca.imports import staging
from reciproca.imports.columns import Layout, layout
from reciproca.imports.files.opening import Fingerprint, fingerprint, open_table
from reciproca.imports.mapping import Mapping, mapping_of
from reciproca.imports.models import Import, State
from reciproca.imports.reader import Order, Reader, Reading
from reciproca.imports.refusals import (
    BasketBroken,
    BasketTooLong,
    ImportBusy,
    KeyRepeated,
    NoRows,
    NotChangeable,
    NotUndoable,
    PreviewForgotten,
    ReasonMissing,
    RowsRefused,
)
from reciproca.imports.rows import arranged, staged_rows
from reciproca.imports.taking import SomeRefused, take_all, take_all_or_nothing, tally
from reciproca.imports.wellknown import well_known
from reciproca.shared.errors import DomainError
from reciproca.shared.progress import Progress, silent

KNOWN_CODE = "known"
"""Of a row that repeats an earlier one of its file; it is no refusal."""


def receive_file(
    *,
    kind: str,
    file_name: str,
    size_bytes: int,
    mapping: Mapping,
    organisation_id: UUID | None,
    started_by: UUID | None,
    started_at: datetime,
) -> Import:
    """Note that a file came in; nothing of it has been read."""
    return Import.objects.create(
        kind=kind,
        file_name=file_name[:200],
        size_bytes=size_bytes,
        mapping=mapping.model_dump(mode="json"),
        organisation_id=organisation_id,
        started_by=started_by,
        started_at=started_at,
    )


def change_mapping(*, import_id: UUID, mapping: Mapping) -> Import:
    """
    Give a file that is not recorded another mapping; it waits to be read again.

    Raises: NotChangeable, ImportBusy.
    """
    with _alone(import_id) as found:
        if found.state not in (State.READING, State.READ, State.PREVIEWED, State.FAILED):
            raise NotChangeable
        return _changed(
            found,
            state=State.READING,
            mapping=mapping.model_dump(mode="json"),
            refusal_code="",
            refusal_params={},
            finished_at=None,
        )


def read_file(
    *,
    import_id: UUID,
    reader: Reader,
    path: Path,
    known: Fingerprint | None = None,
    most_bytes: int | None = None,
    progress: Progress = silent,
) -> Import:
    """
    Read a whole file into rows that wait, each good or with its reason, in constant memory.

    Read again, it begins anew. A file that came in whole before is recognised by its content and
    all its rows are known. `known` is its fingerprint, where somebody took it already;
    `most_bytes` bounds the unpacked content. A refusal of the whole file stays on the import.

    Raises: FileRefused, ColumnsMissing, MappingRefused and others that speak of the whole file;
    ImportBusy.
    """
    with _alone(import_id) as found:
        try:
            known = known or fingerprint(path=path, most_bytes=most_bytes, progress=progress)
            found = _changed(found, digest=known.digest)
            earlier = _same_file_before(found)
            if earlier is not None:
                return _recognised(found, earlier)
            with transaction.atomic():
                found = _stage(found, reader, path, known, progress)
            staging.learn_sizes()
            return found
        except DomainError as refusal:
            _refuse(found, refusal)
            raise


def check_rows(*, import_id: UUID, reader: Reader, progress: Progress = silent) -> Import:
    """
    Look at all waiting rows against what the community knows, and count what would happen.

    Nothing is recorded. Raises: ImportBusy.
    """
    with _alone(import_id) as found:
        return _check(found, reader, progress) if found.state == State.READ else found


def accept_rows(
    *, import_id: UUID, reader: Reader, takes_good_rows: bool = False, progress: Progress = silent
) -> Import:
    """
    Record all waiting rows of a file, a few thousand at a time.

    Every batch is one transaction that also forgets its rows: stopped at any moment, the same call
    goes on where it was. Without `takes_good_rows` a file with any refused row moves nothing.

    Raises: RowsRefused, ImportBusy.
    """
    with _alone(import_id) as found:
        if found.state == State.READ and not takes_good_rows:
            found = _check(found, reader, progress)
        if found.state in (State.READ, State.PREVIEWED):
            found = _begin(found, takes_good_rows=takes_good_rows)
        if found.state == State.RUNNING:
            found = _take(found, reader, progress)
        return found


def undo_import(
    *, import_id: UUID, reader: Reader, reason: str, undone_by: UUID | None, undone_at: datetime
) -> Import:
    """
    Undo all that a file brought in, by contrary transfers that give the reason.

    Stopped halfway, the same call goes on where it was.

    Raises: NotUndoable, ReasonMissing, ImportBusy, and what the room's undo raises.
    """
    with _alone(import_id) as found:
        if found.state == State.UNDONE:
            return found
        if found.state not in (State.DONE, State.RUNNING, State.UNDOING):
            raise NotUndoable
        if not reason.strip():
            raise ReasonMissing
        staging.keep_only_refused(import_id=import_id, known=KNOWN_CODE)
        found = _changed(
            found, state=State.UNDOING, undo_reason=reason.strip()[:300], undone_by=undone_by
        )
        reader.undo(
            import_id=import_id,
            reason=found.undo_reason,
            recorded_by=undone_by,
            recorded_at=undone_at,
        )
        return _changed(found, state=State.UNDONE, undone_at=undone_at)


def give_up(*, import_id: UUID, refusal: DomainError) -> Import:
    """Close an import that moved nothing: refused rows stay, the others are forgotten."""
    with _alone(import_id) as found:
        staging.keep_only_refused(import_id=import_id, known=KNOWN_CODE)
        return _refuse(_changed(found, accepted_count=0, known_count=0, amount_cents=0), refusal)


def give_up_old_previews(*, before: datetime) -> list[UUID]:
    """Give up the files that nobody accepted since; return their imports."""
    waiting = Import.objects.filter(
        state__in=[State.READING, State.READ, State.PREVIEWED], started_at__lt=before
    )
    given_up = list(waiting.order_by("started_at", "id").values_list("pk", flat=True))
    for import_id in given_up:
        give_up(import_id=import_id, refusal=PreviewForgotten())
    return given_up


def _stage(
    found: Import, reader: Reader, path: Path, known: Fingerprint, progress: Progress
) -> Import:
    staging.drop_rows(import_id=found.pk)
    mapping = mapping_of(found.mapping)
    with closing(open_table(path=path, known=known, options=mapping.file)) as opened:
        says_nothing = mapping in (Mapping(), Mapping(kind=found.kind))
        if says_nothing and found.organisation_id is None:
            mapping = well_known(kind=found.kind, header=opened.header) or mapping
        table = arranged(
            table=opened,
            mapping=mapping,
            fields=reader.fields(organisation_id=found.organisation_id),
        )
        reading = reader.begin(_order(found, table.mapping, table.layout, timezone.now()))
        in_baskets = table.mapping.grouping.by == "basket"
        rows = staged_rows(
            import_id=found.pk,
            table=table.table,
            reading=reading,
            in_baskets=in_baskets,
            progress=progress,
        )
        staging.copy_rows(rows)
        staging.join_by_hash()
    if in_baskets:
        staging.refuse_broken_baskets(
            import_id=found.pk, broken=BasketBroken(), too_long=BasketTooLong()
        )
    elif staging.number_equal_rows(import_id=found.pk):
        staging.refuse_repeated_keys(import_id=found.pk, repeated=KeyRepeated(), known=KNOWN_CODE)
    waiting, refused, repeated, cents = staging.counts(import_id=found.pk, known=KNOWN_CODE)
    if not waiting + refused + repeated:
        raise NoRows
    return _changed(
        found,
        state=State.READ,
        mapping=table.mapping.model_dump(mode="json"),
        header=list(table.layout.header),
        row_count=waiting + refused + repeated,
        accepted_count=waiting,
        refused_count=refused,
        known_count=repeated,
        amount_cents=cents,
        findings=reading.parsed(),
    )


def _check(found: Import, reader: Reader, progress: Progress) -> Import:
    reading, done, known, known_cents = _reading(found, reader), 0, 0, 0
    for facts in staging.good_facts(import_id=found.pk, in_baskets=_in_baskets(found)):
        progress("checking", done, found.row_count)
        came = tally(facts=facts, verdicts=reading.check(facts))
        staging.mark(import_id=found.pk, marks=came.marks)
        known += came.known
        known_cents += came.known_cents
        done += sum(map(len, facts))
    waiting, refused_count, repeated, cents = staging.counts(import_id=found.pk, known=KNOWN_CODE)
    return _changed(
        found,
        state=State.PREVIEWED,
        accepted_count=waiting - known,
        refused_count=refused_count,
        known_count=repeated + known,
        amount_cents=cents - known_cents,
        findings=found.findings | reading.checked(),
    )


def _begin(found: Import, *, takes_good_rows: bool) -> Import:
    """Note that the rows are being recorded; the counts begin anew, of what has really come in."""
    _waiting, refused, repeated, _cents = staging.counts(import_id=found.pk, known=KNOWN_CODE)
    if refused and not takes_good_rows:
        raise RowsRefused(refused=refused)
    return _changed(
        found,
        state=State.RUNNING,
        takes_good_rows=takes_good_rows,
        accepted_count=0,
        refused_count=refused,
        known_count=repeated,
        amount_cents=0,
    )


def _take(found: Import, reader: Reader, progress: Progress) -> Import:
    reading = _reading(found, reader)
    whole = not found.takes_good_rows and reading.may_refuse_late()
    take = take_all_or_nothing if whole else take_all
    try:
        take(file=found, reading=reading, in_baskets=_in_baskets(found), progress=progress)
    except SomeRefused as refusal:
        staging.mark(import_id=found.pk, marks=refusal.marks)
        refused = found.refused_count + len(refusal.marks)
        _changed(found, state=State.PREVIEWED, refused_count=refused)
        raise RowsRefused(refused=refused) from refusal
    staging.keep_only_refused(import_id=found.pk, known=KNOWN_CODE)
    findings = found.findings | reading.finish()
    found = _changed(found, state=State.DONE, findings=findings, finished_at=timezone.now())
    found.refresh_from_db()
    return found


def _same_file_before(found: Import) -> Import | None:
    """Return the import through which this very file came in whole."""
    same = Import.objects.filter(
        digest=found.digest,
        kind=found.kind,
        organisation_id=found.organisation_id,
        state=State.DONE,
        refused_count=0,
    )
    return same.exclude(pk=found.pk).order_by("started_at", "id").first()


def _recognised(found: Import, earlier: Import) -> Import:
    return _changed(
        found,
        state=State.DONE,
        header=earlier.header,
        row_count=earlier.row_count,
        known_count=earlier.row_count,
        findings={"same_as": str(earlier.pk), "same_at": earlier.started_at.isoformat()},
        finished_at=timezone.now(),
    )


def _reading(found: Import, reader: Reader) -> Reading:
    mapping = mapping_of(found.mapping)
    places = layout(
        header=found.header,
        fields=reader.fields(organisation_id=found.organisation_id),
        columns=mapping.columns,
        constants=mapping.constants,
    )
    return reader.begin(_order(found, mapping, places, timezone.now()))


def _order(found: Import, mapping: Mapping, places: Layout, now: datetime) -> Order:
    return Order(
        import_id=found.pk,
        mapping=mapping,
        layout=places,
        organisation_id=found.organisation_id,
        recorded_by=found.started_by,
        started_at=found.started_at,
        recorded_at=now,
        findings=found.findings,
    )


def _in_baskets(found: Import) -> bool:
    return mapping_of(found.mapping).grouping.by == "basket"


def _refuse(found: Import, refusal: DomainError) -> Import:
    return _changed(
        found,
        state=State.FAILED,
        refusal_code=refusal.code,
        refusal_params={key: str(value) for key, value in refusal.params.items()},
        finished_at=timezone.now(),
    )


def _changed(found: Import, **values: object) -> Import:
    """Write some fields of an import, and no others: counts move in the database meanwhile."""
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))
    return found


@contextmanager
def _alone(import_id: UUID) -> Iterator[Import]:
    """
    Keep others away from an import for the length of the block, over many transactions.

    The lock belongs to a connection of its own, so that a killed process lets go of it.

    Raises: ImportBusy.
    """
    connection = connections["default"].copy()
    key = import_id.int & (1 << 63) - 1
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            if cursor.fetchone() != (True,):
                raise ImportBusy
            try:
                yield Import.objects.get(pk=import_id)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    finally:
        connection.close()
