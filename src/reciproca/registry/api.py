"""The directory over HTTP: public, organisations only."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from reciproca.registry import queries

router = Router(tags=["directory"], auth=None)


class EntryOut(Schema):
    """An organisation, fund or project of the community."""

    id: UUID
    name: str
    kind: str = Field(alias="kind_title")
    sector: str = Field(alias="sector_title")
    place: str
    description: str


class DirectoryPage(Schema):
    """One page of what was found; `pages` is how many there are."""

    count: int
    page: int
    pages: int
    entries: list[EntryOut]


@router.get("/directory", response=DirectoryPage, url_name="directory")
def search_directory(
    request: HttpRequest,
    text: Annotated[str, Field(max_length=100)] = "",
    sector: str = "",
    kind: str = "",
    province: str = "",
    page: Annotated[int, Field(ge=1, le=100_000)] = 1,
) -> DirectoryPage:
    """Search organisations, funds and projects by name, place or sector; never people."""
    filters = queries.Filters(text=text, sector=sector, kind=kind, province=province)
    found = queries.search(filters=filters, number=page)
    return DirectoryPage(
        count=found.paginator.count,
        page=found.number,
        pages=found.paginator.num_pages,
        entries=list(found.object_list),  # type: ignore[arg-type]
    )
