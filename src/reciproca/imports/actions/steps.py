"""What every step of an import needs: the file for itself alone, its reading, its state written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.utils import timezone

from reciproca.imports.columns import Layout, layout
from reciproca.imports.mapping import Mapping, mapping_of
from reciproca.imports.models import Import, State
from reciproca.imports.reader import Order, Reader, Reading
from reciproca.imports.refusals import ImportBusy
from reciproca.shared.errors import DomainError
from reciproca.shared.sentences import kept

KNOWN_CODE = "known"
"""Of a row that repeats an earlier one of its file; it is no refusal."""


def refuse(found: Import, refusal: DomainError, *, state: State = State.FAILED) -> Import:
    return changed(
        found,
        state=state,
        refusal_code=refusal.code,
        refusal_params=kept(refusal.params),
        finished_at=timezone.now(),
    )


def changed(found: Import, **values: object) -> Import:
    """Write some fields of an import, and no others: counts move in the database meanwhile."""
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))
    return found


@contextmanager
def alone(import_id: UUID) -> Iterator[Import]:
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


def reading_of(found: Import, reader: Reader) -> Reading:
    mapping = mapping_of(found.mapping)
    places = layout(
        header=found.header,
        fields=reader.fields(organisation_id=found.organisation_id),
        columns=mapping.columns,
        constants=mapping.constants,
    )
    return reader.begin(order_of(found, mapping, places, timezone.now()))


def order_of(found: Import, mapping: Mapping, places: Layout, now: datetime) -> Order:
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


def in_baskets(found: Import) -> bool:
    return mapping_of(found.mapping).grouping.by == "basket"
