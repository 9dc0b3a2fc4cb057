"""One list as a file: who may take it, its columns, its rows for what an address asks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from reciproca.shared.gates import role_required
from reciproca.shared.tables import Cell, table_response
from reciproca.shared.types import MemberRequest, Role
from reciproca.web.lists import later

Rows = Iterable[Sequence[Cell]]
Header = Sequence[str | Promise]


class _SheetConverter(StringConverter):
    regex = "csv|xlsx"


register_converter(_SheetConverter, "sheet")


@dataclass(frozen=True, slots=True)
class Table:
    """
    A list that is handed out whole, as CSV or XLSX.

    `roles` are those of its page, empty for a public one. `rows` is given the request and what the
    address names; it reads the filters of the page itself, in as many queries for many as for few.
    Where it holds people's data, `note` writes down who took it. A list that may have more than
    `later.MOST_AT_ONCE` rows says with `count` how many: its workbook is then made by a worker.
    """

    title: str | Promise
    roles: tuple[Role, ...]
    header: Header | Callable[[], Header]
    rows: Callable[..., Rows]
    note: Callable[..., None] | None = None
    count: Callable[..., int] | None = None

    def file(self, request: MemberRequest, /, sheet: str, **named: Any) -> HttpResponseBase:
        title = str(self.title)
        if self.note and not isinstance(request, later.WorkersRequest):
            self.note(request, **named)
        count = self.count(request, **named) if self.count and sheet == "xlsx" else 0
        if later.makes_later(request, row_count=count):
            return later.make_later(request, title=title)
        header = self.header() if callable(self.header) else self.header
        return table_response(
            sheet=sheet,
            name=f"{title.lower().replace(' ', '-')}-{timezone.localdate()}",
            title=title,
            head=[str(each) for each in header],
            rows=later.told(request, self.rows(request, **named), row_count=count),
        )


def file_path(address: str, table: Table, *, name: str) -> URLPattern:
    """Return the address of a list's file: `address` and then `file.csv` or `file.xlsx`."""
    view = role_required(*table.roles)(table.file) if table.roles else table.file
    return path(f"{address}file.<sheet:sheet>", require_safe(view), name=name)


def local_day(at: Any) -> Any:
    """Return the day of an instant as people here say it, None for none."""
    return timezone.localtime(at).date() if at else None


def local_hour(at: Any) -> str:
    """Return the hour of an instant as people here say it, empty for none."""
    return f"{timezone.localtime(at):%H:%M}" if at else ""
