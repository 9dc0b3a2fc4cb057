"""Tiles and bundles as they are kept."""

from collections.abc import Collection

from django.db import connection

from reciproca.transparency.models import Bundle
from reciproca.transparency.rules.tiles import Tile


def tiles(wanted: Collection[Tile], /) -> dict[Tile, bytes]:
    """Return those of these tiles that there are, each as far as it has grown, in one SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level, number, hashes FROM transparency_tile JOIN"
            " unnest(%s::smallint[], %s::bigint[]) AS wanted (level, number)"
            " USING (level, number)",
            [[level for level, _ in wanted], [number for _, number in wanted]],
        )
        return {(level, number): bytes(hashes) for level, number, hashes in cursor.fetchall()}


def bundle(number: int) -> bytes:
    """Return a bundle as far as it has grown, nothing where there is none yet."""
    found = Bundle.objects.filter(pk=number).values_list("entries", flat=True).first()
    return bytes(found) if found else b""
