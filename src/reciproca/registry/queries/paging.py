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
    """
    Return page `number` of ordered rows, each made into what the page shows; three SQL queries.

    A page far behind is found by its keys alone, and only its own rows are read and joined.
    """
    found = Paginator(rows.select_related(None).values_list("pk", flat=True), size).get_page(number)
    keys = list(found.object_list)
    by_key = {row.pk: row for row in rows.order_by().filter(pk__in=keys)}
    paginator: Paginator[Row] = found.paginator
    return Page([make(by_key[key]) for key in keys], found.number, paginator)
