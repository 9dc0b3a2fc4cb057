"""Pages of what a template needs, already computed."""

from collections.abc import Callable
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

Row = TypeVar("Row")
Table = TypeVar("Table", bound=Model)


def page_of(
    *, rows: QuerySet[Table], number: int, size: int, make: Callable[[Table], Row]
) -> Page[Row]:
    """Return page `number` of ordered rows, each made into what the page shows; two SQL queries."""
    found = Paginator(rows, size).get_page(number)
    paginator: Paginator[Row] = found.paginator  # type: ignore[assignment]
    return Page([make(row) for row in found.object_list], found.number, paginator)
