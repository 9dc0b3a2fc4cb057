"""Reads of files that came in: the list, one of them, its rows as they would be, its refusals."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from reciproca.imports.models import Import, Row, State
from reciproca.imports.staging import CELL_END
from reciproca.shared.sentences import sentence
from reciproca.shared.tables import csv_lines

KNOWN_CODE = "known"
EXAMPLES = 3
NOT_REFUSED = ("", KNOWN_CODE)


@dataclass(frozen=True, slots=True)
class Reason:
    """Refused rows that have one reason in common, and what some of them say."""

    code: str
    count: int
    examples: tuple["RefusedRow", ...]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A refused row: where it stood, what it said, why it was refused."""

    number: int
    cells: list[str]
    code: str
    reason: str


def imports_of(
    *, organisation_id: UUID | None, text: str = "", state: str = ""
) -> QuerySet[Import]:
    """
    Return an organisation's imports, the latest first; of None, the federation's own.

    What a cooperative brought in is nobody else's to read: files hold people and their purchases.
    `text` is a part of the file's name.
    """
    own = Import.objects.filter(organisation_id=organisation_id, file_name__icontains=text)
    if state:
        own = own.filter(state=state)
    return own.order_by("-started_at", "id")


def find_import(*, import_id: UUID) -> Import | None:
    """Return an import, whoever it belongs to."""
    return Import.objects.filter(pk=import_id).first()


def unfinished_import(*, digest: str, kind: str, organisation_id: UUID | None) -> Import | None:
    """Return the import of this very content that was stopped while it was recording."""
    stopped = Import.objects.filter(
        digest=digest,
        kind=kind,
        organisation_id=organisation_id,
        state__in=[State.RUNNING, State.STOPPED],
    )
    return stopped.order_by("-started_at", "id").first()


def last_mapping(
    *, header: list[str], kind: str, organisation_id: UUID | None
) -> dict[str, Any] | None:
    """Return the mapping of the latest accepted file with this very header."""
    same = Import.objects.filter(
        header=header, kind=kind, organisation_id=organisation_id, state=State.DONE
    )
    return same.order_by("-started_at", "id").values_list("mapping", flat=True).first()


def first_good_rows(*, import_id: UUID, limit: int = 10) -> list[tuple[int, list[Any]]]:
    """Return (row number, what was read) of the first rows that nothing is wrong with."""
    rows = Row.objects.filter(file=import_id, code="").order_by("number")[:limit]
    return [(row.number, json.loads(row.values)) for row in rows]


def reasons(*, import_id: UUID) -> list[Reason]:
    """Return why rows were refused, the most frequent reason first, with a few rows of each."""
    refused = _refused(import_id).order_by("number")
    return [
        Reason(code, count, tuple(map(_refused_row, refused.filter(code=code)[:EXAMPLES])))
        for code, count in refused.values_list("code")
        .annotate(count=Count("number"))
        .order_by("-count", "code")
    ]


def refused_rows(*, import_id: UUID) -> Iterator[RefusedRow]:
    """Yield the refused rows in the order of the file, in constant memory."""
    for row in _refused(import_id).order_by("number").iterator(chunk_size=2_000):
        yield _refused_row(row)


def refused_csv(*, file: Import) -> Iterator[str]:
    """
    Return the lines of a CSV of the refused rows: the file's own columns, then row, code, reason.

    Put right, it can be imported as it is. What a spreadsheet would take for a formula begins with
    an apostrophe, which the import takes away again.
    """
    why = [_("riga del file"), _("codice del rifiuto"), _("motivo del rifiuto")]
    separator = (file.mapping.get("file") or {}).get("separator") or ";"
    rows = (_with_reason(row, len(file.header)) for row in refused_rows(import_id=file.pk))
    return csv_lines(head=[*file.header, *why], rows=rows, separator=separator)


def _with_reason(row: RefusedRow, width: int) -> list[str]:
    cells = row.cells[:width] + [""] * (width - len(row.cells))
    # What is beyond the columns stays there: without it the row would look sound.
    return [*cells, str(row.number), row.code, row.reason, *row.cells[width:]]


def _refused(import_id: UUID) -> QuerySet[Row]:
    return Row.objects.filter(file=import_id).exclude(code__in=NOT_REFUSED)


def _refused_row(row: Row) -> RefusedRow:
    why = sentence(code=row.code, params=row.params)
    return RefusedRow(row.number, row.raw.split(CELL_END), row.code, why)
