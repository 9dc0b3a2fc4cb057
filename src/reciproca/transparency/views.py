"""The log as everybody may read it, without signing in and from any page: C2SP tlog-tiles."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reciproca.transparency import queries
from reciproca.transparency.models import Log
from reciproca.transparency.rules import tiles

P = ParamSpec("P")

TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
ENTRIES = "entries"

Page = Callable[Concatenate[HttpRequest, str, P], HttpResponse]
Reader = Callable[Concatenate[Log, P], HttpResponse | None]


def _public(read: Reader[P]) -> Page[P]:
    """Answer with what a reader finds in the log of the address, else that there is nothing."""

    @wraps(read)
    def page(_request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        log = queries.log_of(slug)
        found = read(log, *args, **kwargs) if log else None
        response = found or HttpResponse("not found\n", status=404, content_type=TEXT)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return cast(Page[P], require_safe(page))


@_public
def checkpoint(log: Log) -> HttpResponse | None:
    """Show the head of the log, with its signatures."""
    size = queries.served_size(log, now=timezone.now())
    note = queries.note(size) if size else None
    return (
        HttpResponse(note, content_type=TEXT, headers={"Cache-Control": "no-cache"})
        if note
        else None
    )


@_public
def checkpoint_at(log: Log, size: int) -> HttpResponse | None:
    """Show an earlier head; more witnesses may still cosign it, so nobody keeps it for ever."""
    note = queries.note(size) if size <= log.published else None
    return (
        HttpResponse(note, content_type=TEXT, headers={"Cache-Control": "no-cache"})
        if note
        else None
    )


@_public
def vkey(log: Log) -> HttpResponse:
    """Show the log's public keys, one a line."""
    info = queries.info()
    assert info is not None
    lines = "".join(f"{each}\n" for each in info.vkeys)
    return HttpResponse(lines, content_type=TEXT, headers={"Cache-Control": "no-cache"})


@_public
def tile(log: Log, level: str, number: str, width: str | None = None) -> HttpResponse | None:
    """Show a tile or a bundle of entries, whole or up to a width."""
    at = tiles.number_of(number)
    wide = int(width) if width else tiles.WIDTH
    if at is None or (width and wide == tiles.WIDTH):
        return None
    if level == ENTRIES:
        content = queries.bundle(log, number=at, wide=wide)
    else:
        content = queries.tile(log, level=int(level), number=at, wide=wide)
    if content is None:
        return None
    return HttpResponse(content, content_type=BYTES, headers={"Cache-Control": FOR_EVER})
