"""A file that came in: received, read into rows that wait, compared with what is known."""

from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from reciproca.imports import staging
from reciproca.imports.actions.steps import (
    KNOWN_CODE,
    alone,
    changed,
    in_baskets,
    order_of,
    reading_of,
    refuse,
)
from reciproca.imports.files.opening import Fingerprint, fingerprint, open_table
from reciproca.imports.mapping import Mapping, mapping_of
from reciproca.imports.models import Import, State
from reciproca.imports.reader import Reader
from reciproca.imports.refusals import (
    BasketBroken,
    BasketTooLong,
    KeyRepeated,
    NoRows,
    NotChangeable,
    ReceiptRepeated,
)
from reciproca.imports.rows import arranged, staged_rows
from reciproca.imports.taking import tally
from reciproca.imports.wellknown import well_known
from reciproca.shared.errors import DomainError
from reciproca.shared.progress import Progress, silent


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
    with alone(import_id) as found:
        if found.state not in (State.READING, State.READ, State.PREVIEWED, State.FAILED):
            raise NotChangeable
        return changed(
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
    with alone(import_id) as found:
        try:
            known = known or fingerprint(path=path, most_bytes=most_bytes, progress=progress)
            found = changed(found, digest=known.digest)
            earlier = _same_file_before(found)
            if earlier is not None:
                return _recognised(found, earlier)
            with transaction.atomic():
                found = _stage(found, reader, path, known, progress)
            staging.learn_sizes()
            return found
        except DomainError as refusal:
            refuse(found, refusal)
            raise


def check_rows(*, import_id: UUID, reader: Reader, progress: Progress = silent) -> Import:
    """
    Look at all waiting rows against what the community knows, and count what would happen.

    Nothing is recorded. Raises: ImportBusy.
    """
    with alone(import_id) as found:
        return check(found, reader, progress) if found.state == State.READ else found


def _stage(
    found: Import, reader: Reader, path: Path, known: Fingerprint, progress: Progress
) -> Import:
    staging.drop_rows(import_id=found.pk)
    mapping = mapping_of(found.mapping)
    reopen = partial(open_table, path=path, known=known, options=mapping.file)
    with closing(reopen()) as opened:
        says_nothing = mapping in (Mapping(), Mapping(kind=found.kind))
        if says_nothing and found.organisation_id is None:
            mapping = well_known(kind=found.kind, header=opened.header) or mapping
        table = arranged(
            table=opened,
            mapping=mapping,
            fields=reader.fields(organisation_id=found.organisation_id),
            reopen=reopen,
        )
        reading = reader.begin(order_of(found, table.mapping, table.layout, timezone.now()))
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
        repeated_key = ReceiptRepeated() if reader.has_baskets else KeyRepeated()
        staging.refuse_repeated_keys(import_id=found.pk, repeated=repeated_key, known=KNOWN_CODE)
    waiting, refused, repeated, cents = staging.counts(import_id=found.pk, known=KNOWN_CODE)
    if not waiting + refused + repeated:
        raise NoRows
    return changed(
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


def check(found: Import, reader: Reader, progress: Progress) -> Import:
    reading, done, known, known_cents = reading_of(found, reader), 0, 0, 0
    for facts in staging.good_facts(import_id=found.pk, in_baskets=in_baskets(found)):
        progress("checking", done, found.row_count)
        came = tally(facts=facts, verdicts=reading.check(facts))
        staging.mark(import_id=found.pk, marks=came.marks)
        known += came.known
        known_cents += came.known_cents
        done += sum(map(len, facts))
    waiting, refused_count, repeated, cents = staging.counts(import_id=found.pk, known=KNOWN_CODE)
    return changed(
        found,
        state=State.PREVIEWED,
        accepted_count=waiting - known,
        refused_count=refused_count,
        known_count=repeated + known,
        amount_cents=cents - known_cents,
        findings=found.findings | reading.checked(),
    )


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
    return changed(
        found,
        state=State.DONE,
        header=earlier.header,
        row_count=earlier.row_count,
        known_count=earlier.row_count,
        findings={"same_as": str(earlier.pk), "same_at": earlier.started_at.isoformat()},
        finished_at=timezone.now(),
    )
